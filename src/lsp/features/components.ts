import type { ComponentDeclaration, Family, OptionDeclaration } from '../../catalog/component.js';
import { familyWords, findComponent } from '../../catalog/index.js';
import { describeSchema } from '../../catalog/validate.js';
import type { Declaration } from '../../ir/blocks.js';
import type { ParameterNode, TypeExpression } from '../../parser/ast.js';
import { printExpression } from '../../parser/format/format.js';

/** The first component of a name among families. */
export function findAmong(
  families: readonly Family[],
  name: string,
): ComponentDeclaration | undefined {
  for (const family of families) {
    const found = findComponent(family, name);
    if (found !== undefined) return found;
  }
  return undefined;
}

export const describeOption = ({ schema }: OptionDeclaration): string =>
  schema === 'tensor' ? 'the name of a tensor' : describeSchema(schema);

/** `stride: a whole number from 1 to 1024 = 1` */
export function optionLabel(name: string, option: OptionDeclaration): string {
  const fallback = option.default === undefined ? '' : ` = ${JSON.stringify(option.default)}`;
  return `${name}${option.optional === true ? '?' : ''}: ${describeOption(option)}${fallback}`;
}

/** `conv(channels, kernel = 3, ...)` as a heading, then its sentence and its options. */
export function describeComponent(name: string, component: ComponentDeclaration): string {
  const { positional, options, doc, family, takes } = component;
  const unnamed = positional.length === 0 ? '' : `(${positional.join(', ')})`;
  const many = takes === 'many' ? ', of a list of tensors' : '';
  const rows = Object.entries(options).map(
    ([option, declaration]) => `- \`${optionLabel(option, declaration)}\` ${declaration.doc}`,
  );
  return [`**${familyWords[family]}${many}** \`${name}${unnamed}\``, doc, rows.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n');
}

/** `stride: int = 1` */
export function parameterLabel({ name, type, defaultValue }: ParameterNode): string {
  const fallback = defaultValue === undefined ? '' : ` = ${printExpression(defaultValue)}`;
  return `${name.text}${type === undefined ? '' : `: ${typeText(type)}`}${fallback}`;
}

/** `block double_conv(c: int)` */
export function describeDeclaration({ kind, name, parameters }: Declaration): string {
  return `${kind} ${name.text}(${parameters.map(parameterLabel).join(', ')})`;
}

/** A type as it is written: `[int]`, `same | valid`. */
function typeText(type: TypeExpression): string {
  switch (type.kind) {
    case 'named':
      return type.name.text;
    case 'list-of':
      return `[${typeText(type.item)}]`;
    case 'choice':
      return type.options.map(({ text }) => text).join(' | ');
  }
}

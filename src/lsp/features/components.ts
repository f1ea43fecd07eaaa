import type { ComponentDeclaration, Family, OptionDeclaration } from '../../catalog/component.js';
import { familyWords, findComponent } from '../../catalog/index.js';
import { describeSchema } from '../../catalog/validate.js';
import type { Declaration } from '../../frontend/declarations/blocks.js';
import type { ParameterNode } from '../../parser/ast.js';
import { printExpression } from '../../parser/format/format.js';
import { typeText } from '../../parser/format/type-text.js';

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
  const fallback = option.default === undefined ? '' : ` = ${valueText(option.default)}`;
  return `${name}${option.optional === true ? '?' : ''}: ${describeOption(option)}${fallback}`;
}

/** `stride = 1`, `class_weights?`: short, for the head of a call. */
export function optionHead(name: string, option: OptionDeclaration): string {
  if (option.optional === true) return `${name}?`;
  return option.default === undefined ? name : `${name} = ${valueText(option.default)}`;
}

const valueText = (value: NonNullable<OptionDeclaration['default']>): string =>
  typeof value === 'string' ? value : JSON.stringify(value);

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

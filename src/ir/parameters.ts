import type { Reporter } from '../diagnostics/report.js';
import type { ParameterNode, TypeExpression } from '../parser/ast.js';
import { didYouMean } from './did-you-mean.js';
import type { Value } from './value.js';

/** The types of parameters that have a name. */
export const typeNames = ['int', 'float', 'bool', 'string', 'tensor', 'stage'] as const;
type TypeName = (typeof typeNames)[number];

/** What other languages call the types. */
const foreignTypes: Readonly<Record<string, TypeName>> = {
  integer: 'int',
  number: 'float',
  double: 'float',
  real: 'float',
  boolean: 'bool',
  str: 'string',
  text: 'string',
  layer: 'stage',
};

export const isTypeName = (name: string): name is TypeName =>
  typeNames.some((type) => type === name);

/** Reports unknown types and parameters declared twice. */
export function checkParameterTypes(
  parameters: readonly ParameterNode[],
  reporter: Reporter,
): void {
  const seen = new Map<string, ParameterNode>();
  for (const parameter of parameters) {
    const first = seen.get(parameter.name.text);
    if (first === undefined) seen.set(parameter.name.text, parameter);
    else {
      reporter.report(
        'duplicate-name',
        { name: parameter.name.text, what: 'parameter' },
        {
          at: parameter.name.span,
          labels: [{ span: first.name.span, text: 'first declared here' }],
          help: ['Give each parameter a name of its own.'],
        },
      );
    }
    if (parameter.type !== undefined) checkType(parameter.type, reporter);
  }
}

function checkType(type: TypeExpression, reporter: Reporter): void {
  switch (type.kind) {
    case 'list-of':
      checkType(type.item, reporter);
      return;
    case 'choice':
      return;
    case 'named': {
      if (isTypeName(type.name.text)) return;
      const foreign = foreignTypes[type.name.text.toLowerCase()];
      const { known, help, fixes } = didYouMean(type.name, typeNames);
      reporter.report(
        'bad-parameter-type',
        { name: type.name.text, known },
        foreign === undefined
          ? { at: type.name.span, help, fixes }
          : {
              at: type.name.span,
              fixes: [
                {
                  title: `Change "${type.name.text}" to "${foreign}"`,
                  edits: [{ span: type.name.span, text: foreign }],
                },
              ],
            },
      );
    }
  }
}

/** A type in the words of a message. */
export function describeType(type: TypeExpression | undefined): string {
  if (type === undefined) return 'any value';
  switch (type.kind) {
    case 'list-of':
      return `a list of ${describeType(type.item).replace(/^an? /, '')}s`;
    case 'choice':
      if (type.options.length === 0) return 'any value';
      return type.options.map((option) => `"${option.text}"`).join(' or ');
    case 'named':
      return (
        {
          int: 'a whole number',
          float: 'a number',
          bool: 'true or false',
          string: 'a string',
          tensor: 'a tensor',
          stage: 'a stage such as conv(64) -> relu',
        }[type.name.text as TypeName] ?? 'any value'
      );
  }
}

/** The value as the type takes it (a word becomes one of its choices); undefined when it does not fit. */
export function fitType(value: Value, type: TypeExpression | undefined): Value | undefined {
  if (type === undefined || value.kind === 'invalid') return value;
  switch (type.kind) {
    case 'list-of': {
      if (value.kind !== 'list') return undefined;
      const items = value.items.map((item) => fitType(item, type.item));
      return items.every((item) => item !== undefined) ? { ...value, items } : undefined;
    }
    case 'choice': {
      const choices = type.options.map((option) => option.text);
      // The parser recovered from a type that is missing.
      if (choices.length === 0) return value;
      const isChoice = value.kind === 'symbol' && choices.includes(value.name);
      return isChoice ? { ...value, choices } : undefined;
    }
    case 'named':
      return fitNamed(value, type.name.text);
  }
}

function fitNamed(value: Value, name: string): Value | undefined {
  if (!isTypeName(name)) return value;
  switch (name) {
    case 'int':
      return value.kind === 'number' && Number.isInteger(value.value) ? value : undefined;
    case 'float':
      return value.kind === 'number' ? value : undefined;
    case 'bool':
      return value.kind === 'boolean' ? value : undefined;
    case 'string':
      return value.kind === 'string' ? value : undefined;
    case 'tensor':
      return value.kind === 'tensor' ? value : undefined;
    case 'stage':
      return value.kind === 'stage' ? value : undefined;
  }
}

/** Whether a parameter takes a pipeline instead of data. */
export const isStage = ({ type }: ParameterNode): boolean =>
  type?.kind === 'named' && type.name.text === 'stage';

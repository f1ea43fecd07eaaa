import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Bound, ChoiceOption, ParameterNode, TypeExpression } from '../../parser/ast.js';
import { typeText } from '../../parser/format/type-text.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import type { NumberLimits } from '../../ir/number-limits.js';
import { listChoices, type Choices, type Value } from './value.js';

/** The types of parameters that have a name. */
export const typeNames = ['int', 'float', 'bool', 'string', 'tensor', 'stage'] as const;
type TypeName = (typeof typeNames)[number];

/** What other languages call the types. */
const foreignTypes: ReadonlyMap<string, TypeName> = new Map([
  ['integer', 'int'],
  ['number', 'float'],
  ['double', 'float'],
  ['real', 'float'],
  ['boolean', 'bool'],
  ['str', 'string'],
  ['text', 'string'],
  ['layer', 'stage'],
]);

const isTypeName = (name: string): name is TypeName => typeNames.some((type) => type === name);

/** Reports unknown types and parameters declared twice. */
export function checkParameterTypes(parameters: readonly ParameterNode[]): readonly Diagnostic[] {
  const reporter = new Reporter();
  const seen = new Map<string, ParameterNode>();
  for (const parameter of parameters) {
    const first = seen.get(parameter.name.text);
    if (first === undefined) seen.set(parameter.name.text, parameter);
    else {
      const { text: name, span: at } = parameter.name;
      const earlier = { span: first.name.span, text: 'first declared here' };
      reportDuplicate(reporter, { name, what: 'parameter', at, first: earlier });
    }
    if (parameter.type !== undefined) checkType(parameter.type, reporter);
  }
  return reporter.diagnostics;
}

function checkType(type: TypeExpression, reporter: Reporter): void {
  switch (type.kind) {
    case 'list-of':
      checkType(type.item, reporter);
      return;
    case 'choice':
      return;
    case 'named': {
      checkBounds(type, reporter);
      if (isTypeName(type.name.text)) return;
      const foreign = foreignTypes.get(type.name.text.toLowerCase());
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

/** Reports limits of what is not a number, and limits that no number keeps. */
function checkBounds(type: Extract<TypeExpression, { kind: 'named' }>, reporter: Reporter): void {
  const { name, bounds, span } = type;
  const [first] = bounds;
  if (first === undefined) return;
  const isNumber = name.text === 'int' || name.text === 'float';
  if (!isNumber && (isTypeName(name.text) || /^-?\d/.test(name.text))) {
    const reason = `"${first.word}" limits an "int" or a "float"`;
    const help = ['Take the limits out.'];
    reporter.report('bad-bounds', { type: typeText(type), reason }, { at: span, help });
    return;
  }
  if (!isEmptyRange(bounds)) return;
  const reason = `no number is ${boundsText(bounds)}`;
  const help = ['Swap the two numbers, or take one limit out.'];
  reporter.report('bad-bounds', { type: typeText(type), reason }, { at: span, help });
}

function isEmptyRange(bounds: readonly Bound[]): boolean {
  const lower = bounds.find(({ word }) => word === 'from' || word === 'above');
  const upper = bounds.find(({ word }) => word === 'to' || word === 'below');
  if (lower === undefined || upper === undefined) return false;
  const isOpen = lower.word === 'above' || upper.word === 'below';
  return isOpen ? lower.value >= upper.value : lower.value > upper.value;
}

const boundsText = (bounds: readonly Bound[]): string =>
  bounds.map(({ word, text }) => `${word} ${text}`).join(' ');

/** The numbers that a type takes, for other values than that of now. */
export function limitsOfType(type: TypeExpression | undefined): NumberLimits {
  if (type?.kind !== 'named') return { isWhole: false };
  const ends = type.bounds.map(({ word, value }) => [word, value] as const);
  return { isWhole: type.name.text === 'int', ...Object.fromEntries(ends) };
}

/** Limits that no number keeps were reported where they stand. */
function keepsBounds(value: number, bounds: readonly Bound[]): boolean {
  if (isEmptyRange(bounds)) return true;
  return bounds.every(({ word, value: limit }) => {
    switch (word) {
      case 'from':
        return value >= limit;
      case 'above':
        return value > limit;
      case 'to':
        return value <= limit;
      case 'below':
        return value < limit;
    }
  });
}

/** A type in the words of a message. */
export function describeType(type: TypeExpression | undefined): string {
  if (type === undefined) return 'any value';
  switch (type.kind) {
    case 'list-of':
      return `a list of ${describeType(type.item).replace(/^an? /, '')}s`;
    case 'choice':
      if (type.options.length === 0) return 'any value';
      return listChoices(choicesOf(type.options));
    case 'named': {
      const limits = type.bounds.length === 0 ? '' : ` ${boundsText(type.bounds)}`;
      const word = (
        {
          int: 'a whole number',
          float: 'a number',
          bool: 'true or false',
          string: 'a string',
          tensor: 'a tensor',
          stage: 'a stage such as conv(64) -> relu',
        } satisfies Readonly<Record<TypeName, string>>
      )[type.name.text as TypeName];
      return word === undefined ? 'any value' : word + limits;
    }
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
      // The parser recovered from a type that is missing.
      if (type.options.length === 0) return value;
      const choices = choicesOf(type.options);
      if (value.kind !== 'number' && value.kind !== 'symbol') return undefined;
      const chosen = value.kind === 'number' ? value.value : value.name;
      return choices.includes(chosen) ? { ...value, choices } : undefined;
    }
    case 'named': {
      const fitted = fitNamed(value, type.name.text);
      const isWithin = fitted?.kind !== 'number' || keepsBounds(fitted.value, type.bounds);
      return isWithin ? fitted : undefined;
    }
  }
}

/** One array for each type, so that many values of it are known to have the same choices. */
function choicesOf(options: readonly ChoiceOption[]): Choices {
  const known = choicesOfTypes.get(options);
  if (known !== undefined) return known;
  const choices = options.map(({ text, value }) => value ?? text);
  choicesOfTypes.set(options, choices);
  return choices;
}

const choicesOfTypes = new WeakMap<readonly ChoiceOption[], Choices>();

/** The words among the choices of a type; none for other types. */
export const wordsOf = (type: TypeExpression | undefined): readonly string[] =>
  type?.kind === 'choice'
    ? type.options.flatMap(({ text, value }) => (value === undefined ? [text] : []))
    : [];

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
      return value.kind === 'stage' || value.kind === 'shared' ? value : undefined;
  }
}

/** Whether a parameter takes a pipeline instead of data. */
export const isStage = ({ type }: ParameterNode): boolean =>
  type?.kind === 'named' && type.name.text === 'stage';

/** A value as one call of a block knows it: a number by its parameter's name. */
export const asParameterOf = (value: Value, name: string, scope: number): Value =>
  value.kind === 'number' ? { ...value, source: { kind: 'parameter', name, scope } } : value;

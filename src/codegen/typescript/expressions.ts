import { jsonText } from '../../diagnostics/json-text.js';
import { calculate, type SourceOperator } from '../../ir/arithmetic.js';
import type { ArgumentValue, SourceExpression } from '../../ir/graph.js';
import type { ConfigValue } from '../tfjs/layers.js';
import type { Expression } from '../../parser/ast.js';

/** What a value in emitted code is: a literal, an expression, or [expression, expression]. */
export type CodeValue =
  | { readonly kind: 'literal'; readonly value: ConfigValue }
  | { readonly kind: 'expression'; readonly source: SourceExpression }
  | { readonly kind: 'pair'; readonly source: SourceExpression };

/** What an expression over a block's parameters is evaluated in: one call of the block. */
export interface CallValues {
  readonly parameters: ReadonlyMap<string, ArgumentValue>;
  readonly channels: number;
}

/** The number an expression has in one call; undefined when it is none. */
export function evaluateSource(source: SourceExpression, call: CallValues): number | undefined {
  switch (source.kind) {
    case 'number':
      return source.value;
    case 'channels':
      return call.channels;
    case 'parameter': {
      const value = call.parameters.get(source.name);
      return typeof value === 'number' ? value : undefined;
    }
    case 'binary': {
      const left = evaluateSource(source.left, call);
      const right = evaluateSource(source.right, call);
      if (left === undefined || right === undefined) return undefined;
      return calculate(source.operator, left, right);
    }
  }
}

/**
 * A value with the expression it was written as, when that gives this value in
 * this call: an expression in the names of another block then never gets in.
 */
export function codeValue(
  value: ConfigValue,
  source: SourceExpression | undefined,
  call: CallValues,
): CodeValue {
  const number = source === undefined ? undefined : evaluateSource(source, call);
  if (source === undefined || number === undefined) return { kind: 'literal', value };
  if (value === number) return { kind: 'expression', source };
  const isPair = Array.isArray(value) && value.length === 2 && value.every((v) => v === number);
  return isPair ? { kind: 'pair', source } : { kind: 'literal', value };
}

/** A parameter's default as an expression over the parameters before it; undefined for other forms. */
export function sourceOfDefault(expression: Expression): SourceExpression | undefined {
  switch (expression.kind) {
    case 'number':
      return { kind: 'number', value: expression.value };
    case 'name':
      return { kind: 'parameter', name: expression.name };
    case 'member': {
      const { object, member } = expression;
      const isChannels =
        object.kind === 'name' && object.name === 'in' && member.text === 'channels';
      return isChannels ? { kind: 'channels' } : undefined;
    }
    case 'binary': {
      const { operator } = expression;
      if (operator !== '+' && operator !== '-' && operator !== '*' && operator !== '/') {
        return undefined;
      }
      const left = sourceOfDefault(expression.left);
      const right = sourceOfDefault(expression.right);
      if (left === undefined || right === undefined) return undefined;
      return { kind: 'binary', operator, left, right };
    }
    case 'string':
    case 'boolean':
    case 'list':
    case 'call':
    case 'unary':
    case 'conditional':
    case 'pipeline':
    case 'missing':
      return undefined;
  }
}

/** The parameters an expression reads. */
export function parametersOf(source: SourceExpression): readonly string[] {
  switch (source.kind) {
    case 'number':
    case 'channels':
      return [];
    case 'parameter':
      return [source.name];
    case 'binary':
      return [...parametersOf(source.left), ...parametersOf(source.right)];
  }
}

/** How parameters and the input's channels are written. */
export interface SourceNames {
  readonly parameter: (name: string) => string;
  readonly channels: string;
}

/** The expression as code, with no more brackets than it needs. */
export function printSource(source: SourceExpression, names: SourceNames): string {
  return print(source, names, 0);
}

const precedence: Readonly<Record<SourceOperator, number>> = { '+': 1, '-': 1, '*': 2, '/': 2 };

function print(source: SourceExpression, names: SourceNames, above: number): string {
  switch (source.kind) {
    case 'number':
      return source.value < 0 && above > 0 ? `(${source.value})` : String(source.value);
    case 'channels':
      return names.channels;
    case 'parameter':
      return names.parameter(source.name);
    case 'binary': {
      const own = precedence[source.operator];
      const left = print(source.left, names, own);
      const right = print(source.right, names, own + 0.5);
      const text = `${left} ${source.operator} ${right}`;
      return own < above ? `(${text})` : text;
    }
  }
}

/** A literal as code. */
export function printLiteral(value: ConfigValue): string {
  if (Array.isArray(value))
    return `[${(value as readonly ConfigValue[]).map(printLiteral).join(', ')}]`;
  if (typeof value === 'string') return jsonText(value, 0);
  return typeof value === 'number' ? printNumber(value) : String(value);
}

/** A number as people write it: `0.001`, but `1e-5`. */
function printNumber(value: number): string {
  const isSmall = value !== 0 && Math.abs(value) < 1e-3;
  return isSmall ? value.toExponential() : String(value);
}

/** A value as code. */
export function printValue(value: CodeValue, names: SourceNames): string {
  switch (value.kind) {
    case 'literal':
      return printLiteral(value.value);
    case 'expression':
      return printSource(value.source, names);
    case 'pair': {
      const item = printSource(value.source, names);
      return `[${item}, ${item}]`;
    }
  }
}

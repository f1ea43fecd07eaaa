import { jsonText } from '../../diagnostics/json-text.js';
import type { Formula, FormulaFunction, FormulaOperator } from '../../ir/formula.js';
import type { ConfigValue } from '../tfjs/layers.js';

/** What a value in emitted code is: a literal, an expression, or [expression, expression]. */
export type CodeValue =
  | { readonly kind: 'literal'; readonly value: ConfigValue }
  | { readonly kind: 'expression'; readonly formula: Formula }
  | { readonly kind: 'pair'; readonly formula: Formula };

/** How parameters and the input's channels are written. */
export interface FormulaNames {
  readonly parameter: (name: string) => string;
  readonly channels: string;
  /** What the module calls the rule of `make_divisible`. */
  readonly makeDivisible: string;
}

/** A formula as code, with no more brackets than it needs. */
export function printFormula(formula: Formula, names: FormulaNames): string {
  return print(formula, names, 0);
}

const precedence: Readonly<Record<FormulaOperator, number>> = { '+': 1, '-': 1, '*': 2, '/': 2 };

function print(formula: Formula, names: FormulaNames, above: number): string {
  switch (formula.kind) {
    case 'number':
      return formula.value < 0 && above > 0 ? `(${formula.value})` : printNumber(formula.value);
    case 'channels':
      return names.channels;
    case 'parameter':
      return names.parameter(formula.name);
    case 'binary': {
      const own = precedence[formula.operator];
      const left = print(formula.left, names, own);
      const right = print(formula.right, names, own + 0.5);
      const text = `${left} ${formula.operator} ${right}`;
      return own < above ? `(${text})` : text;
    }
    case 'call': {
      const args = formula.args.map((each) => print(each, names, 0));
      return `${functionName(formula.function, names)}(${args.join(', ')})`;
    }
  }
}

function functionName(name: FormulaFunction, names: FormulaNames): string {
  return name === 'make_divisible' ? names.makeDivisible : `Math.${name}`;
}

/** A literal as code. */
function printLiteral(value: ConfigValue): string {
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
export function printValue(value: CodeValue, names: FormulaNames): string {
  switch (value.kind) {
    case 'literal':
      return printLiteral(value.value);
    case 'expression':
      return printFormula(value.formula, names);
    case 'pair': {
      const item = printFormula(value.formula, names);
      return `[${item}, ${item}]`;
    }
  }
}

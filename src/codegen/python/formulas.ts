import type { Formula, FormulaOperator } from '../../ir/formula.js';

/** What formulas are written with. */
export interface FormulaScope {
  /** What a parameter is called. */
  readonly nameOf: (parameter: string) => string;
  /** Whether a parameter is a whole number. */
  readonly isWhole: (parameter: string) => boolean;
  /** What the file calls the rule of `make_divisible`. */
  readonly makeDivisible: string;
}

/** A formula as Python. */
export const printFormula = (formula: Formula, scope: FormulaScope): string =>
  print(formula, scope, 0);

/** A formula whose value is a whole number as a Python int. */
export function printWhole(formula: Formula, scope: FormulaScope): string {
  if (isWholeFormula(formula, scope)) return print(formula, scope, 0);
  const quotient = wholeQuotient(formula, scope, 0);
  return quotient ?? `int(${print(formula, scope, 0)})`;
}

/** Whether Python makes an int of a formula. */
function isWholeFormula(formula: Formula, scope: FormulaScope): boolean {
  switch (formula.kind) {
    case 'number':
      return Number.isInteger(formula.value);
    case 'channels':
      return true;
    case 'parameter':
      return scope.isWhole(formula.name);
    case 'binary':
      return (
        formula.operator !== '/' &&
        isWholeFormula(formula.left, scope) &&
        isWholeFormula(formula.right, scope)
      );
    case 'call': {
      const always = ['floor', 'ceil', 'round', 'make_divisible'].includes(formula.function);
      return always || formula.args.every((each) => isWholeFormula(each, scope));
    }
  }
}

const precedence: Readonly<Record<FormulaOperator, number>> = { '+': 1, '-': 1, '*': 2, '/': 2 };

function print(formula: Formula, scope: FormulaScope, above: number): string {
  switch (formula.kind) {
    case 'number':
      return formula.value < 0 && above > 0
        ? `(${printNumber(formula.value)})`
        : printNumber(formula.value);
    case 'channels':
      return scope.nameOf('#0');
    case 'parameter':
      return scope.nameOf(formula.name);
    case 'binary':
      return printBinary(formula, formula.operator, scope, above);
    case 'call':
      return printCall(formula, scope, above);
  }
}

type Binary = Extract<Formula, { kind: 'binary' }>;

function printBinary(
  { operator, left, right }: Binary,
  written: string,
  scope: FormulaScope,
  above: number,
): string {
  const own = precedence[operator];
  const text = `${print(left, scope, own)} ${written} ${print(right, scope, own + 0.5)}`;
  return own < above ? `(${text})` : text;
}

/** `c // 2`, where whole numbers are divided. */
function wholeQuotient(formula: Formula, scope: FormulaScope, above: number): string | undefined {
  if (formula.kind !== 'binary' || formula.operator !== '/') return undefined;
  const isWhole = [formula.left, formula.right].every((each) => isWholeFormula(each, scope));
  return isWhole ? printBinary(formula, '//', scope, above) : undefined;
}

function printCall(
  formula: Extract<Formula, { kind: 'call' }>,
  scope: FormulaScope,
  above: number,
): string {
  const args = formula.args.map((each) => print(each, scope, 0));
  switch (formula.function) {
    case 'floor':
      return wholeQuotient(formula.args[0]!, scope, above) ?? `math.floor(${args.join(', ')})`;
    case 'ceil':
      return `math.ceil(${args.join(', ')})`;
    case 'round':
      // Halves go up, as in specs; Python's own goes to even.
      return `math.floor(${print(formula.args[0]!, scope, 1)} + 0.5)`;
    case 'make_divisible':
      return `${scope.makeDivisible}(${args.join(', ')})`;
    case 'abs':
    case 'max':
    case 'min':
      return args.length === 1 && formula.function !== 'abs'
        ? args[0]!
        : `${formula.function}(${args.join(', ')})`;
  }
}

/** A number as people write it: `0.001`, but `1e-5`. */
export function printNumber(value: number): string {
  const isSmall = value !== 0 && Math.abs(value) < 1e-3;
  return isSmall ? value.toExponential() : String(value).replace('e+', 'e');
}

/**
 * A value as a formula over the parameters of what it stands in, as plain data: emitters
 * write it out again. `channels` are those of what flows into the block; `scope` is the
 * call whose parameters or input are meant, where the formula may be met in another.
 */
export type Formula =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'parameter'; readonly name: string; readonly scope?: number }
  | { readonly kind: 'channels'; readonly scope?: number }
  | {
      readonly kind: 'binary';
      readonly operator: FormulaOperator;
      readonly left: Formula;
      readonly right: Formula;
    }
  | {
      readonly kind: 'call';
      readonly function: FormulaFunction;
      readonly args: readonly Formula[];
    };

/** How a value came about that a formula may have given. */
export interface Derivation {
  readonly formula?: Formula;
  /**
   * The names of the model's parameters that it follows from, by this formula or otherwise;
   * not those that the defaults of these follow from.
   */
  readonly follows: readonly string[];
}

export type FormulaOperator = '+' | '-' | '*' | '/';

/** The functions of the language that give one number of numbers. */
export type FormulaFunction = keyof typeof formulaFunctions;

/** What gives a formula its value: one call of a block, or a model with its parameters. */
export interface FormulaValues {
  readonly parameters: ReadonlyMap<string, unknown>;
  readonly channels: number;
}

/** The value of an operation on two numbers. */
export function calculate(operator: FormulaOperator, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
  }
}

/**
 * The multiple of `divisor` nearest to `value`, not below `divisor`, and not
 * more than a tenth below `value` (MobileNet's rule for scaled widths).
 */
export function makeDivisible(value: number, divisor: number): number {
  const nearest = Math.max(divisor, Math.floor((value + divisor / 2) / divisor) * divisor);
  return nearest < 0.9 * value ? nearest + divisor : nearest;
}

const formulaFunctions = {
  abs: Math.abs,
  ceil: Math.ceil,
  floor: Math.floor,
  round: Math.round,
  max: Math.max,
  min: Math.min,
  make_divisible: makeDivisible,
} as const satisfies Readonly<Record<string, (...values: number[]) => number>>;

export const isFormulaFunction = (name: string): name is FormulaFunction =>
  Object.hasOwn(formulaFunctions, name);

/** The number that a formula has; undefined when a parameter is unknown or no number. */
export function evaluateFormula(formula: Formula, values: FormulaValues): number | undefined {
  switch (formula.kind) {
    case 'number':
      return formula.value;
    case 'channels':
      return values.channels;
    case 'parameter': {
      const value = values.parameters.get(formula.name);
      return typeof value === 'number' ? value : undefined;
    }
    case 'binary': {
      const left = evaluateFormula(formula.left, values);
      const right = evaluateFormula(formula.right, values);
      if (left === undefined || right === undefined) return undefined;
      return calculate(formula.operator, left, right);
    }
    case 'call': {
      const args = formula.args.map((each) => evaluateFormula(each, values));
      const numbers = args.filter((each) => each !== undefined);
      return numbers.length === args.length ? callFormula(formula.function, numbers) : undefined;
    }
  }
}

function callFormula(name: FormulaFunction, args: readonly number[]): number {
  return (formulaFunctions[name] as (...values: number[]) => number)(...args);
}

/** A formula in the names of one scope without saying so each time; undefined where it has names of another. */
export function inScope(formula: Formula, scope: number): Formula | undefined {
  switch (formula.kind) {
    case 'number':
      return formula;
    case 'parameter':
    case 'channels': {
      const { scope: own, ...plain } = formula;
      return own === scope ? plain : undefined;
    }
    case 'binary': {
      const left = inScope(formula.left, scope);
      const right = inScope(formula.right, scope);
      return left && right && { ...formula, left, right };
    }
    case 'call': {
      const args = formula.args.flatMap((each) => inScope(each, scope) ?? []);
      return args.length === formula.args.length ? { ...formula, args } : undefined;
    }
  }
}

/** Whether a formula reads the channels of what flows in. */
export function readsChannels(formula: Formula): boolean {
  switch (formula.kind) {
    case 'number':
    case 'parameter':
      return false;
    case 'channels':
      return true;
    case 'binary':
      return readsChannels(formula.left) || readsChannels(formula.right);
    case 'call':
      return formula.args.some(readsChannels);
  }
}

/** The parameters that a formula reads. */
export function parametersOf(formula: Formula): readonly string[] {
  switch (formula.kind) {
    case 'number':
    case 'channels':
      return [];
    case 'parameter':
      return [formula.name];
    case 'binary':
      return [...parametersOf(formula.left), ...parametersOf(formula.right)];
    case 'call':
      return formula.args.flatMap(parametersOf);
  }
}

/** Puts formulas in for parameters, and works out what then is a number. */
export function substitute(formula: Formula, values: ReadonlyMap<string, Formula>): Formula {
  switch (formula.kind) {
    case 'number':
    case 'channels':
      return formula;
    case 'parameter': {
      const found = values.get(formula.name);
      return found === undefined ? formula : substitute(found, values);
    }
    case 'binary': {
      const left = substitute(formula.left, values);
      const right = substitute(formula.right, values);
      return simplify({ ...formula, left, right });
    }
    case 'call': {
      const args = formula.args.map((each) => substitute(each, values));
      const numbers = args.flatMap((each) => (each.kind === 'number' ? [each.value] : []));
      if (numbers.length < args.length) return { ...formula, args };
      return { kind: 'number', value: callFormula(formula.function, numbers) };
    }
  }
}

function simplify(formula: Extract<Formula, { kind: 'binary' }>): Formula {
  const { operator, left, right } = formula;
  const isNumber = (side: Formula, value: number): boolean =>
    side.kind === 'number' && side.value === value;
  if (left.kind === 'number' && right.kind === 'number') {
    return { kind: 'number', value: calculate(operator, left.value, right.value) };
  }
  if ((operator === '*' || operator === '/') && isNumber(right, 1)) return left;
  if ((operator === '+' || operator === '-') && isNumber(right, 0)) return left;
  if (operator === '*' && isNumber(left, 1)) return right;
  if (operator === '+' && isNumber(left, 0)) return right;
  return formula;
}

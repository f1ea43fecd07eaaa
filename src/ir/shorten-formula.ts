import type { Formula } from './formula.js';

/**
 * A formula of whole numbers in its shortest form, where it is a whole number times one
 * parameter: `base * 12` for `(base * 8 + base * 16) / 2`. Others stay as they are written.
 */
export function shortenFormula(formula: Formula, isWhole: (name: string) => boolean): Formula {
  const found = countSteps(formula) < 2 ? undefined : factorOf(formula, isWhole);
  if (found === undefined || !Number.isInteger(found.factor) || found.name === undefined) {
    return formula;
  }
  const { name, factor } = found;
  const parameter = { kind: 'parameter', name } as const;
  if (factor === 1) return parameter;
  return { ...product, left: parameter, right: { kind: 'number', value: factor } };
}

/** A formula as a whole number times one parameter; undefined for others. */
export function multipleOf(formula: Formula): Multiple | undefined {
  const found = factorOf(formula, () => true);
  return found?.name === undefined ? undefined : { name: found.name, factor: found.factor };
}

/** A parameter and how many times it is taken. */
export interface Multiple {
  readonly name: string;
  readonly factor: number;
}

const product = { kind: 'binary', operator: '*' } as const;

/** A factor of one parameter; of none, the number itself. */
interface Factor {
  readonly name: string | undefined;
  readonly factor: number;
}

function factorOf(formula: Formula, isWhole: (name: string) => boolean): Factor | undefined {
  switch (formula.kind) {
    case 'number':
      return Number.isInteger(formula.value)
        ? { name: undefined, factor: formula.value }
        : undefined;
    case 'parameter':
      return isWhole(formula.name) ? { name: formula.name, factor: 1 } : undefined;
    case 'channels':
    case 'call':
      return undefined;
    case 'binary': {
      const left = factorOf(formula.left, isWhole);
      const right = factorOf(formula.right, isWhole);
      return left && right && join(formula.operator, left, right);
    }
  }
}

function join(operator: string, left: Factor, right: Factor): Factor | undefined {
  if (operator === '*') {
    if (left.name !== undefined && right.name !== undefined) return undefined;
    return { name: left.name ?? right.name, factor: left.factor * right.factor };
  }
  if (operator === '/') {
    const factor = left.factor / right.factor;
    return right.name === undefined && Number.isInteger(factor)
      ? { name: left.name, factor }
      : undefined;
  }
  if (left.name !== right.name) return undefined;
  return {
    name: left.name,
    factor: operator === '+' ? left.factor + right.factor : left.factor - right.factor,
  };
}

function countSteps(formula: Formula): number {
  return formula.kind === 'binary' ? 1 + countSteps(formula.left) + countSteps(formula.right) : 0;
}

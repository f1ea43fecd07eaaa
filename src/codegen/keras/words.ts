import type { Formula } from '../../ir/formula.js';
import type { Edges, Pair } from '../../ir/operations/ops.js';
import type { Operation } from '../program/body.js';
import type { LayerCall } from './layer-calls.js';
import { printFormula, printNumber, printWhole, type FormulaScope } from '../python/formulas.js';

/** Writes the calls of functions that make layers. */
export interface OperationWriter {
  readonly write: (call: LayerCall) => string;
}

/** What one operation is written with. */
export interface Scope {
  readonly words: Words;
  readonly writer: OperationWriter;
  /** What the step's layer is called, an expression. */
  readonly name: string;
  readonly isFrozen: boolean;
}

/** One keyword with its value; nothing where it is left out. */
export type Option = readonly (readonly [string, string])[];

/** The words of one operation: its formulas, or else its values. */
export class Words {
  constructor(
    readonly operation: Operation,
    readonly formulas: FormulaScope,
  ) {}

  /** A whole number, or a pair, as one number where both are equal. */
  whole(attribute: string, value: Pair | number): string {
    const formula = this.#formula(attribute);
    return formula === undefined ? pairText(value) : printWhole(formula, this.formulas);
  }

  /** A number of any kind. */
  number(attribute: string, value: number): string {
    const formula = this.#formula(attribute);
    return formula === undefined ? printNumber(value) : printFormula(formula, this.formulas);
  }

  /** What is written only where it is not what Keras takes without it. */
  wholeOption(key: string, attribute: string, value: Pair | number, usual = '1'): Option {
    return optionUnless(key, this.whole(attribute, value), usual);
  }

  numberOption(key: string, attribute: string, value: number, usual: string): Option {
    return optionUnless(key, this.number(attribute, value), usual);
  }

  isOpen(attribute: string): boolean {
    return this.#formula(attribute) !== undefined;
  }

  #formula(attribute: string): Formula | undefined {
    return this.operation.formulas[attribute];
  }
}

const optionUnless = (key: string, text: string, usual: string): Option =>
  text === usual ? [] : [[key, text]];

/** `2`, `(2, 1)` */
export const pairText = (value: Pair | number): string =>
  typeof value === 'number'
    ? String(value)
    : value[0] === value[1]
      ? String(value[0])
      : `(${value[0]}, ${value[1]})`;

/** As Keras takes edges: a number, a pair, or all four. */
export const edgesText = ({ top, bottom, left, right }: Edges): string =>
  top === bottom && left === right
    ? pairText([top, left])
    : `((${top}, ${bottom}), (${left}, ${right}))`;

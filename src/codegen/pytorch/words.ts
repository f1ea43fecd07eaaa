import type { Formula } from '../../ir/formula.js';
import type { Pair } from '../../ir/operations/ops.js';
import type { Operation } from '../program/body.js';
import { printFormula, printNumber, printWhole, type FormulaScope } from '../python/formulas.js';
import { pairText } from './pairs.js';

/** What an operation is written with. */
export interface OperationScope {
  /** In the constructor of its module. */
  readonly formulas: FormulaScope;
  /** In `forward`. */
  readonly forward: FormulaScope;
  /** The channels of its first input. */
  readonly channelsIn: Formula;
  /** Whether its first input is read by nothing else. */
  readonly mayOverwrite: boolean;
  /** What the file calls a helper of `helpers.ts`. */
  readonly helper: (name: HelperName) => string;
}

/** The helpers that operations may need; `helpers.ts` has them. */
export type HelperName =
  | 'BatchNorm'
  | 'ChannelNorm'
  | 'ChannelScale'
  | 'PositionTable'
  | 'UnscaledBatchNorm'
  | 'UnscaledNorm'
  | 'UnshiftedBatchNorm'
  | 'UnshiftedNorm'
  | 'WindowAttention'
  | 'as_class'
  | 'as_norm'
  | 'attention'
  | 'crop_to'
  | 'drop_path'
  | 'is_largest'
  | 'pad_channels'
  | 'pad_same'
  | 'pad_to'
  | 'max_unpool'
  | 'max_unpool_padded'
  | 'pad_windows'
  | 'padded_mean'
  | 'resize_asymmetric'
  | 'resize_nearest_corners'
  | 'shuffle_channels'
  | 'shuffle_channels_last'
  | 'unshuffle_channels_last'
  | 'window_attention';

/** How an operation is written. */
export interface WrittenOperation {
  /** The module that holds its weights. */
  readonly module?: { readonly className: string; readonly args: readonly string[] };
  /** Its value; `self` is how its module is called. */
  readonly value: (inputs: readonly string[], self: string) => string;
}

/** The words of one operation: its formulas, or else its values. */
export class Words {
  constructor(
    readonly operation: Operation,
    readonly scope: OperationScope,
  ) {}

  whole(formula: Formula): string {
    return printWhole(formula, this.scope.formulas);
  }

  /** One number. */
  number(attribute: string, value: number): string {
    const formula = this.operation.formulas[attribute];
    if (formula === undefined) return printNumber(value);
    return wholeAttributes.has(attribute)
      ? this.whole(formula)
      : printFormula(formula, this.scope.formulas);
  }

  /** A pair, as one number where both are equal. */
  pair(attribute: string, value: Pair): string {
    const formula = this.operation.formulas[attribute];
    return formula === undefined ? pairText(value) : this.whole(formula);
  }

  /** What is written only where it is not 1. */
  option(attribute: string, name: string, value: Pair | number): readonly string[] {
    const formula = this.operation.formulas[attribute];
    if (formula !== undefined) return [`${name}=${this.whole(formula)}`];
    const text = typeof value === 'number' ? String(value) : pairText(value);
    return text === '1' ? [] : [`${name}=${text}`];
  }

  /** Left out where it is PyTorch's own. */
  epsilon(value: number): readonly string[] {
    const text = this.number('epsilon', value);
    return text === '1e-5' ? [] : [`eps=${text}`];
  }
}

const wholeAttributes: ReadonlySet<string> = new Set([
  ...['channels', 'kernel', 'stride', 'dilation', 'groups', 'multiplier', 'size', 'factor'],
]);

export const plain = (value: (x: string) => string): WrittenOperation => ({
  value: ([x = '']) => value(x),
});

export const number = (value: number): Formula => ({ kind: 'number', value });

export function times(left: Formula, right: Formula): Formula {
  if (right.kind === 'number' && right.value === 1) return left;
  if (left.kind === 'number' && right.kind === 'number') return number(left.value * right.value);
  return { kind: 'binary', operator: '*', left, right };
}

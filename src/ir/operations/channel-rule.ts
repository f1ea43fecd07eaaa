import { substitute, type Formula, type FormulaOperator } from '../formula.js';

/** How many channels come out of an operation; the formula may read some of its attributes. */
export interface ChannelRule<O, Attribute extends string = never> {
  /** Why none can come out of those that go in; undefined where some do. */
  readonly problem: (op: O, inputs: readonly number[]) => ChannelProblem | undefined;
  /**
   * How many they are otherwise, by one formula for all: the number in the graph is its
   * value, and what targets and the front end write follows from it.
   */
  readonly formula: (terms: ChannelTerms<Attribute>) => Formula;
}

/** What a formula of channels is made of. */
export interface ChannelTerms<Attribute extends string = never> {
  /** Those that go in. */
  readonly inputs: readonly ChannelTerm[];
  /** An attribute of the operation that is a number. */
  readonly own: (attribute: Attribute) => Formula;
}

/** The channels of one tensor: their number in the graph, and the formula that gives it. */
export interface ChannelTerm {
  readonly count: number;
  readonly formula: Formula;
}

/** The names of attributes that are numbers. */
export type NumberAttribute<O> = {
  readonly [K in keyof O]-?: O[K] extends number ? K : never;
}[keyof O] &
  string;

/** Channels that an operation cannot take. */
export type ChannelProblem =
  /** Inputs that must have as many have others: `64 and 32`. */
  | { readonly kind: 'differ'; readonly found: string }
  /** Its own channels are not those of the tensor that a pooling read. */
  | { readonly kind: 'pooled-differ'; readonly own: number; readonly pooled: number }
  /** Channels that cannot be cut into equal parts. */
  | { readonly kind: 'uneven'; readonly channels: number; readonly parts: number }
  /** Edges of a pool that could hold a whole window. */
  | { readonly kind: 'wide-edges'; readonly edge: number; readonly window: number }
  /** A channel that is not there. */
  | { readonly kind: 'no-channel'; readonly channel: number; readonly last: number }
  /** A slice that ends where it begins, or before. */
  | { readonly kind: 'empty-slice'; readonly from: number; readonly to: number }
  /** A part that is not there. */
  /** Relative positions without windows. */
  | { readonly kind: 'no-window' }
  | { readonly kind: 'wide-shift'; readonly shift: number; readonly window: number }
  | { readonly kind: 'no-part'; readonly part: number; readonly parts: number }
  /** More channels than there are to be. */
  | { readonly kind: 'too-many'; readonly found: number; readonly channels: number };

/** A number as a formula. */
export const numberFormula = (value: number): Formula => ({ kind: 'number', value });

/** Two formulas joined, worked out where both are numbers; the sum of a formula and itself is twice it. */
export function joinFormulas(operator: FormulaOperator, left: Formula, right: Formula): Formula {
  const isTwice = operator === '+' && JSON.stringify(left) === JSON.stringify(right);
  if (isTwice) return joinFormulas('*', left, numberFormula(2));
  return substitute({ kind: 'binary', operator, left, right }, new Map());
}

/** The formula of the first input. */
export const firstChannels = ({ inputs: [first] }: Pick<ChannelTerms, 'inputs'>): Formula =>
  first?.formula ?? numberFormula(0);

/** Any number of channels may go in. */
export const anyChannels = (): undefined => undefined;

/** As many channels come out as go in. */
export const sameChannels: ChannelRule<unknown> = { problem: anyChannels, formula: firstChannels };

/** As many come out as the operation says. */
export const ownChannels = {
  problem: anyChannels,
  formula: ({ own }: ChannelTerms<'channels'>) => own('channels'),
};

import type { Expression } from '../../parser/ast.js';
import type { BlockTable } from '../declarations/blocks.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import type { ModelParameter } from '../values/value.js';
import type { Wire } from './wire.js';

/** What the schemes share while they unfold into wires. */
export interface SchemeContext extends EvaluationContext {
  readonly blocks: BlockTable;
}

/** One level of an encoder, the top one first: what a skip starts from. */
export interface Level {
  /** The tensor that leaves the encoder here; undefined for a level without a skip. */
  readonly tensor: string | undefined;
  /** The number of its channels, as a decoder repeats it; undefined without a tensor. */
  readonly width: Expression | undefined;
  /** The model's parameters that a width which is written as a number follows from. */
  readonly follows?: readonly ModelParameter[];
}

/** A part of the model whose name stands, in the slots of later ones, for its tensor on their level. */
export interface Peer {
  readonly name: string;
  /** Undefined where it has none. */
  at(level: number): string | undefined;
}

/** An encoder written out. */
export interface UnfoldedEncoder {
  /** What it is called in the model, if it has a name. */
  readonly name: string | undefined;
  readonly wires: readonly Wire[];
  readonly levels: readonly Level[];
}

/** The channels of the node on a level, in a column where the lattice counts them. */
export type DecoderWidths = (level: number, column: number | undefined) => Expression | undefined;

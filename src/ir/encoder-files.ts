import type { Span } from '../diagnostics/source.js';
import type { Graph } from './graph.js';
import type { ComponentCall, ScalingName } from './recipe.js';

/**
 * What becomes of the kernels that read the image when a file has them for another
 * number of channels; the rules stand at the encoder's option in the catalogue.
 */
export type InputAdaption = 'none' | 'sum' | 'repeat' | 'random';

/** What a declared encoder says of files that hold its weights. It stands beside the graph. */
export interface EncoderFiles {
  /** What the encoder is called in the model, the beginning of its operations' names. */
  readonly encoder: string;
  /** The file that it starts with, as the spec names it, relative to the spec's folder; undefined where the spec names none. */
  readonly file: string | undefined;
  readonly adaptInput: InputAdaption;
  /** What the encoder says of the weights that its names are of. */
  readonly scalings: readonly StoredScaling[];
  /** By the names of its nodes, what files call them. */
  readonly names: StoredNames;
  readonly origin: Span;
}

/** What nodes are called in files of other libraries, by the family of names: `layer1.0.conv1`. */
export type StoredNames = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** What a model's `names` of one family call its operations in files of whole networks. */
export interface ModelNames {
  /** The word behind `names`. */
  readonly family: string;
  /** By the names of nodes; those of a declared encoder are not among them. */
  readonly names: ReadonlyMap<string, string>;
  /** What stands before the names of an encoder's operations, of whichever of its families, by what that is called. */
  readonly encoders: ReadonlyMap<string, string>;
}

/** The scaling that an encoder's published weights were trained with. */
export interface StoredScaling {
  /** Whose weights: the word behind `names`. */
  readonly family: string;
  /** The usual one first; any of them is right. */
  readonly calls: readonly ComponentCall<ScalingName>[];
  /** Where the encoder says so. */
  readonly origin: Span;
}

/** A graph, and what its encoder says of files of weights where it declares one. */
export interface LoadableNetwork {
  readonly graph: Graph;
  readonly encoderFiles: EncoderFiles | undefined;
  /** Absent where the model has no names. */
  readonly modelNames?: readonly ModelNames[] | undefined;
}

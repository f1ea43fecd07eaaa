import type { Span } from '../diagnostics/source.js';
import type { Formula } from './formula.js';

/** A block as the front end hands it over: what emitters need to write a function for it. */
export interface BlockDescription {
  readonly name: string;
  /** The file that declares it: blocks of several files may have one name. */
  readonly file: string | undefined;
  /** Its doc comment, without slashes. */
  readonly doc?: string;
  /** In the spec's order. */
  readonly parameters: readonly BlockParameter[];
  /** Where it is declared. */
  readonly origin: Span;
}

/** One parameter of a block. */
export interface BlockParameter {
  readonly name: string;
  /** Whether a tensor comes in by it, or a value. */
  readonly takes: 'tensor' | 'value';
  readonly isOptional: boolean;
  /** Its default over the parameters before it; undefined where it has none, or none that is a formula. */
  readonly default?: Formula;
  /** Its default where that is written as a value: a number, a word, a truth value. */
  readonly usual?: number | string | boolean;
}

/** Equal for two descriptions of one block. */
export const blockKey = ({ file, name, origin }: BlockDescription): string =>
  `${file ?? ''}#${name}#${origin.start}`;

import type { LoadableNetwork } from '../../ir/encoder-files.js';
import { matchByGraph } from './match-by-graph.js';
import { matchByName } from './match-by-name.js';
import { matchByOrder } from './match-by-order.js';
import type { Matching } from './matching.js';
import type { TensorFile } from './tensor-file.js';

/** What weights are looked for, and what may be missing. */
export interface MatchOptions {
  /** Leaves all but the encoder's weights aside. */
  readonly encoderOnly: boolean;
  /** Whether a file may hold a part of them. */
  readonly isPartial: boolean;
}

/**
 * Finds for every weight its tensor in a file: by name; where names do not find all, by
 * the graph that the file holds; and where it holds none, by the order of layers that have
 * no names of their own. The way by which most is found is taken. Never by shape alone.
 * Undefined when no weight is found.
 */
export function matchWeights(
  network: LoadableNetwork,
  { tensors, calls }: TensorFile,
  options: MatchOptions,
): Matching | undefined {
  const named = matchByName(network, tensors, options.encoderOnly);
  if (named?.missing.length === 0) return named;
  const other =
    calls === undefined
      ? matchByOrder(network, tensors, options.encoderOnly)
      : matchByGraph(network, { tensors, calls }, options);
  if (named === undefined || other === undefined) return named ?? other;
  return countOf(other) > countOf(named) ? other : named;
}

const countOf = ({ found, misshaped, ambiguous }: Matching): number =>
  found.length + misshaped.length + ambiguous.length;

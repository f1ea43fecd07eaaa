import type { LoadableNetwork } from '../../ir/encoder-files.js';
import type { GraphNode } from '../../ir/graph.js';
import { encoderOf } from '../../ir/provenance.js';
import { weightOwners } from '../../ir/operations/weights.js';
import { weightsOf, type WeightSpec } from '../../codegen/tfjs/weights.js';
import type { Convention } from './conventions.js';
import type { NameFamily } from './name-families.js';
import { sizeOf, type StoredTensor } from './tensor-file.js';

/** A weight of a graph with its node. */
export interface Target {
  readonly spec: WeightSpec;
  readonly node: GraphNode;
}

/** A weight of the network with the tensor of a file that is meant for it. */
export interface MatchedWeight extends Target {
  readonly tensor: StoredTensor;
  readonly convention: Convention;
}

/** A weight that the file has no tensor for. */
export interface MissingWeight extends Target {
  /** What was tried, as the end of a sentence: `looked for as "conv1.weight"`. */
  readonly why: string;
}

/** A weight for which the file has several tensors, and nothing that tells which is meant. */
export interface AmbiguousWeight extends Target {
  /** The layers that fit. */
  readonly candidates: readonly string[];
}

/** What of a file is for what of a network. */
export interface Matching {
  /** By what it was found, in words: `torchvision's names`. */
  readonly words: string;
  /** By whose names; undefined where it was not by names. */
  readonly family: NameFamily | undefined;
  /** What stands before all names in the file: `encoder.`; empty mostly. */
  readonly prefix: string;
  /** Those whose shapes agree. */
  readonly found: readonly MatchedWeight[];
  readonly misshaped: readonly MatchedWeight[];
  readonly missing: readonly MissingWeight[];
  readonly ambiguous: readonly AmbiguousWeight[];
  /** Tensors of the file that are for nothing here. */
  readonly leftOver: readonly StoredTensor[];
  /** Tensors that say how often a normalisation was run, which has no use here. */
  readonly counters: readonly StoredTensor[];
}

/** The weights that a file is for: all of them, or those of the encoder alone that the network says of. */
export function targetsOf(
  { graph, encoderFiles }: LoadableNetwork,
  encoderOnly: boolean,
): readonly Target[] {
  const isOwn = (node: GraphNode): boolean =>
    encoderFiles !== undefined && encoderOf(node) === encoderFiles.encoder;
  return weightOwners(graph)
    .filter((node) => !encoderOnly || isOwn(node))
    .flatMap((node) => weightsOf(graph, node).map((spec) => ({ spec, node })));
}

/** Sorts tensors found into those that fit and others, and lists what is left of the file. */
export function sortFound(
  matched: readonly MatchedWeight[],
  tensors: readonly StoredTensor[],
): Pick<Matching, 'found' | 'misshaped' | 'leftOver' | 'counters'> {
  const taken = new Set(matched.map(({ tensor }) => tensor));
  const others = tensors.filter((tensor) => !taken.has(tensor));
  return {
    found: matched.filter(isFit),
    misshaped: matched.filter((each) => !isFit(each)),
    leftOver: others.filter((tensor) => !isCounter(tensor)),
    counters: others.filter(isCounter),
  };
}

/** PyTorch's normalisations count their batches. */
export const isCounter = ({ name }: { readonly name: string }): boolean =>
  /(^|[./])num_batches_tracked$/.test(name);

const isFit = ({ tensor, convention, spec, node }: MatchedWeight): boolean =>
  hasShape(tensor, convention.storedShape(spec, node));

/** Axes of length 1 do not count: Keras keeps a PReLU's slopes as [1, 1, channels]. */
function hasShape({ shape }: StoredTensor, expected: readonly number[]): boolean {
  const kept = (lengths: readonly number[]): string => lengths.filter((each) => each > 1).join();
  return sizeOf(shape) === sizeOf(expected) && kept(shape) === kept(expected);
}

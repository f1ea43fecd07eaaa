import type { Graph, GraphNode } from '../../ir/graph.js';
import { weightsOf, type WeightSpec } from '../../ir/weights.js';
import { conventions, type Convention } from './conventions.js';
import { familiesOf, type NameFamily } from './name-families.js';
import { sizeOf, type StoredTensor, type TensorFile } from './tensor-file.js';

/** A weight of the network with the tensor of a file that is meant for it. */
export interface MatchedWeight {
  readonly spec: WeightSpec;
  readonly node: GraphNode;
  readonly tensor: StoredTensor;
  readonly convention: Convention;
}

/** A weight that the file has no tensor for, and the names under which it was looked for. */
export interface MissingWeight {
  readonly spec: WeightSpec;
  readonly node: GraphNode;
  readonly looked: readonly string[];
}

/** What of a file is for what of a network. */
export interface Matching {
  readonly family: NameFamily;
  /** What stands before all names in the file: `encoder.`; empty mostly. */
  readonly prefix: string;
  /** Those whose shapes agree. */
  readonly found: readonly MatchedWeight[];
  readonly misshaped: readonly MatchedWeight[];
  readonly missing: readonly MissingWeight[];
  /** Tensors of the file that are for nothing here. */
  readonly leftOver: readonly StoredTensor[];
  /** Tensors that say how often a normalisation was run, which has no use here. */
  readonly counters: readonly StoredTensor[];
}

/** A weight of a graph with its node. */
interface Target {
  readonly spec: WeightSpec;
  readonly node: GraphNode;
}

/**
 * Finds for every weight its tensor in a file. Each family of names is tried,
 * below each prefix under which the file could have it; the one by which most
 * weights are found is taken, the network's own names before others. Undefined
 * when no weight is found by any.
 *
 * @param encoderOnly leaves all but the encoder's weights aside.
 */
export function matchWeights(
  graph: Graph,
  file: TensorFile,
  encoderOnly: boolean,
): Matching | undefined {
  const byName = new Map(file.tensors.map((tensor) => [tensor.name, tensor]));
  let best: Matching | undefined;
  for (const family of familiesOf(graph)) {
    const isNarrow = encoderOnly || !family.coversAll;
    const targets = graph.nodes
      .filter((node) => !isNarrow || node.ofEncoder !== undefined)
      .flatMap((node) => weightsOf(graph, node).map((spec) => ({ spec, node })));
    const prefix = findPrefix(targets, family, file);
    if (prefix === undefined) continue;
    const matching = match(targets, family, prefix, byName);
    if (best === undefined || countFound(matching) > countFound(best)) best = matching;
  }
  return best !== undefined && countFound(best) > 0 ? best : undefined;
}

const countFound = ({ found, misshaped }: Matching): number => found.length + misshaped.length;

/** More prefixes than real files have. */
const prefixLimit = 16;

/** The prefix under which the first weights that the file may have are found most often. */
function findPrefix(
  targets: readonly Target[],
  family: NameFamily,
  { tensors }: TensorFile,
): string | undefined {
  const wanted = targets.flatMap((target) => namesFor(target, family));
  const names = new Set(tensors.map(({ name }) => name));
  const count = (prefix: string): number =>
    wanted.filter((name) => names.has(prefix + name)).length;
  const prefixes = new Set(['']);
  for (const probe of wanted.slice(0, 4 * conventions.length)) {
    for (const { name } of tensors) {
      const before = name.slice(0, -probe.length);
      const isBelow = before !== '' && name.endsWith(probe) && /[./]$/.test(before);
      if (isBelow && prefixes.size < prefixLimit) prefixes.add(before);
    }
  }
  const ranked = [...prefixes].map((prefix) => ({ prefix, found: count(prefix) }));
  const most = ranked.reduce((best, next) => (next.found > best.found ? next : best));
  return most.found > 0 ? most.prefix : undefined;
}

function namesFor({ spec, node }: Target, family: NameFamily): readonly string[] {
  const name = family.nameOf(node);
  if (name === undefined) return [];
  return [...new Set(conventions.map((each) => name + each.suffixOf(spec.role, node)))];
}

function match(
  targets: readonly Target[],
  family: NameFamily,
  prefix: string,
  byName: ReadonlyMap<string, StoredTensor>,
): Matching {
  const found: MatchedWeight[] = [];
  const misshaped: MatchedWeight[] = [];
  const missing: MissingWeight[] = [];
  const taken = new Set<string>();
  for (const { spec, node } of targets) {
    const name = family.nameOf(node);
    const matched = conventions
      .map((convention) => {
        const stored = `${prefix}${name ?? ''}${convention.suffixOf(spec.role, node)}`;
        return { convention, tensor: name === undefined ? undefined : byName.get(stored) };
      })
      .find(({ tensor }) => tensor !== undefined);
    if (matched?.tensor === undefined) {
      const looked = namesFor({ spec, node }, family).map((each) => prefix + each);
      missing.push({ spec, node, looked });
      continue;
    }
    const { convention, tensor } = matched;
    taken.add(tensor.name);
    const isFit = hasShape(tensor, convention.storedShape(spec, node));
    (isFit ? found : misshaped).push({ spec, node, tensor, convention });
  }
  const others = [...byName.values()].filter(({ name }) => !taken.has(name));
  const isCounter = ({ name }: StoredTensor): boolean => name.endsWith('.num_batches_tracked');
  return {
    family,
    prefix,
    found,
    misshaped,
    missing,
    leftOver: others.filter((tensor) => !isCounter(tensor)),
    counters: others.filter(isCounter),
  };
}

/** Axes of length 1 do not count: Keras keeps a PReLU's slopes as [1, 1, channels]. */
function hasShape({ shape }: StoredTensor, expected: readonly number[]): boolean {
  const kept = (lengths: readonly number[]): string => lengths.filter((each) => each > 1).join();
  return sizeOf(shape) === sizeOf(expected) && kept(shape) === kept(expected);
}

import type { Graph, GraphNode, NodeId } from '../graph.js';
import { operationWord } from '../operations/operation-word.js';
import { isNamed } from '../provenance.js';
import { followsSize, isResampling } from '../operations/operation-rules.js';
import type { LatticeNode, LatticeRole } from '../lattice.js';
import { affineSize, type AxisAnalysis } from '../sizes/analysis.js';
import { describeSize } from '../sizes/describe.js';
import type { SizeAnalysis } from '../sizes/sizes.js';

/** One tensor that a node merges. */
export interface MergedTensor {
  readonly tensor: string;
  readonly role: LatticeRole;
  /** How many times larger (`up`) or smaller (`down`) it is made; 1 for a skip. */
  readonly factor: number;
  /** Halvings between the tensor and the node. */
  readonly levelsApart: number;
  /** The operations that resample or align it, in order. */
  readonly by: readonly string[];
  /** Its own size, `H / 2 x W / 2 x 64`. */
  readonly size: string;
}

/** A node of the decoder with what it merges. */
export interface TopologyRow {
  readonly node: string;
  readonly size: string;
  readonly merges: readonly MergedTensor[];
}

/**
 * What each node of a decoder merges and how each input is resampled: from the
 * lattice, or, where no scheme makes one, from the wires. There every named tensor
 * made of several others is a node, and tensors that are only resampled stand for
 * what they are made of.
 */
export function topologyOf(
  graph: Graph,
  sizes: SizeAnalysis,
  lattice: readonly LatticeNode[],
  levels: readonly string[],
): readonly TopologyRow[] {
  const named = graph.nodes.filter(isNamed);
  const isNode = lattice.length > 0 ? latticeNames(lattice, levels) : sourceNames(graph, named);
  const rows = named.filter((node) =>
    lattice.length > 0 ? lattice.some(({ name }) => name === node.name) : isNode.has(node.name),
  );
  return rows.flatMap((node): readonly TopologyRow[] => {
    const found = sourcesOf(graph, node, isNode);
    if (found.length < 2) return [];
    const order = lattice.find(({ name }) => name === node.name)?.sources ?? [];
    const placeOf = (id: NodeId): number =>
      order.findIndex(({ tensor }) => tensor === graph.nodes[id]!.name);
    found.sort(([one], [other]) => placeOf(one) - placeOf(other));
    const merges = found.map(([id, by]) => describeSource(graph, sizes, node, id, by));
    return [{ node: node.name, size: sizeText(sizes, node), merges }];
  });
}

const latticeNames = (
  lattice: readonly LatticeNode[],
  levels: readonly string[],
): ReadonlySet<string> => new Set([...levels, ...lattice.map(({ name }) => name)]);

/** Named tensors whose last step is more than resampling. */
function sourceNames(graph: Graph, named: readonly GraphNode[]): ReadonlySet<string> {
  const changed = new Set(
    graph.nodes.filter(({ op }) => !isResampling(op)).map(({ tensor }) => tensor.name),
  );
  return new Set(named.map(({ name }) => name).filter((name) => changed.has(name)));
}

/** The nearest nodes that a tensor is made of, each with what resamples it on the shortest way. */
function sourcesOf(
  graph: Graph,
  node: GraphNode,
  isNode: ReadonlySet<string>,
): (readonly [NodeId, readonly string[]])[] {
  const found = new Map<NodeId, readonly string[]>();
  const seen = new Set<NodeId>();
  const queue: (readonly [NodeId, readonly string[]])[] = [[node.id, []]];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const [id, by] = next;
    const current = graph.nodes[id]!;
    const steps = isResampling(current.op) ? [operationWord(current.op), ...by] : by;
    // What an alignment follows lends its size alone.
    const inputs = followsSize(current.op) ? current.inputs.slice(0, 1) : current.inputs;
    for (const input of inputs) {
      if (isNode.has(graph.nodes[input]!.name)) {
        if (!found.has(input)) found.set(input, steps);
      } else if (!seen.has(input)) {
        seen.add(input);
        queue.push([input, steps]);
      }
    }
  }
  return [...found];
}

function describeSource(
  graph: Graph,
  sizes: SizeAnalysis,
  node: GraphNode,
  id: NodeId,
  by: readonly string[],
): MergedTensor {
  const source = graph.nodes[id]!;
  const ratio = scaleOf(sizes.height, node.id) / scaleOf(sizes.height, id);
  const role = ratio > 1 ? 'up' : ratio < 1 ? 'down' : 'skip';
  const factor = Math.max(ratio, 1 / ratio);
  const levelsApart = Math.round(Math.log2(factor) * 100) / 100;
  return { tensor: source.name, role, factor, levelsApart, by, size: sizeText(sizes, source) };
}

function scaleOf(axis: AxisAnalysis, node: NodeId): number {
  const [first] = axis.residues;
  return first === undefined ? 1 : affineSize(axis, first, node).scale;
}

const sizeText = ({ height, width }: SizeAnalysis, { id, channels }: GraphNode): string =>
  [describeSize(height, id), describeSize(width, id), channels].join(' x ');

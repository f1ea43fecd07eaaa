import { mainHead, outputsOf } from '../graph-heads.js';
import type { Graph, GraphNode, GraphOutput } from '../graph.js';
import { withoutUnused } from './prune.js';
import type { LatticeNode } from '../lattice.js';

/** A network cut off after one of its columns (U-Net++: L1, L2 and so on). */
export interface PrunedForm {
  readonly column: number;
  /** The output of the supervised head at that column's full-size node. */
  readonly output: GraphOutput;
}

/** The forms that the supervised head of a nested decoder allows, the smallest first. */
export function prunedForms(graph: Graph, lattice: readonly LatticeNode[]): readonly PrunedForm[] {
  const head = mainHead(graph);
  const outputs = outputsOf(graph, head);
  const starts = new Set(outputs.map(({ node }) => startOf(graph.nodes[node]!)));
  const decoder = lattice.find(({ name }) => starts.has(name))?.decoder;
  const top = lattice.filter((node) => node.level === 1 && node.decoder === decoder);
  const columns = new Set(top.map(({ column }) => column));
  if (outputs.length < 2 || columns.size < 2) return [];
  return top.flatMap((node): readonly PrunedForm[] => {
    const at = node === top.at(-1) ? undefined : node.name;
    const output = outputs.find((candidate) => {
      const node = graph.nodes[candidate.node]!;
      return node.tensor.madeBy.kind === 'head' && startOf(node) === at;
    });
    return output === undefined ? [] : [{ column: node.column, output }];
  });
}

/** The tensor that an output of a supervised head starts from; of the main one that is not written. */
const startOf = ({ tensor: { madeBy } }: GraphNode): string | undefined =>
  madeBy.kind === 'head' ? madeBy.at : undefined;

/** The network of one form: a single output, and what it is made of. Weights keep their names. */
export function prunedGraph(graph: Graph, { output }: PrunedForm): Graph {
  const { name } = output;
  const head = { name, outputs: [name], weights: [1], prediction: 'main' } as const;
  return withoutUnused({ ...graph, outputs: [output], heads: [head] });
}

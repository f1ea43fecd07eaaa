import { mainHead, outputsOf } from '../graph-heads.js';
import type { Graph, GraphOutput } from '../graph.js';
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
  const columns = new Set(lattice.filter(({ level }) => level === 1).map(({ column }) => column));
  if (outputs.length < 2 || columns.size < 2) return [];
  const top = lattice.filter(({ level }) => level === 1);
  return top.flatMap((node): readonly PrunedForm[] => {
    const at = node === top.at(-1) ? undefined : node.name;
    const output = outputs.find((candidate) => {
      const { madeBy } = graph.nodes[candidate.node]!.tensor;
      return madeBy.kind === 'head' && madeBy.at === at;
    });
    return output === undefined ? [] : [{ column: node.column, output }];
  });
}

/** The network of one form: a single output, and what it is made of. Weights keep their names. */
export function prunedGraph(graph: Graph, { output }: PrunedForm): Graph {
  const { name } = output;
  const head = { name, outputs: [name], weights: [1], prediction: 'main' } as const;
  return withoutUnused({ ...graph, outputs: [output], heads: [head] });
}

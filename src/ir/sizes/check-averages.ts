import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { outputsOf } from '../graph-heads.js';
import type { Graph } from '../graph.js';
import { affineSize, type AxisAnalysis } from './analysis.js';
import type { SizeAnalysis } from './sizes.js';

/** Reports heads that predict the mean of outputs which differ in size. */
export function checkAverages(graph: Graph, sizes: SizeAnalysis): readonly Diagnostic[] {
  const reporter = new Reporter();
  for (const head of graph.heads) {
    const [first, ...others] = outputsOf(graph, head);
    if (head.prediction !== 'average' || first === undefined) continue;
    const odd = others.find(({ node }) => !areEqual(sizes, first.node, node));
    if (odd === undefined) continue;
    reporter.report(
      'average-sizes-differ',
      { head: head.name, first: first.name, second: odd.name },
      {
        at: first.origin,
        help: ['End the head with a resize to the input, as in "-> resize_to(image)".'],
      },
    );
  }
  return reporter.diagnostics;
}

/** Whether two tensors have one size at every legal input size. */
export function areEqual({ height, width }: SizeAnalysis, one: number, other: number): boolean {
  const agree = (axis: AxisAnalysis): boolean =>
    axis.residues.every((legal) => {
      const [left, right] = [affineSize(axis, legal, one), affineSize(axis, legal, other)];
      const isSame = (difference: number): boolean => Math.abs(difference) < 1e-9;
      return isSame(left.scale - right.scale) && isSame(left.offset - right.offset);
    });
  return agree(height) && agree(width);
}

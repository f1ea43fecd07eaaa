import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Graph } from '../../ir/graph.js';
import { holdsWeights, weightsName } from '../../ir/operations/weights.js';
import { attributeProblem } from './identifiers.js';

/**
 * Reports names that no module can have that holds weights: names of weights are those of
 * the spec without exceptions, so a target cannot choose others.
 */
export function checkNames({ nodes }: Graph): readonly Diagnostic[] {
  const reporter = new Reporter();
  const held = nodes.filter(({ op }) => holdsWeights(op));
  const layers = new Set(held.map(weightsName));
  const reported = new Set<string>();
  for (const node of held) {
    const { origin } = node;
    const parts = weightsName(node).split('/');
    for (const [index, part] of parts.entries()) {
      const path = parts.slice(0, index + 1).join('/');
      const isOfLayer = layers.has(parts.slice(0, index).join('/'));
      const reason = attributeProblem(part, isOfLayer);
      if (reason === undefined || reported.has(path)) continue;
      reported.add(path);
      const help = ['Give the tensor another name.'];
      reporter.report('torch-name', { tensor: path, name: part, reason }, { at: origin, help });
    }
  }
  return reporter.diagnostics;
}

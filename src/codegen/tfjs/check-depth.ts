import { Reporter } from '../../diagnostics/report.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/source.js';
import type { Graph } from '../../ir/graph.js';

/**
 * How many operations may follow each other in a layers model. TensorFlow.js walks such
 * models by calling itself: some 4,000 layers fill the stack of Node.js, and pages have
 * no larger one.
 */
export const depthLimit = 2000;

/** Reports a network that is too deep for the layers models of TensorFlow.js. */
export function checkDepth(graph: Graph, at: Span): readonly Diagnostic[] {
  const depths: number[] = [];
  for (const { inputs } of graph.nodes) {
    depths.push(inputs.reduce((most, input) => Math.max(most, depths[input]! + 1), 0));
  }
  const depth = depths.reduce((most, each) => Math.max(most, each), 0);
  if (depth <= depthLimit) return [];
  const reporter = new Reporter();
  const parameters = { model: graph.model, depth, limit: depthLimit };
  reporter.report('network-too-deep', parameters, { at });
  return reporter.diagnostics;
}

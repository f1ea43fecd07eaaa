import type { Graph } from '../graph.js';
import { formOf, type HeadTargets } from '../target.js';

/** The graph whose outputs know what the recipe's targets make of them. */
export function withTargets(graph: Graph, targets: HeadTargets): Graph {
  if (Object.keys(targets).length === 0) return graph;
  const forms = new Map(
    graph.heads.flatMap(({ name, outputs }) => {
      const target = targets[name];
      return target === undefined ? [] : outputs.map((output) => [output, formOf(target)] as const);
    }),
  );
  const outputs = graph.outputs.map((output) => {
    const form = forms.get(output.name);
    return form === undefined ? output : { ...output, form };
  });
  return { ...graph, outputs };
}

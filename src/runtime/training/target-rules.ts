import { mainOutputOf } from '../../ir/graph-heads.js';
import type { Graph } from '../../ir/graph.js';
import type { HeadTargets } from '../../ir/target.js';
import { valueRanges } from '../../ir/value-ranges.js';
import type { TargetRule } from '../data/read-target.js';

/** What the files of targets have to hold for the heads of a network. */
export function targetRules(graph: Graph, targets: HeadTargets): readonly TargetRule[] {
  if (Object.keys(targets).length === 0) return [];
  const ranges = valueRanges(graph.nodes);
  return Object.entries(targets).map(([name, target]) => {
    const head = graph.heads.find((each) => each.name === name)!;
    const { node } = mainOutputOf(graph, head);
    const { channels } = graph.nodes[node]!;
    const { low, high } = ranges[node]!;
    return { head: name, target, channels, range: { low, high } };
  });
}

import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { Graph } from '../../ir/graph.js';
import { weightsOf } from '../../ir/weights.js';
import { atFile } from '../data/at-file.js';
import type { Checkpoint, CheckpointName } from './checkpoint.js';
import { modelFile } from './stored-file.js';

/**
 * Reports a checkpoint whose weights are not in the order in which they are written: those
 * of one operation in the graph's order. Names that somebody has put on others of the same
 * length, such as those of scale and shift, are found by this alone.
 */
export function checkWeightOrder(
  run: string,
  name: CheckpointName,
  { weights }: Pick<Checkpoint, 'weights'>,
  graph: Graph,
): readonly Diagnostic[] {
  const places = new Map([...weights.keys()].map((weight, at) => [weight, at]));
  const isInOrder = graph.nodes.every((node) => {
    const found = weightsOf(graph, node).flatMap((spec) => places.get(spec.name) ?? []);
    return found.every((place, at) => at === 0 || place > found[at - 1]!);
  });
  if (isInOrder) return [];
  const file = join(run, name, modelFile);
  const reason = 'its weights are not in the order of the network';
  const help = ['Use the other checkpoint of the run, or train anew.'];
  return [createDiagnostic('checkpoint-damaged', { file, reason }, { at: atFile(file), help })];
}

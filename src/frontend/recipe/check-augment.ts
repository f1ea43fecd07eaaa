import type { EvaluationContext } from '../values/evaluation-context.js';
import type { Graph } from '../../ir/graph.js';
import type { AugmentationName, ComponentCall } from '../../ir/recipe.js';

/** Those that change colours. */
const ofColours: ReadonlySet<AugmentationName> = new Set(['hue', 'saturation']);

/** Reports augmentations that do not fit the channels of the model's input. */
export function checkAugment(
  calls: readonly ComponentCall<AugmentationName>[],
  graph: Graph,
  { reporter }: EvaluationContext,
): void {
  const input = graph.inputs.find(({ node }) => graph.nodes[node]!.channels !== 3);
  if (input === undefined) return;
  const { channels } = graph.nodes[input.node]!;
  for (const { name, origin } of calls) {
    if (!ofColours.has(name)) continue;
    const parameters = { augmentation: name, input: input.name, channels };
    const help = ['Take it out; "brightness", "contrast" and "gamma" take any channels.'];
    reporter.report('augmentation-channels', parameters, { at: origin, help });
  }
}

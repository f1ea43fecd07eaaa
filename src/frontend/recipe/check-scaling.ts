import type { EvaluationContext } from '../values/evaluation-context.js';
import type { Graph } from '../../ir/graph.js';
import type { ComponentCall, ScalingName } from '../../ir/recipe.js';
import { rangeOf } from '../../ir/scaling.js';

/** Reports a scaling that does not fit the channels of the model's input, and an empty range. */
export function checkScaling(
  call: ComponentCall<ScalingName>,
  graph: Graph,
  { reporter }: EvaluationContext,
): void {
  const at = call.origin;
  const scaling = call.name;
  const input = graph.inputs[0]!;
  const { channels } = graph.nodes[input.node]!;
  const reported = { scaling, input: input.name, channels };
  if ((scaling === 'imagenet' || scaling === 'caffe') && channels !== 1 && channels !== 3) {
    const help = ['Give mean and deviation of each channel to "normalize".'];
    reporter.report('scaling-channels', { ...reported, expects: '1 or 3' }, { at, help });
  }
  for (const option of scaling === 'normalize' ? ['mean', 'deviation'] : []) {
    const values = call.options[option];
    if (!Array.isArray(values) || values.length === channels) continue;
    const help = [`Give "${option}" one number for all channels, or ${channels} numbers.`];
    const expects = `${values.length}, by its "${option}"`;
    reporter.report('scaling-channels', { ...reported, expects }, { at, help });
  }
  const [low, high] = rangeOf(call) ?? [0, 1];
  if (low >= high) reporter.report('scaling-range-empty', { scaling, low, high }, { at });
}

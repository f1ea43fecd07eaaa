import type { Reporter } from '../../diagnostics/report.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import type { Graph } from '../../ir/graph.js';
import type { ComponentCall, ScalingName } from '../../ir/recipe.js';
import { rangeOf } from '../../ir/scaling.js';

/** Reports a scaling that does not fit the channels of the model's inputs, and an empty range. */
export function checkScaling(
  call: ComponentCall<ScalingName>,
  graph: Graph,
  { reporter }: EvaluationContext,
): void {
  for (const { name, node } of graph.inputs) {
    checkChannels(call, name, graph.nodes[node]!.channels, reporter);
  }
  const [low, high] = rangeOf(call) ?? [0, 1];
  const parameters = { scaling: call.name, low, high };
  if (low >= high) reporter.report('scaling-range-empty', parameters, { at: call.origin });
}

function checkChannels(
  call: ComponentCall<ScalingName>,
  input: string,
  channels: number,
  reporter: Reporter,
): void {
  const at = call.origin;
  const scaling = call.name;
  const reported = { scaling, input, channels };
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
}

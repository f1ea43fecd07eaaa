import type { OptionsOf } from '../../catalog/options-of.js';
import type { Graph } from '../../ir/graph.js';
import { classifiesImages, mainHead } from '../../ir/graph-heads.js';
import type {
  MaskStep,
  PostProcessing,
  PostStepName,
  Separation,
  SeparationName,
} from '../../ir/post-processing.js';
import type { ComponentCall, MetricName } from '../../ir/recipe.js';
import type { EvaluationContext } from '../values/evaluation-context.js';

type PostStep = ComponentCall<PostStepName>;
/** The fields of a recipe that say what becomes of probabilities, once their types were checked. */
export interface PostFields {
  readonly steps: readonly PostStep[];
  readonly objects: ComponentCall<SeparationName> | undefined;
}

type Metric = ComponentCall<MetricName>;

/**
 * The post-processing of a recipe. Reports steps that do not fit the head that is predicted, a
 * threshold that does not stand first, and metrics that would measure another mask than the one
 * that is painted.
 */
export function readPost(
  { steps: calls, objects }: PostFields,
  metrics: readonly Metric[],
  graph: Graph,
  context: EvaluationContext,
): PostProcessing {
  const [first] = calls;
  for (const call of calls) checkStep(call, first, graph, context);
  const threshold =
    first?.name === 'threshold'
      ? (first.options as OptionsOf<'post_step', 'threshold'>).at
      : undefined;
  if (first !== undefined) checkMetrics(threshold, metrics, context);
  if (objects !== undefined) checkObjects(objects, graph, context);
  return { threshold, steps: calls.flatMap(stepOf), objects: objects && separationOf(objects) };
}

function separationOf({ name, options }: ComponentCall<SeparationName>): Separation {
  switch (name) {
    case 'components':
      return { kind: name, ...(options as OptionsOf<'separation', 'components'>) };
    case 'watershed': {
      const { seed, border, smallest } = options as OptionsOf<'separation', 'watershed'>;
      return { kind: name, seed, border, smallest };
    }
    case 'head_watershed':
      return { kind: name, ...(options as OptionsOf<'separation', 'head_watershed'>) };
    case 'distance_watershed':
      return { kind: name, ...(options as OptionsOf<'separation', 'distance_watershed'>) };
  }
}

function checkObjects(
  { name: step, options, origin: at }: ComponentCall<SeparationName>,
  graph: Graph,
  { reporter }: EvaluationContext,
): void {
  const head = mainHead(graph);
  if (classifiesImages(graph, head)) {
    const reason = `head "${head.name}" classifies whole images and gives no masks`;
    const help = ['Take "objects" out, or predict a head that gives masks.'];
    reporter.report('post-step-unfit', { step, field: 'objects', reason }, { at, help });
    return;
  }
  if (step === 'head_watershed') {
    const reason = misfitOfGuide(options['head'] as string, graph);
    const help = ['Give a head of one channel a target: target NAME: distance.'];
    if (reason !== undefined) {
      reporter.report('post-step-unfit', { step, field: 'objects', reason }, { at, help });
    }
    return;
  }
  const { border } = options;
  const channels = channelsOf(graph);
  if (typeof border !== 'number' || (channels > 2 && border < channels)) return;
  const reason = `there is no class ${border} for borders beside the background and what they surround: head "${head.name}" has ${channels} ${channels === 1 ? 'channel' : 'channels'}`;
  const help = ['A network that learns borders has a channel for each of the three.'];
  reporter.report('post-step-unfit', { step, field: 'objects', reason }, { at, help });
}

/** Why objects cannot grow over what a head predicts; undefined where they can. */
function misfitOfGuide(name: string, graph: Graph): string | undefined {
  const output = graph.outputs.find((each) => each.name === name);
  if (output === undefined) return `there is no head "${name}"`;
  if (output.form !== 'values') return `head "${name}" has no target of values`;
  const { channels } = graph.nodes[output.node]!;
  return channels === 1 ? undefined : `head "${name}" has ${channels} channels, and one counts`;
}

function channelsOf(graph: Graph): number {
  const { name } = mainHead(graph);
  return graph.nodes[graph.outputs.find((output) => output.name === name)!.node]!.channels;
}

function stepOf({ name, options }: PostStep): readonly MaskStep[] {
  switch (name) {
    case 'threshold':
      return [];
    case 'remove_small':
      return [{ kind: name, ...(options as OptionsOf<'post_step', 'remove_small'>) }];
    case 'fill_holes': {
      const { pixels, corners } = options as OptionsOf<'post_step', 'fill_holes'>;
      return [{ kind: name, pixels, corners }];
    }
    case 'keep_largest':
      return [{ kind: name, ...(options as OptionsOf<'post_step', 'keep_largest'>) }];
  }
}

function checkStep(
  { name: step, origin: at }: PostStep,
  first: PostStep | undefined,
  graph: Graph,
  { reporter }: EvaluationContext,
): void {
  const head = mainHead(graph);
  const refuse = (reason: string, help: string): void => {
    reporter.report('post-step-unfit', { step, field: 'post', reason }, { at, help: [help] });
  };
  if (classifiesImages(graph, head)) {
    refuse(
      `head "${head.name}" classifies whole images and gives no masks`,
      'Take "post" out, or predict a head that gives masks.',
    );
    return;
  }
  if (step !== 'threshold') return;
  const channels = channelsOf(graph);
  if (channels > 1) {
    refuse(
      `head "${head.name}" has ${channels} channels, and the likeliest class of a pixel counts`,
      'A threshold is for heads of one channel: take it out.',
    );
  }
  if (at !== first?.origin) {
    refuse('it makes the mask that the steps change', 'Write one threshold, before all others.');
  }
}

const usualThreshold = 0.5;

/** Metrics measure the mask that is painted: there is one threshold. */
function checkMetrics(
  threshold: number | 'found' | undefined,
  metrics: readonly Metric[],
  { reporter }: EvaluationContext,
): void {
  const own = ({ options }: Metric): number => Number(options['threshold'] ?? usualThreshold);
  const painted = threshold ?? (metrics[0] === undefined ? usualThreshold : own(metrics[0]));
  for (const metric of metrics) {
    const { name, origin: at } = metric;
    const value = own(metric);
    const isUsual = value === usualThreshold && threshold !== undefined;
    const isFree = metric.options['soft'] === true || metric.options['threshold'] === undefined;
    if (value === painted || isUsual || isFree) continue;
    const help = [
      threshold === undefined
        ? 'Give all metrics one threshold, or say it in "post" alone.'
        : 'Take the threshold out of the metric.',
    ];
    const parameters = { metric: name, own: value, painted: String(painted) };
    reporter.report('post-threshold-differs', parameters, { at, help });
  }
}

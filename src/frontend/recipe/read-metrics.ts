import { formOfHead, mainHead } from '../../ir/graph-heads.js';
import type { Graph, GraphHead } from '../../ir/graph.js';
import { classMetrics, isValueMetric } from '../../ir/metric-options.js';
import type { ComponentCall, MetricName, TrainRecipe } from '../../ir/recipe.js';
import type { EvaluationContext } from '../values/evaluation-context.js';
import { defaultsOf } from './read-component.js';

type Metrics = readonly ComponentCall<MetricName>[];

/**
 * Which metrics measure which head: those of values the heads whose target is values, all others
 * the other heads; where none of the list does, `mae` or `dice`. A metric that no head gives
 * anything for is reported.
 *
 * @param written as the recipe has them, or nothing.
 */
export function readMetrics(
  written: Metrics,
  graph: Graph,
  { reporter }: EvaluationContext,
): Pick<TrainRecipe, 'metrics' | 'targetMetrics'> {
  const main = mainHead(graph);
  const others = graph.heads.filter((head) => head !== main && hasOwnTarget(graph, head));
  const heads = [main, ...others];
  for (const { name: metric, origin: at } of written) {
    const isOfValues = isValueMetric(metric);
    if (heads.some((head) => isOfValues === givesValues(graph, head))) continue;
    const measures = isOfValues ? 'values' : 'classes';
    const help = [
      isOfValues
        ? 'A head predicts values where "target" says so: target NAME: values("{part}/values").'
        : 'Values are measured by "mae" and "rmse".',
    ];
    reporter.report('metric-of-no-head', { metric, measures }, { at, help });
  }
  const origin = graph.scopes[0]!.origin;
  const usual = <N extends MetricName>(name: N): readonly ComponentCall<N>[] => [
    { name, options: defaultsOf('metric', name), origin },
  ];
  const ofClasses = classMetrics(written);
  const ofValues = written.filter(({ name }) => isValueMetric(name));
  const metrics = ofClasses.length > 0 ? ofClasses : usual('dice');
  const valueMetrics = ofValues.length > 0 ? ofValues : usual('mae');
  const targetMetrics = others.map((head): readonly [string, Metrics] => [
    head.name,
    givesValues(graph, head) ? valueMetrics : metrics,
  ]);
  return { metrics, targetMetrics: Object.fromEntries(targetMetrics) };
}

const givesValues = (graph: Graph, head: GraphHead): boolean =>
  formOfHead(graph, head) === 'values';

/** Whether the recipe gives a head a target. */
const hasOwnTarget = (graph: Graph, head: GraphHead): boolean =>
  graph.outputs.some(({ name, form }) => name === head.name && form !== undefined);

import type { CompiledModel } from '../../compile.js';
import { mainHead, outputsOf } from '../../ir/graph-heads.js';
import type { Graph } from '../../ir/graph.js';
import { averageName, evaluationGraph, probabilityGraph } from '../../ir/forms/inference-graph.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import { areEqual } from '../../ir/sizes/check-averages.js';
import { readOutputs, type Head } from '../losses/head.js';

/** What a predictor runs: every output gives probabilities. */
export interface PredictedGraph {
  readonly graph: Graph;
  /** The output that is predicted. */
  readonly head: Head;
  /** Outputs to look at beside it. */
  readonly others: readonly Head[];
  /** The heads with targets of their own. */
  readonly targets: readonly Head[];
}

/** The network without what only training needs. */
export function graphToPredict(
  { graph }: Pick<CompiledModel, 'graph'>,
  { losses, data }: Pick<TrainRecipe, 'losses' | 'data'>,
): PredictedGraph {
  const inference = probabilityGraph(graph, losses);
  const { name } = mainHead(graph);
  const outputs = readOutputs(inference, losses);
  return {
    graph: inference,
    head: outputs.find((output) => output.head.name === name)!.head,
    others: [],
    targets: outputs.flatMap(({ head }) => (data.targets[head.name] === undefined ? [] : head)),
  };
}

/**
 * The same with every output of a supervised head and their mean, where all have one
 * size: what deep supervision is judged by.
 */
export function graphToEvaluate(
  model: Pick<CompiledModel, 'graph' | 'sizes'>,
  recipe: Pick<TrainRecipe, 'losses' | 'data'>,
): PredictedGraph {
  const { graph, sizes } = model;
  const main = mainHead(graph);
  const [first, ...rest] = outputsOf(graph, main);
  const alike = rest.every(({ node }) => areEqual(sizes, first!.node, node));
  const plain = graphToPredict(model, recipe);
  if (rest.length === 0 || !alike) return plain;
  const beside = graph.heads.filter(({ name }) => recipe.data.targets[name] !== undefined);
  const evaluated = evaluationGraph(graph, recipe.losses, main, beside);
  const trained = readOutputs(graph, recipe.losses);
  const others = outputsOf(graph, main).map(({ name }): Head => {
    const { head } = trained.find((output) => output.head.name === name)!;
    return { ...head, name: `${main.name}/${name}`, gives: 'probabilities' };
  });
  const average: Head = { ...others[0]!, name: averageName(main) };
  return { ...plain, graph: evaluated, others: [...others, average] };
}

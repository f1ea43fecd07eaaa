import type { CompiledModel } from '../../compile.js';
import { probabilityGraph } from '../../ir/forms/inference-graph.js';
import { weightOwners } from '../../ir/operations/weights.js';
import type { Pair } from '../../ir/operations/ops.js';
import type { OptimizerName } from '../../ir/recipe.js';
import { withLogitHeads } from '../losses/head.js';
import { predictionMemory } from './prediction-memory.js';
import { weightBytes } from './tensor-sizes.js';
import { trainingMemory } from './training-memory.js';

/** What a model takes, in bytes. */
export interface ModelMemory {
  /** All weights, as float32. */
  readonly weights: number;
  /** Memory of the engine to predict one image, the weights among it. */
  readonly prediction: number;
  /** The same for a training step with one image, the optimizer's memory among it. */
  readonly training: number;
}

/** Estimates, as `predict` and `train` make them before they begin, at a legal input size. */
export function modelMemory(
  { graph, recipe }: Pick<CompiledModel, 'graph' | 'recipe'>,
  [height, width]: Pair,
): ModelMemory {
  const predicts = probabilityGraph(graph, recipe.losses);
  const slots = optimizerSlots[recipe.optimizer.name];
  return {
    weights: weightOwners(graph).reduce((sum, node) => sum + weightBytes(graph, node), 0),
    prediction: predictionMemory(predicts, height, width),
    training: trainingMemory(withLogitHeads(graph), height, width, 1, slots),
  };
}

/** Tensors that an optimizer keeps for each weight; known without an engine. */
export const optimizerSlots: Readonly<Record<OptimizerName, number>> = {
  adam: 2,
  adamw: 2,
  sgd: 1,
  rmsprop: 2,
};

import * as tf from '@tensorflow/tfjs';
import type { ImageValues } from '../data/check-brightness.js';
import type { WantedTiles } from '../data/tiling.js';
import { memoryLimits } from '../memory/limits.js';
import { weightsFromValues } from '../network/weights.js';
import type { Preprocessing } from '../runs/checkpoint.js';
import type { CompiledRun } from '../training/run-spec.js';
import { describeNetwork, type NetworkInterface } from '../training/setup.js';
import { graphToEvaluate, graphToPredict } from './predicted-graph.js';
import { createPredictor, type Predictor } from './predictor.js';
import { tilingRules } from './tiling.js';

/** What a training has found in its data, beside what its recipe says; weights alone know nothing of it. */
export type FoundInData = Partial<Pick<Preprocessing, 'masks' | 'images' | 'classPixels'>>;

/** A network with weights, ready to be used. */
export interface TrainedNetwork {
  /** The spec that it is of, and the recipe that says how images become input. */
  readonly run: CompiledRun;
  readonly network: NetworkInterface;
  readonly found: FoundInData;
  /** A predictor with these weights, on the engine in use; the caller disposes it. */
  createPredictor(options?: {
    readonly everyOutput?: boolean;
    /** Cuts every image that is larger into such tiles. */
    readonly tiles?: WantedTiles | undefined;
  }): Predictor;
}

/**
 * The network of a spec with weights.
 *
 * @param values every weight of the network, by its names.
 */
export function trainedNetwork(
  run: CompiledRun,
  values: ReadonlyMap<string, Float32Array>,
  found: FoundInData,
): TrainedNetwork {
  const network = describeNetwork(run);
  return {
    run,
    network,
    found,
    createPredictor: ({ everyOutput = false, tiles } = {}) => {
      const limits = memoryLimits(tf.getBackend(), tf.memory().numBytes);
      const weights = weightsFromValues(run.model.graph, values);
      const { sizes, policy, scaling } = network;
      const { graph, head, others } = everyOutput
        ? graphToEvaluate(run.model, run.recipe)
        : graphToPredict(run.model, run.recipe);
      try {
        const tiling = tilingRules({ graph, sizes: run.model.sizes, limits, wanted: tiles });
        return createPredictor({ graph, head, others, weights, sizes, policy, scaling, tiling });
      } finally {
        weights.dispose();
      }
    },
  };
}

/** What the training images held, where the scaling leaves it to be seen; weights alone and older checkpoints do not say. */
export function trainedValues({
  network,
  found,
}: Pick<TrainedNetwork, 'network' | 'found'>): readonly ImageValues[] | undefined {
  const isMeasured = network.scaling.statistics === undefined;
  return isMeasured ? undefined : found.images;
}

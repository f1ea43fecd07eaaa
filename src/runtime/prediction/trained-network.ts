import type { ImageValues } from '../data/check-brightness.js';
import type { TilingRules, WantedTiles } from '../data/tiling.js';
import type { Preprocessing } from '../runs/checkpoint.js';
import type { CompiledRun } from '../training/run-spec.js';
import { describeNetwork, type NetworkInterface } from '../training/network-interface.js';
import { mirrorsOf, type TestTimeAugmentation } from './mirrors.js';
import { graphToEvaluate, graphToPredict, type PredictedGraph } from './predicted-graph.js';
import { createPredictor, type Predictor } from './predictor.js';
import { tilingRules } from './tiling.js';
import type { PredictionEngine, WindowNetwork } from './window-network.js';

/** What a training has found in its data, beside what its recipe says; weights alone know nothing of it. */
export interface FoundInData extends Partial<
  Pick<Preprocessing, 'masks' | 'images' | 'classPixels'>
> {
  /** The threshold with the best masks of the validation images, where the recipe wants it found. */
  readonly threshold?: number | undefined;
  /** Of several networks: the digests of the images that one of them at least was trained on (`PairContents`). */
  readonly trainedOn?: ReadonlySet<string>;
}

/** A network with weights, ready to be used. */
export interface TrainedNetwork {
  /** The spec that it is of, and the recipe that says how images become input. */
  readonly run: CompiledRun;
  readonly network: NetworkInterface;
  readonly found: FoundInData;
  /** The network with these weights on an engine; the caller disposes it. Rejects with `EngineFailure`. */
  prepare(wishes: PreparationWishes): Promise<PreparedNetwork>;
  /** A predictor with these weights; the caller disposes it. Rejects with `EngineFailure`. */
  createPredictor(options?: PredictionWishes): Promise<Predictor>;
}

/** A network on an engine, and what is known of it there. */
export interface PreparedNetwork {
  readonly predicted: PredictedGraph;
  readonly windows: WindowNetwork;
  /** More networks with the same outputs, whose mean is predicted. */
  readonly more?: readonly WindowNetwork[];
  /** How its memory and its pixels let images be cut. */
  readonly tiling: TilingRules;
}

/** What a network is prepared for. */
export type PreparationWishes = Pick<PredictionWishes, 'everyOutput' | 'tiles' | 'tta'> & {
  readonly engine: PredictionEngine;
};

/** How a trained network predicts. */
export interface PredictionWishes {
  /** What computes; the engine of TensorFlow.js in use unless given. */
  readonly engine?: PredictionEngine | undefined;
  /** Whether every output of a supervised head is predicted, and their mean. */
  readonly everyOutput?: boolean;
  /** Cuts every image that is larger into such tiles. */
  readonly tiles?: WantedTiles | undefined;
  /** The mean over mirror images in place of the image as it is. */
  readonly tta?: TestTimeAugmentation | undefined;
  /** Whether strips end in the spread over those (`PredictorOptions.spread`). */
  readonly spread?: boolean;
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
  return preparedNetwork({ run, network, found }, async (wishes) => {
    const { engine, everyOutput, tiles: wanted, tta } = wishes;
    const { model, recipe } = run;
    const predicted = (everyOutput === true ? graphToEvaluate : graphToPredict)(model, recipe);
    const { graph } = predicted;
    const limits = engine.limits();
    const isMirrored = tta !== undefined;
    const tiling = tilingRules({ graph, sizes: model.sizes, limits, wanted, isMirrored });
    return { predicted, windows: await engine.prepare({ graph, recipe, weights: values }), tiling };
  });
}

/** A trained network that is made ready in some way. */
export function preparedNetwork(
  facts: Pick<TrainedNetwork, 'run' | 'network' | 'found'>,
  prepare: TrainedNetwork['prepare'],
): TrainedNetwork {
  const { sizes, policy, scaling } = facts.network;
  return {
    ...facts,
    prepare,
    createPredictor: async (wishes = {}) => {
      const { engine = await usualEngine(), tta, spread = false } = wishes;
      const { predicted, windows, more = [], tiling } = await prepare({ ...wishes, engine });
      const all = { ...predicted, network: windows, more, sizes, policy, scaling, tiling };
      return createPredictor({ ...all, mirrors: mirrorsOf(tta), spread });
    },
  };
}

/** Loaded only here: what predicts otherwise needs no TensorFlow.js. */
async function usualEngine(): Promise<PredictionEngine> {
  const { functionalEngine } = await import('./functional-engine.js');
  return functionalEngine;
}

/** What the training images held, where the scaling leaves it to be seen; weights alone and older checkpoints do not say. */
export function trainedValues({
  network,
  found,
}: Pick<TrainedNetwork, 'network' | 'found'>): readonly ImageValues[] | undefined {
  const isMeasured = network.scaling.statistics === undefined;
  return isMeasured ? undefined : found.images;
}

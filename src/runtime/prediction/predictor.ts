import * as tf from '@tensorflow/tfjs';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { Span } from '../../diagnostics/source.js';
import type { Graph } from '../../ir/graph.js';
import type { ScalingPlan } from '../../ir/scaling.js';
import type { PlaneSizes } from '../data/geometry.js';
import type { Pixels } from '../data/pixels.js';
import { planPrediction } from '../data/prediction-plan.js';
import { applyScaling, measureScaling } from '../data/scaling.js';
import type { SizePolicy } from '../data/size-policy.js';
import { cutWindow, preparePrediction, Stitcher } from '../data/stitching.js';
import type { Head } from '../losses/head.js';
import { probabilitiesOf } from '../losses/region-losses.js';
import { prepareInference } from '../network/inference.js';
import type { WeightStore } from '../network/weights.js';

/** What a predictor is made from. */
export interface PredictorOptions {
  readonly graph: Graph;
  /** The head to predict, one of the graph's. */
  readonly head: Head;
  /** More outputs of the graph, of the head's size, to predict beside it. */
  readonly others?: readonly Head[];
  readonly weights: WeightStore;
  readonly sizes: PlaneSizes;
  /** The recipe's policy for images of other sizes than the network takes. */
  readonly policy: SizePolicy;
  readonly scaling: ScalingPlan;
}

/** The prediction for one image. */
export interface Prediction {
  /** Probabilities by channel, at the image's own size. */
  readonly probabilities: Pixels;
  /** The same of each other output, by name. */
  readonly others: ReadonlyMap<string, Pixels>;
  /** What was padded, resized or cut for it; one sentence without a final period. */
  readonly description: string;
}

/** Predicts images of any size with fixed weights. */
export interface Predictor {
  readonly head: Head;
  /**
   * The probabilities for an image of 0-to-1 values with the input's number of
   * channels; undefined, with diagnostics at `place`, where no legal size of
   * the network fits it.
   */
  predict(image: Pixels, place: Span): Promise<Result<Prediction | undefined>>;
  /** Frees the prepared weights; the store is untouched. */
  dispose(): void;
}

/** Prepares a network for predicting; later changes of the weights do not show. */
export function createPredictor(options: PredictorOptions): Predictor {
  const { graph, head, others = [], weights, sizes, policy, scaling } = options;
  const network = prepareInference(graph, weights);
  return {
    head,
    predict: async (image, place) => {
      const { value: plan, diagnostics } = planPrediction(
        image.height,
        image.width,
        policy,
        sizes,
        place,
      );
      if (plan === undefined) return { value: undefined, diagnostics };
      const scale = measureScaling(image, scaling);
      const canvas = preparePrediction(image, plan);
      const heads = [head, ...others];
      const stitchers = heads.map(({ channels }) => new Stitcher(plan, channels));
      for (const window of plan.windows) {
        const input = cutWindow(canvas, plan, window);
        applyScaling(input.data, input.channels, scale);
        const outputs = await runWindow(input, heads);
        if (outputs.some(hasNoNumber)) return failed(place);
        for (const [at, stitcher] of stitchers.entries()) stitcher.add(window, outputs[at]!);
      }
      const [probabilities, ...rest] = stitchers.map((stitcher) => stitcher.finish());
      const value: Prediction = {
        probabilities: probabilities!,
        others: new Map(others.map(({ name }, at) => [name, rest[at]!])),
        description: plan.description,
      };
      return { value, diagnostics: noDiagnostics };
    },
    dispose: () => network.dispose(),
  };

  async function runWindow(
    input: Pixels,
    heads: readonly Head[],
  ): Promise<readonly Float32Array[]> {
    const { height, width, channels, data } = input;
    const outputs = tf.tidy(() => {
      const given = network.forward(tf.tensor4d(data, [1, height, width, channels]));
      return heads.map((each) => probabilitiesOf(given.get(each.name)!, each));
    });
    const values = await Promise.all(outputs.map((output) => output.data<'float32'>()));
    tf.dispose(outputs);
    return values;
  }
}

const noDiagnostics: readonly Diagnostic[] = [];

function hasNoNumber(values: Float32Array): boolean {
  // NaN is the one value that makes the sum of all NaN again; infinities cancel out to it too.
  let sum = 0;
  for (const value of values) sum += value;
  return Number.isNaN(sum);
}

function failed(place: Span): Result<undefined> {
  const help = ['The weights of the run are damaged by a training that went wrong; train again.'];
  const parameters = { image: place.file };
  const problem = createDiagnostic('prediction-not-finite', parameters, { at: place, help });
  return { value: undefined, diagnostics: [problem] };
}

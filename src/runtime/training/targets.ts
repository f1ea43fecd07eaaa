import type * as tf from '../tensorflow.js';
import type { Batch } from '../data/batches.js';
import type { HeadLosses } from '../../ir/recipe.js';
import type { TrainedOutput } from '../losses/head.js';
import { planesOf } from '../losses/loss-terms.js';
import {
  makeImageTarget,
  makeTarget,
  type LossTarget,
  type TargetValues,
} from '../losses/target.js';

/**
 * The targets of all outputs for a batch, whose masks have the size of the main
 * head's output, or of the input where that classifies images. An output of another resolution is compared with the same masks
 * at its own size, each pixel taking the nearest one; one that classifies images with
 * which classes occur in them.
 *
 * @param outputs what the network gave; their shapes alone are read.
 */
export function makeTargets(
  trained: readonly TrainedOutput[],
  losses: HeadLosses,
  batch: Batch,
  outputs: ReadonlyMap<string, tf.Tensor4D>,
): ReadonlyMap<string, LossTarget> {
  const full: TargetValues = {
    count: batch.count,
    height: batch.outputHeight,
    width: batch.outputWidth,
    masks: batch.masks,
    weights: batch.weights,
  };
  return new Map(
    trained.map(({ head, owner }) => {
      if (head.classifiesImages) return [head.name, makeImageTarget(head, full)];
      const [, height, width] = outputs.get(head.name)!.shape;
      const maps = planesOf(losses, owner, batch.planes);
      return [head.name, makeTarget(head, resample({ ...full, maps }, height, width))];
    }),
  );
}

function resample(values: TargetValues, height: number, width: number): TargetValues {
  if (height === values.height && width === values.width) return values;
  const { count, masks, weights, maps = [] } = values;
  const from = new Int32Array(count * height * width);
  let to = 0;
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < height; y++) {
      const row = n * values.height + Math.floor(((y + 0.5) * values.height) / height);
      for (let x = 0; x < width; x++) {
        from[to++] = row * values.width + Math.floor(((x + 0.5) * values.width) / width);
      }
    }
  }
  const pick = (plane: Float32Array): Float32Array => Float32Array.from(from, (at) => plane[at]!);
  return {
    count,
    height,
    width,
    masks: Uint8Array.from(from, (at) => masks[at]!),
    weights: pick(weights),
    maps: maps.map(pick),
  };
}

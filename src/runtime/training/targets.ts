import type * as tf from '@tensorflow/tfjs';
import type { Batch } from '../data/batches.js';
import type { Head } from '../losses/head.js';
import { makeTarget, type LossTarget, type TargetValues } from '../losses/target.js';

/**
 * The targets of all heads for a batch, whose masks have the size of the first
 * head's output. A head of another resolution is compared with the same masks
 * at its own size, each pixel taking the nearest one.
 *
 * @param outputs the heads' outputs; their shapes alone are read.
 */
export function makeTargets(
  heads: readonly Head[],
  batch: Batch,
  outputs: ReadonlyMap<string, tf.Tensor4D>,
): ReadonlyMap<string, LossTarget> {
  const full: TargetValues = {
    count: batch.count,
    height: batch.outputHeight,
    width: batch.outputWidth,
    masks: batch.masks,
    weights: batch.weights,
    maps: batch.planes,
  };
  return new Map(
    heads.map((head) => {
      const [, height, width] = outputs.get(head.name)!.shape;
      return [head.name, makeTarget(head, resample(full, height, width))];
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

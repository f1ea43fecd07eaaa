import type * as tf from '../tensorflow.js';
import type { Batch } from '../data/batches.js';
import { maskOfPlane } from '../data/pixels.js';
import type { HeadLosses } from '../../ir/recipe.js';
import type { Head, TrainedOutput } from '../losses/head.js';
import { planesOf } from '../losses/loss-terms.js';
import {
  makeImageTarget,
  makePlaneTarget,
  makeTarget,
  type LossTarget,
  type TargetValues,
} from '../losses/target.js';

/**
 * The targets of all outputs for a batch, whose masks have the size of the main
 * head's output, or of the input where that classifies images. An output of another resolution
 * is compared with the same masks or values at its own size, each pixel taking the nearest one;
 * one that classifies images with which classes occur in them.
 *
 * @param outputs what the network gave; their shapes alone are read.
 */
export function makeTargets(
  trained: readonly TrainedOutput[],
  losses: HeadLosses,
  batch: Batch,
  outputs: ReadonlyMap<string, tf.Tensor4D>,
): ReadonlyMap<string, LossTarget> {
  const { count, outputHeight: height, outputWidth: width, masks, weights } = batch;
  const full = { count, height, width };
  return new Map(
    trained.map(({ head, owner }) => {
      if (head.classifiesImages) {
        return [head.name, makeImageTarget(head, { ...full, masks, weights })];
      }
      const [, rows, columns] = outputs.get(head.name)!.shape;
      const pick = picker(full, rows, columns);
      const maps = planesOf(losses, owner, batch.planes).map(pick);
      const size = { count, height: rows, width: columns };
      const own = batch.targets.get(owner);
      return [
        head.name,
        own === undefined
          ? makeTarget(head, { ...size, masks: pick(masks), weights: pick(weights), maps })
          : targetOfPlanes(head, { ...size, planes: own.map(pick), maps }),
      ];
    }),
  );
}

/** The target of a head of its own; class numbers are those of a mask. */
function targetOfPlanes(
  head: Head,
  {
    planes,
    ...values
  }: Omit<TargetValues, 'masks' | 'weights'> & { readonly planes: readonly Float32Array[] },
): LossTarget {
  if (head.form !== 'classes') return makePlaneTarget({ ...values, planes });
  const masks = maskOfPlane(planes[0]!);
  return makeTarget(head, { ...values, masks, weights: new Float32Array(masks.length).fill(1) });
}

type Plane = Float32Array | Uint8Array;

/** Takes values of `count` images to another size: each pixel has that of the nearest one. */
function picker(
  { count, height, width }: Pick<TargetValues, 'count' | 'height' | 'width'>,
  rows: number,
  columns: number,
): <P extends Plane>(plane: P) => P {
  if (rows === height && columns === width) return (plane) => plane;
  const from = new Int32Array(count * rows * columns);
  let to = 0;
  for (let n = 0; n < count; n++) {
    for (let y = 0; y < rows; y++) {
      const row = n * height + Math.floor(((y + 0.5) * height) / rows);
      for (let x = 0; x < columns; x++) {
        from[to++] = row * width + Math.floor(((x + 0.5) * width) / columns);
      }
    }
  }
  return <P extends Plane>(plane: P): P => {
    const picked =
      plane instanceof Uint8Array ? new Uint8Array(from.length) : new Float32Array(from.length);
    for (let i = 0; i < from.length; i++) picked[i] = plane[from[i]!]!;
    return picked as P;
  };
}

import type { Batch } from './batches.js';
import { mapPlanes } from './pixels.js';

/**
 * A batch in as many parts as asked for, none of them empty, as `tensor_split` of PyTorch
 * divides: the first ones have one image more where it does not divide. The parts share the
 * memory of the batch.
 */
export function splitBatch(batch: Batch, parts: number): readonly Batch[] {
  const count = Math.min(parts, batch.count);
  if (count === 1) return [batch];
  const [least, more] = [Math.floor(batch.count / count), batch.count % count];
  const pixels = batch.outputHeight * batch.outputWidth;
  const values = batch.inputHeight * batch.inputWidth * batch.channels;
  return Array.from({ length: count }, (_, part) => {
    const start = part * least + Math.min(part, more);
    const end = start + least + (part < more ? 1 : 0);
    return {
      ...batch,
      count: end - start,
      images: batch.images.subarray(start * values, end * values),
      masks: batch.masks.subarray(start * pixels, end * pixels),
      weights: batch.weights.subarray(start * pixels, end * pixels),
      planes: batch.planes.map((plane) => plane.subarray(start * pixels, end * pixels)),
      targets: mapPlanes(batch.targets, (plane) => plane.subarray(start * pixels, end * pixels)),
      names: batch.names.slice(start, end),
    };
  });
}

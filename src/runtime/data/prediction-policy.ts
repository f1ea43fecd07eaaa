import { axisGeometry, geometryCovering, type PlaneSizes } from '../../ir/sizes/geometry.js';
import type { SizePolicy } from '../../ir/sizes/size-policy.js';

/**
 * The policy for prediction and evaluation. A network trained on crops takes
 * whole images, padded, where its legal sizes allow it; else tiles of the
 * crop's size that overlap by a quarter. Other policies stay as they are.
 */
export function predictionPolicy(
  policy: SizePolicy,
  sizes: PlaneSizes,
  images: readonly { readonly height: number; readonly width: number }[],
): SizePolicy {
  if (policy.kind !== 'crop') return policy;
  const covers = (axis: 'height' | 'width', size: number): boolean =>
    geometryCovering(sizes[axis], sizes.output, size) !== undefined;
  if (images.every(({ height, width }) => covers('height', height) && covers('width', width))) {
    return { kind: 'pad' };
  }
  const { height, width } = policy;
  const smallest = Math.min(
    axisGeometry(sizes.height, sizes.output, height).cover,
    axisGeometry(sizes.width, sizes.output, width).cover,
  );
  return { kind: 'tile', height, width, overlap: smallest >> 2 };
}

import type { Sampling } from '../../ir/operations/ops.js';
import type { HelperName } from './words.js';

/** PyTorch's own way to sample; undefined where it has none. */
export function modeOf(op: Sampling): string | undefined {
  switch (op.method) {
    case 'bilinear':
      return op.coordinates === 'asymmetric'
        ? undefined
        : `mode="bilinear", align_corners=${op.coordinates === 'align_corners' ? 'True' : 'False'}`;
    case 'nearest':
      if (op.coordinates === 'align_corners') return undefined;
      return op.coordinates === 'asymmetric' ? 'mode="nearest"' : 'mode="nearest-exact"';
  }
}

export const gridHelper = ({ method }: Sampling): HelperName =>
  method === 'bilinear' ? 'resize_asymmetric' : 'resize_nearest_corners';

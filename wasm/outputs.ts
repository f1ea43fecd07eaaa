// Where convolutions put their values.

/**
 * The values of a convolution. JavaScript writes the fields in this order. Pixels need not lie
 * side by side: the gradient of a strided convolution fills the pixels of each phase by itself.
 */
@unmanaged
export class Outputs {
  /** Address of the first pixel. */
  address: usize;
  channels: i32;
  /** Bytes from one image, row and pixel to the next. */
  imageStep: usize;
  rowStep: usize;
  columnStep: usize;
  /** Values below and above are moved to these: the ReLU, and the one that ends at 6. */
  low: f32;
  high: f32;
}

/** Stores the first `lanes` of 4 values; all of them where there are more. */
export function putLanes(target: usize, values: v128, lanes: i32): void {
  if (lanes >= 4) {
    v128.store(target, values);
    return;
  }
  store<f32>(target, f32x4.extract_lane(values, 0));
  if (lanes > 1) store<f32>(target, f32x4.extract_lane(values, 1), 4);
  if (lanes > 2) store<f32>(target, f32x4.extract_lane(values, 2), 8);
}

/**
 * Where output pixel i of an axis lies on the input, as ONNX's Resize names it:
 * `half_pixel` (i + 1/2) in / out - 1/2, `align_corners` i (in - 1) / (out - 1),
 * `asymmetric` i in / out. Places beyond the outermost pixels count as these.
 */
export type Coordinates = 'half_pixel' | 'align_corners' | 'asymmetric';

/**
 * How an image is sampled: between pixels, or at the nearest one, which rounding as ONNX's
 * `nearest_mode` chooses: `floor` of the place x, `round_prefer_ceil` floor(x + 1/2).
 */
export type Sampling =
  | { readonly method: 'bilinear'; readonly coordinates: Coordinates }
  | {
      readonly method: 'nearest';
      readonly coordinates: 'asymmetric';
      readonly rounding: 'floor';
    }
  | {
      readonly method: 'nearest';
      readonly coordinates: 'half_pixel' | 'align_corners';
      readonly rounding: 'round_prefer_ceil';
    };

// Generated from specs/std by "npm run generate"; do not edit.

/** The standard library: the text of each file by the path that imports name. */
export const standardLibrary: Readonly<Record<string, string>> = {
  'std/mobilenet_v1.unet': `/// A depthwise convolution, then one of size 1: a convolution in two halves.
block separable(c: int, stride: int = 1) =
  depthwise_conv(3, stride: stride, padding: 1, bias: false)
    -> batch_norm
    -> relu6
    -> conv(c, 1, bias: false) -> batch_norm -> relu6

/// MobileNetV1 (Howard et al. 2017) without its classifier; "alpha" scales every
/// width. A tap stands before each step down and at the end, named by its stride.
/// With "stem_stride: 1" the first convolution keeps full size.
encoder mobilenet_v1(alpha: float = 1, stem_stride: int = 2) {
  let c = floor(32 * alpha)
  stem = in
    -> conv(c, 3, stride: stem_stride, padding: 1, bias: false)
      -> batch_norm
      -> relu6
  stage1 = stem -> separable(2 * c)
  tap s1 = stage1 if stem_stride == 1
  tap s2 = stage1 if stem_stride == 2
  stage2 = stage1 -> separable(4 * c, stride: 2) -> separable(4 * c)
  tap s2 = stage2 if stem_stride == 1
  tap s4 = stage2 if stem_stride == 2
  stage3 = stage2 -> separable(8 * c, stride: 2) -> separable(8 * c)
  tap s4 = stage3 if stem_stride == 1
  tap s8 = stage3 if stem_stride == 2
  stage4 = stage3 -> separable(16 * c, stride: 2)
  for i in range(5) { stage4 = stage4 -> separable(16 * c) }
  tap s8 = stage4 if stem_stride == 1
  tap s16 = stage4 if stem_stride == 2
  stage5 = stage4 -> separable(32 * c, stride: 2) -> separable(32 * c)
  tap s16 = stage5 if stem_stride == 1
  tap s32 = stage5 if stem_stride == 2
}
`,
};

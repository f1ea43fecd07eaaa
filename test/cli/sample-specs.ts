/** A spec without a fault. */
export const goodSpec = `block double_conv(c: int) = conv(c, 3) -> relu -> conv(c, 3) -> relu

model Small(classes: int = 2) {
  input image: [H, W, 1]
  encoder plain {
    widths: [16, 32, 64]
    stage: double_conv(width)
    down: max_pool(2)
  }
  skip plain { merge: [skip, up] -> concat }
  decoder {
    up: bilinear(2)
    stage: double_conv(width)
  }
  head mask: conv(classes, 1) -> softmax
}
`;

/** The same in a layout of its own. */
export const crookedSpec = goodSpec.replace(
  'block double_conv(c: int)',
  'block   double_conv( c:int )',
);

/** The same with a bracket that is not closed. */
export const brokenSpec = goodSpec.replace('up: bilinear(2)', 'up: bilinear(2');

/** The same with a block that nothing uses, which is a warning. */
export const warnedSpec = `${goodSpec}\nblock spare(c: int) = conv(c, 1) -> relu\n`;

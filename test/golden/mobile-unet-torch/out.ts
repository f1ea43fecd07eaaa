// Made by unetc from mobile-unet-torch.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildMobileUNetTorch. */
export interface MobileUNetTorchOptions {
  classes?: number;
  features?: number;
  channels?: number;
}

/**
 * Mobile U-Net (Jing et al. 2020), as a PyTorch build has it: inverted
 * residuals on both sides, and a mask of half the image's size.
 *
 * Takes images of 3 channels whose height and width are 0 or 31 mod 32, from 31
 * on; "mask" is [ceil(H / 2), ceil(W / 2), 1] and holds probabilities (sigmoid)
 * in 1 channel. 4,720,287 parameters.
 *
 * Call checkMobileUNetTorchSize before the model sees an image: at other sizes
 * its layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by their values here, for others may mean
 * other layers or sizes, or fit no network: alpha = 1, divisor = 8, widths =
 * [16, 24, 32, 96].
 */
export function buildMobileUNetTorch({
  classes = 1,
  features = 1280,
  channels = 3,
}: MobileUNetTorchOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("features", features, "whole number");
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  // narrow: [ceil(H / 2), ceil(W / 2), 16]
  // block_2: [ceil(H / 4), ceil(W / 4), 24]
  // block_5: [ceil(H / 8), ceil(W / 8), 32]
  // block_12: [ceil(H / 16), ceil(W / 16), 96]
  // widened: [ceil(H / 32), ceil(W / 32), 1280]
  const [narrow, block_2, block_5, block_12, widened] = mobilenetV2(
    image,
    "mobilenet_v2",
    features,
  );

  const u4 = convTranspose(widened, "u4", 96); // [ceil(H / 16), ceil(W / 16), 96]
  let x = concat([block_12, u4], "d4/concat1");
  const d4 = invertedResidual(x, "d4", 96); // [ceil(H / 16), ceil(W / 16), 96]

  const u3 = convTranspose(d4, "u3", 32); // [ceil(H / 8), ceil(W / 8), 32]
  x = concat([block_5, u3], "d3/concat1");
  const d3 = invertedResidual(x, "d3", 32); // [ceil(H / 8), ceil(W / 8), 32]

  const u2 = convTranspose(d3, "u2", 24); // [ceil(H / 4), ceil(W / 4), 24]
  x = concat([block_2, u2], "d2/concat1");
  const d2 = invertedResidual(x, "d2", 24); // [ceil(H / 4), ceil(W / 4), 24]

  const u1 = convTranspose(d2, "u1", 16); // [ceil(H / 2), ceil(W / 2), 16]
  x = concat([narrow, u1], "d1/concat1");
  const d1 = invertedResidual(x, "d1", 16); // [ceil(H / 2), ceil(W / 2), 16]

  x = conv(d1, "mask/conv1", 3, 1, { useBias: true });
  x = conv(x, "mask/conv2", classes, 1, { useBias: true });
  const mask = sigmoid(x, "mask"); // [ceil(H / 2), ceil(W / 2), 1]

  return tf.model({ name: "MobileUNetTorch", inputs: image, outputs: mask });
}

/** Throws unless MobileUNetTorch can take images of this size. */
export function checkMobileUNetTorchSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 31 || ![0, 31].includes(size % 32)) {
      throw new RangeError(
        `MobileUNetTorch takes images whose height and width are 0 or 31 mod 32, from 31 on; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How MobileUNetTorch sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfMobileUNetTorch = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

/**
 * Batch normalisation with the constants of torchvision or of Keras.
 *
 * Here form = torch.
 */
function norm(input: Tensor, name: string): Tensor {
  return batchNorm(input, name);
}

/**
 * A depthwise convolution. Keras pads strided ones less above and left.
 *
 * Here form = torch.
 */
function depthwise(input: Tensor, name: string, stride: number): Tensor {
  let x =
    stride === 1
      ? depthwiseConv(input, `${name}/depthwise_conv1`, 3)
      : paddedDepthwiseConv(input, `${name}/depthwise_conv1`, 3);
  x = norm(x, `${name}/norm1`);
  return relu6(x, name);
}

/**
 * The first half of an inverted residual: more channels.
 *
 * Here form = torch.
 */
function expansion(input: Tensor, name: string, factor: number): Tensor {
  let x = conv(input, `${name}/conv1`, channelsOf(input) * factor, 1);
  x = norm(x, `${name}/norm1`);
  return relu6(x, name);
}

/**
 * The second half: a depthwise convolution, then fewer channels and no
 * activation. What flowed into the first half is added where it has the same
 * shape.
 *
 * Here form = torch.
 */
function projection(
  input: Tensor,
  name: string,
  c: number,
  stride: number,
  shortcut?: Tensor,
): Tensor {
  let x = depthwise(input, `${name}/narrow/depthwise1`, stride);
  x = conv(x, `${name}/narrow/conv1`, c, 1);
  const narrow = norm(x, `${name}/narrow`);
  return shortcut ? add([shortcut, narrow], name) : narrow;
}

/** Both halves (Sandler et al. 2018). */
function invertedResidual(
  input: Tensor,
  name: string,
  c: number,
  factor = 6,
): Tensor {
  const wide = factor === 1 ? input : expansion(input, `${name}/wide`, factor);
  return projection(wide, name, c, 1);
}

/**
 * MobileNetV2 (Sandler et al. 2018) without its classifier. "alpha" scales the
 * widths, which are rounded to multiples of "divisor".
 */
function mobilenetV2(
  input: Tensor,
  name: string,
  features: number,
): [Tensor, Tensor, Tensor, Tensor, Tensor] {
  let x = paddedConv(input, `${name}/stem/conv1`, 32, 3);
  x = norm(x, `${name}/stem/norm1`);
  const stem = relu6(x, `${name}/stem`);
  const expanded_conv = invertedResidual(stem, `${name}/expanded_conv`, 16, 1);
  const block: Tensor[] = [expanded_conv];
  for (const [i, c, stride, hasShortcut] of [
    [1, 24, 2, false],
    [2, 24, 1, true],
    [3, 32, 2, false],
    [4, 32, 1, true],
    [5, 32, 1, true],
    [6, 64, 2, false],
    [7, 64, 1, true],
    [8, 64, 1, true],
    [9, 64, 1, true],
    [10, 96, 1, false],
    [11, 96, 1, true],
    [12, 96, 1, true],
    [13, 160, 2, false],
    [14, 160, 1, true],
    [15, 160, 1, true],
  ] as const) {
    const expand = expansion(block[i - 1]!, `${name}/expand_${i}`, 6);
    block[i] = projection(
      expand,
      `${name}/block_${i}`,
      c,
      stride,
      hasShortcut ? block[i - 1]! : undefined,
    );
  }
  const last_expand = expansion(block[15]!, `${name}/last_expand`, 6);
  x = depthwise(last_expand, `${name}/last_project/depthwise1`, 1);
  const last_project = conv(x, `${name}/last_project`, 320, 1);
  const last = norm(last_project, `${name}/last`);
  const widened = conv(last, `${name}/widened`, makeDivisible(features, 8), 1);
  return [expanded_conv, block[2]!, block[5]!, block[12]!, widened];
}

function batchNorm(x: Tensor, name: string): Tensor {
  const layer = tf.layers.batchNormalization({
    name,
    momentum: 0.9,
    epsilon: 1e-5,
  });
  return layer.apply(x) as Tensor;
}

function depthwiseConv(x: Tensor, name: string, kernelSize: number): Tensor {
  const layer = tf.layers.depthwiseConv2d({
    name,
    kernelSize,
    padding: "same",
    useBias: false,
    depthwiseInitializer: "heNormal",
  });
  return layer.apply(x) as Tensor;
}

function paddedDepthwiseConv(
  x: Tensor,
  name: string,
  kernelSize: number,
): Tensor {
  const padded = tf.layers
    .zeroPadding2d({ name: `${name}.pad`, padding: 1 })
    .apply(x) as Tensor;
  const layer = tf.layers.depthwiseConv2d({
    name,
    kernelSize,
    strides: 2,
    useBias: false,
    depthwiseInitializer: "heNormal",
  });
  return layer.apply(padded) as Tensor;
}

function relu6(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "relu6" });
  return layer.apply(x) as Tensor;
}

function conv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number,
  options: { useBias?: boolean } = {},
): Tensor {
  const layer = tf.layers.conv2d({
    name,
    filters,
    kernelSize,
    padding: "same",
    useBias: false,
    kernelInitializer: "heNormal",
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function add(x: Tensor[], name: string): Tensor {
  return tf.layers.add({ name }).apply(x) as Tensor;
}

function paddedConv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number,
): Tensor {
  const padded = tf.layers
    .zeroPadding2d({ name: `${name}.pad`, padding: 1 })
    .apply(x) as Tensor;
  const layer = tf.layers.conv2d({
    name,
    filters,
    kernelSize,
    strides: 2,
    useBias: false,
    kernelInitializer: "heNormal",
  });
  return layer.apply(padded) as Tensor;
}

function convTranspose(x: Tensor, name: string, filters: number): Tensor {
  const layer = tf.layers.conv2dTranspose({
    name,
    filters,
    kernelSize: 4,
    strides: 2,
    padding: "same",
    kernelInitializer: "heNormal",
  });
  return layer.apply(x) as Tensor;
}

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

function channelsOf(x: Tensor): number {
  return x.shape[3]!;
}

/** Throws unless an option is a number of its kind, within its limits. */
function checkOption(
  name: string,
  value: number,
  kind: "number" | "whole number",
  limits: { from?: number; to?: number } = {},
): void {
  const isOfKind =
    kind === "number" ? Number.isFinite(value) : Number.isInteger(value);
  const { from = -Infinity, to = Infinity } = limits;
  if (isOfKind && value >= from && value <= to) return;
  const words = Object.entries(limits).map((limit) => ` ${limit.join(" ")}`);
  throw new RangeError(
    `${name} is a ${kind}${words.join("")}, found ${typeof value} ${value}.`,
  );
}

/**
 * The multiple of a divisor nearest to a width, at most a tenth below it
 * (MobileNet).
 */
function makeDivisible(value: number, divisor: number): number {
  const nearest = Math.max(
    divisor,
    Math.floor((value + divisor / 2) / divisor) * divisor,
  );
  return nearest < 0.9 * value ? nearest + divisor : nearest;
}

// Made by unetc from mobilenet-v2-unet.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildMobileNetV2UNet. */
export interface MobileNetV2UNetOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * A U-Net on a narrow MobileNetV2, as Keras has it: skips from inside the
 * inverted residuals, where tensors are widest, and the image itself as the
 * last skip.
 *
 * Takes images of 3 channels whose height and width are multiples of 16; "mask"
 * is as large and holds probabilities (sigmoid) in 1 channel. 767,217
 * parameters.
 *
 * Call checkMobileNetV2UNetSize before the model sees an image: at other sizes
 * its layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by its value here, for others may mean other
 * layers or sizes, or fit no network: alpha = 0.35.
 */
export function buildMobileNetV2UNet({
  classes = 1,
  base = 16,
  channels = 3,
}: MobileNetV2UNetOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 8192 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  // expand_1: [H / 2, W / 2, 48]
  // expand_3: [H / 4, W / 4, 48]
  // expand_6: [H / 8, W / 8, 96]
  // expand_13: [H / 16, W / 16, 192]
  const [expand_1, expand_3, expand_6, expand_13] = mobilenetV2(
    image,
    "mobilenet_v2",
  );

  const u4 = nearest(expand_13, "u4"); // [H / 8, W / 8, 192]
  let x = concat([u4, expand_6], "d4/concat1");
  const d4 = doubleConv(x, "d4", base * 8); // [H / 8, W / 8, 128]

  const u3 = nearest(d4, "u3"); // [H / 4, W / 4, 128]
  x = concat([u3, expand_3], "d3/concat1");
  const d3 = doubleConv(x, "d3", base * 4); // [H / 4, W / 4, 64]

  const u2 = nearest(d3, "u2"); // [H / 2, W / 2, 64]
  x = concat([u2, expand_1], "d2/concat1");
  const d2 = doubleConv(x, "d2", base * 2); // [H / 2, W / 2, 32]

  const u1 = nearest(d2, "u1"); // [H, W, 32]
  x = concat([u1, image], "d1/concat1");
  const d1 = doubleConv(x, "d1", base); // [H, W, 16]

  x = conv(d1, "mask/conv1", classes, 1, { useBias: true });
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "MobileNetV2UNet", inputs: image, outputs: mask });
}

/** Throws unless MobileNetV2UNet can take images of this size. */
export function checkMobileNetV2UNetSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 16 || size % 16 !== 0) {
      throw new RangeError(
        `MobileNetV2UNet takes images whose height and width are multiples of 16; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How MobileNetV2UNet sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfMobileNetV2UNet = {
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
 * Here form = keras.
 */
function norm(input: Tensor, name: string): Tensor {
  return batchNorm(input, name);
}

/**
 * A depthwise convolution. Keras pads strided ones less above and left.
 *
 * Here form = keras.
 */
function depthwise(input: Tensor, name: string, stride: number): Tensor {
  let x = depthwiseConv(input, `${name}/depthwise_conv1`, 3, {
    strides: stride,
  });
  x = norm(x, `${name}/norm1`);
  return relu6(x, name);
}

/**
 * The first half of an inverted residual: more channels.
 *
 * Here form = keras.
 */
function expansion(input: Tensor, name: string, factor: number): Tensor {
  let x = conv(input, `${name}/conv1`, channelsOf(input) * factor, 1);
  x = norm(x, `${name}/norm1`);
  return relu6(x, name);
}

function doubleConv(input: Tensor, name: string, c: number): Tensor {
  let x = conv(input, `${name}/conv1`, c, 3, { useBias: true });
  x = normBlock(x, `${name}/norm1`);
  x = relu(x, `${name}/relu1`);
  x = conv(x, `${name}/conv2`, c, 3, { useBias: true });
  x = normBlock(x, `${name}/norm2`);
  return relu(x, name);
}

/** Keras' constants. */
function normBlock(input: Tensor, name: string): Tensor {
  return batchNorm(input, name, { momentum: 0.99 });
}

/**
 * The second half: a depthwise convolution, then fewer channels and no
 * activation. What flowed into the first half is added where it has the same
 * shape.
 *
 * Here form = keras.
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

/**
 * Both halves (Sandler et al. 2018).
 *
 * Here factor = 1, form = keras.
 */
function invertedResidual(input: Tensor, name: string, c: number): Tensor {
  return projection(input, name, c, 1);
}

/**
 * MobileNetV2 (Sandler et al. 2018) without its classifier. "alpha" scales the
 * widths, which are rounded to multiples of "divisor".
 */
function mobilenetV2(
  input: Tensor,
  name: string,
): [Tensor, Tensor, Tensor, Tensor] {
  let x = conv(input, `${name}/stem/conv1`, 16, 3, { strides: 2 });
  x = norm(x, `${name}/stem/norm1`);
  const stem = relu6(x, `${name}/stem`);
  const expanded_conv = invertedResidual(stem, `${name}/expanded_conv`, 8);
  const expand: Tensor[] = [];
  let block = expanded_conv;
  for (const [i, c, stride, hasShortcut] of [
    [1, 8, 2, false],
    [2, 8, 1, true],
    [3, 16, 2, false],
    [4, 16, 1, true],
    [5, 16, 1, true],
    [6, 24, 2, false],
    [7, 24, 1, true],
    [8, 24, 1, true],
    [9, 24, 1, true],
    [10, 32, 1, false],
    [11, 32, 1, true],
    [12, 32, 1, true],
  ] as const) {
    expand[i] = expansion(block, `${name}/expand_${i}`, 6);
    block = projection(
      expand[i]!,
      `${name}/block_${i}`,
      c,
      stride,
      hasShortcut ? block : undefined,
    );
  }
  const expand_13 = expansion(block, `${name}/expand_13`, 6);
  return [expand[1]!, expand[3]!, expand[6]!, expand_13];
}

function batchNorm(
  x: Tensor,
  name: string,
  options: { momentum?: number } = {},
): Tensor {
  const layer = tf.layers.batchNormalization({
    name,
    momentum: 0.999,
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function depthwiseConv(
  x: Tensor,
  name: string,
  kernelSize: number,
  options: { strides?: number } = {},
): Tensor {
  const layer = tf.layers.depthwiseConv2d({
    name,
    kernelSize,
    padding: "same",
    useBias: false,
    depthwiseInitializer: "heNormal",
    ...options,
  });
  return layer.apply(x) as Tensor;
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
  options: { useBias?: boolean; strides?: number } = {},
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

function relu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "relu" }).apply(x) as Tensor;
}

function add(x: Tensor[], name: string): Tensor {
  return tf.layers.add({ name }).apply(x) as Tensor;
}

function nearest(x: Tensor, name: string): Tensor {
  return tf.layers.upSampling2d({ name, size: [2, 2] }).apply(x) as Tensor;
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

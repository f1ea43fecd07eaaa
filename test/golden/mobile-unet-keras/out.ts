// Made by unetc from mobile-unet-keras.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildMobileUNetKeras. */
export interface MobileUNetKerasOptions {
  classes?: number;
  channels?: number;
}

/**
 * Mobile U-Net (Jing et al. 2020), as a Keras build has it: five transposed
 * convolutions and nothing else come after a MobileNetV2; the last is the head.
 *
 * Takes images of 3 channels whose height and width are 0 or 31 mod 32, from 31
 * on; "mask" is [2 ceil(H / 2), 2 ceil(W / 2), 1] and holds logits in 1
 * channel. 6,501,345 parameters.
 *
 * Call checkMobileUNetKerasSize before the model sees an image: at other sizes
 * its layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by their values here, for others may mean
 * other layers or sizes, or fit no network: widths = [64, 128, 256, 512], alpha
 * = 1.
 */
export function buildMobileUNetKeras({
  classes = 1,
  channels = 3,
}: MobileUNetKerasOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  // expand_1: [ceil(H / 2), ceil(W / 2), 96]
  // expand_3: [ceil(H / 4), ceil(W / 4), 144]
  // expand_6: [ceil(H / 8), ceil(W / 8), 192]
  // expand_13: [ceil(H / 16), ceil(W / 16), 576]
  // last_project: [ceil(H / 32), ceil(W / 32), 320]
  const [expand_1, expand_3, expand_6, expand_13, last_project] = mobilenetV2(
    image,
    "mobilenet_v2",
  );

  const u4 = convTransposeBatchNormRelu(last_project, "u4", 512); // [ceil(H / 16), ceil(W / 16), 512]
  let x = concat([u4, expand_13], "d4/concat1");

  const u3 = convTransposeBatchNormRelu(x, "u3", 256); // [ceil(H / 8), ceil(W / 8), 256]
  x = concat([u3, expand_6], "d3/concat1");

  const u2 = convTransposeBatchNormRelu(x, "u2", 128); // [ceil(H / 4), ceil(W / 4), 128]
  x = concat([u2, expand_3], "d2/concat1");

  const u1 = convTransposeBatchNormRelu(x, "u1", 64); // [ceil(H / 2), ceil(W / 2), 64]
  x = concat([u1, expand_1], "d1/concat1");

  const mask = convTranspose(x, "mask", classes, { useBias: true }); // [2 ceil(H / 2), 2 ceil(W / 2), 1]

  return tf.model({ name: "MobileUNetKeras", inputs: image, outputs: mask });
}

/** Throws unless MobileUNetKeras can take images of this size. */
export function checkMobileUNetKerasSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 31 || ![0, 31].includes(size % 32)) {
      throw new RangeError(
        `MobileUNetKeras takes images whose height and width are 0 or 31 mod 32, from 31 on; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How MobileUNetKeras sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfMobileUNetKeras = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "logits", activation: "sigmoid" },
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

function convTransposeBatchNormRelu(
  input: Tensor,
  name: string,
  channels: number,
): Tensor {
  let x = convTranspose(input, `${name}/conv_transpose1`, channels);
  x = batchNorm(x, `${name}/batch_norm1`, { momentum: 0.99 });
  return relu(x, name);
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
): [Tensor, Tensor, Tensor, Tensor, Tensor] {
  let x = conv(input, `${name}/stem/conv1`, 32, 3, { strides: 2 });
  x = norm(x, `${name}/stem/norm1`);
  const stem = relu6(x, `${name}/stem`);
  const expanded_conv = invertedResidual(stem, `${name}/expanded_conv`, 16);
  const expand: Tensor[] = [];
  let block = expanded_conv;
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
    expand[i] = expansion(block, `${name}/expand_${i}`, 6);
    block = projection(
      expand[i]!,
      `${name}/block_${i}`,
      c,
      stride,
      hasShortcut ? block : undefined,
    );
  }
  const last_expand = expansion(block, `${name}/last_expand`, 6);
  x = depthwise(last_expand, `${name}/last_project/depthwise1`, 1);
  const last_project = conv(x, `${name}/last_project`, 320, 1);
  return [expand[1]!, expand[3]!, expand[6]!, expand[13]!, last_project];
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

function convTranspose(
  x: Tensor,
  name: string,
  filters: number,
  options: { useBias?: boolean } = {},
): Tensor {
  const layer = tf.layers.conv2dTranspose({
    name,
    filters,
    kernelSize: 3,
    strides: 2,
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
  options: { strides?: number } = {},
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

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
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

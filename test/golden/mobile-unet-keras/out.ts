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
  const expand_1 = expansion(expanded_conv, `${name}/expand_1`, 6);
  const block_1 = projection(expand_1, `${name}/block_1`, 24, 2);
  const expand_2 = expansion(block_1, `${name}/expand_2`, 6);
  const block_2 = projection(expand_2, `${name}/block_2`, 24, 1, block_1);
  const expand_3 = expansion(block_2, `${name}/expand_3`, 6);
  const block_3 = projection(expand_3, `${name}/block_3`, 32, 2);
  const expand_4 = expansion(block_3, `${name}/expand_4`, 6);
  const block_4 = projection(expand_4, `${name}/block_4`, 32, 1, block_3);
  const expand_5 = expansion(block_4, `${name}/expand_5`, 6);
  const block_5 = projection(expand_5, `${name}/block_5`, 32, 1, block_4);
  const expand_6 = expansion(block_5, `${name}/expand_6`, 6);
  const block_6 = projection(expand_6, `${name}/block_6`, 64, 2);
  const expand_7 = expansion(block_6, `${name}/expand_7`, 6);
  const block_7 = projection(expand_7, `${name}/block_7`, 64, 1, block_6);
  const expand_8 = expansion(block_7, `${name}/expand_8`, 6);
  const block_8 = projection(expand_8, `${name}/block_8`, 64, 1, block_7);
  const expand_9 = expansion(block_8, `${name}/expand_9`, 6);
  const block_9 = projection(expand_9, `${name}/block_9`, 64, 1, block_8);
  const expand_10 = expansion(block_9, `${name}/expand_10`, 6);
  const block_10 = projection(expand_10, `${name}/block_10`, 96, 1);
  const expand_11 = expansion(block_10, `${name}/expand_11`, 6);
  const block_11 = projection(expand_11, `${name}/block_11`, 96, 1, block_10);
  const expand_12 = expansion(block_11, `${name}/expand_12`, 6);
  const block_12 = projection(expand_12, `${name}/block_12`, 96, 1, block_11);
  const expand_13 = expansion(block_12, `${name}/expand_13`, 6);
  const block_13 = projection(expand_13, `${name}/block_13`, 160, 2);
  const expand_14 = expansion(block_13, `${name}/expand_14`, 6);
  const block_14 = projection(expand_14, `${name}/block_14`, 160, 1, block_13);
  const expand_15 = expansion(block_14, `${name}/expand_15`, 6);
  const block_15 = projection(expand_15, `${name}/block_15`, 160, 1, block_14);
  const last_expand = expansion(block_15, `${name}/last_expand`, 6);
  x = depthwise(last_expand, `${name}/last_project/depthwise1`, 1);
  const last_project = conv(x, `${name}/last_project`, 320, 1);
  return [expand_1, expand_3, expand_6, expand_13, last_project];
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

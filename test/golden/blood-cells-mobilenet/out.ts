// Made by unetc from blood-cells-mobilenet.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildBloodCellsMobileNet. */
export interface BloodCellsMobileNetOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * Single blood cells, by an encoder that may start from weights of another
 * task: "unetc train ... --weights files/mobilenet_v2.h5" reads Keras'
 * MobileNetV2 from that path, and with "--set freeze=true" only the decoder
 * learns.
 *
 * Takes images of 3 channels whose height and width are 0 or 15 mod 16, from 15
 * on; "mask" is [2 ceil(H / 2), 2 ceil(W / 2), 3] and holds logits in 3
 * channels. 1,139,827 parameters.
 *
 * Call checkBloodCellsMobileNetSize before the model sees an image: at other
 * sizes its layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by their values here, for others may mean
 * other layers or sizes, or fit no network: alpha = 1, freeze = false.
 */
export function buildBloodCellsMobileNet({
  classes = 3,
  base = 16,
  channels = 3,
}: BloodCellsMobileNetOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 16384 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  // expand_1: [ceil(H / 2), ceil(W / 2), 96]
  // expand_3: [ceil(H / 4), ceil(W / 4), 144]
  // expand_6: [ceil(H / 8), ceil(W / 8), 192]
  // expand_13: [ceil(H / 16), ceil(W / 16), 576]
  const [expand_1, expand_3, expand_6, expand_13] = mobilenetV2(
    image,
    "mobilenet_v2",
  );

  const u4 = nearest(expand_13, "u4"); // [ceil(H / 8), ceil(W / 8), 576]
  let x = concat([expand_6, u4], "d4/concat1");
  const d4 = convNorm(x, "d4", base * 4); // [ceil(H / 8), ceil(W / 8), 64]

  const u3 = nearest(d4, "u3"); // [ceil(H / 4), ceil(W / 4), 64]
  x = concat([expand_3, u3], "d3/concat1");
  const d3 = convNorm(x, "d3", base * 2); // [ceil(H / 4), ceil(W / 4), 32]

  const u2 = nearest(d3, "u2"); // [ceil(H / 2), ceil(W / 2), 32]
  x = concat([expand_1, u2], "d2/concat1");
  const d2 = convNorm(x, "d2", base); // [ceil(H / 2), ceil(W / 2), 16]

  const u1 = nearest(d2, "u1"); // [2 ceil(H / 2), 2 ceil(W / 2), 16]
  const d1 = convNorm(u1, "d1", base); // [2 ceil(H / 2), 2 ceil(W / 2), 16]

  const mask = conv(d1, "mask", classes, 1, { useBias: true }); // [2 ceil(H / 2), 2 ceil(W / 2), 3]

  return tf.model({
    name: "BloodCellsMobileNet",
    inputs: image,
    outputs: mask,
  });
}

/** Throws unless BloodCellsMobileNet can take images of this size. */
export function checkBloodCellsMobileNetSize(
  height: number,
  width: number,
): void {
  for (const size of [height, width]) {
    if (size < 15 || ![0, 15].includes(size % 16)) {
      throw new RangeError(
        `BloodCellsMobileNet takes images whose height and width are 0 or 15 mod 16, from 15 on; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How BloodCellsMobileNet sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfBloodCellsMobileNet = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 3, values: "logits", activation: "softmax" },
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

function convNorm(input: Tensor, name: string, c: number): Tensor {
  let x = conv(input, `${name}/conv1`, c, 3);
  x = batchNorm(x, `${name}/batch_norm1`, { momentum: 0.9, epsilon: 1e-5 });
  return relu(x, name);
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
  options: { momentum?: number; epsilon?: number } = {},
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

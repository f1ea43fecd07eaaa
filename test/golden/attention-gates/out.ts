// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildAttentionUNet. */
export interface AttentionUNetOptions {
  base?: number;
}

/**
 * Skips weighed by what comes up (Oktay et al. 2018), and squeezed channels.
 *
 * Takes images of 1 channel whose height and width are multiples of 4; "mask"
 * is as large and holds probabilities (sigmoid) in 1 channel. 31,067
 * parameters.
 *
 * Call checkAttentionUNetSize before the model sees an image: at other sizes
 * its layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildAttentionUNet({
  base = 8,
}: AttentionUNetOptions = {}): tf.LayersModel {
  checkOption("base", base, "whole number", { from: 1, to: 16384 });

  const image = tf.input({ name: "image", shape: [null, null, 1] }); // [H, W, 1]
  const e1 = doubleConv(image, "e1", base); // [H, W, 8]

  let x = maxPool(e1, "e2/max_pool1");
  const e2 = doubleConv(x, "e2", base * 2); // [H / 2, W / 2, 16]

  x = maxPool(e2, "e3/max_pool1");
  const e3 = doubleConv(x, "e3", base * 4); // [H / 4, W / 4, 32]

  const u2 = nearest(e3, "u2"); // [H / 2, W / 2, 32]
  x = gate(e2, u2, "d2/gate1");
  x = concat([x, u2], "d2/concat1");
  const d2 = doubleConv(x, "d2", base * 2); // [H / 2, W / 2, 16]

  const u1 = nearest(d2, "u1"); // [H, W, 16]
  x = gate(e1, u1, "d1/gate1");
  x = concat([x, u1], "d1/concat1");
  const d1 = doubleConv(x, "d1", base); // [H, W, 8]

  x = conv(d1, "mask/conv1", 1, 1);
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "AttentionUNet", inputs: image, outputs: mask });
}

/** Throws unless AttentionUNet can take images of this size. */
export function checkAttentionUNetSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 4 || size % 4 !== 0) {
      throw new RangeError(
        `AttentionUNet takes images whose height and width are multiples of 4; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How AttentionUNet sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfAttentionUNet = {
  scaling: { name: "unit", statistics: { mean: [0], deviation: [1] } },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function doubleConv(input: Tensor, name: string, c: number): Tensor {
  let x = conv(input, `${name}/conv1`, c, 3);
  x = relu(x, `${name}/relu1`);
  x = conv(x, `${name}/conv2`, c, 3);
  x = relu(x, `${name}/relu2`);
  return squeeze(x, name);
}

/** Weighs every pixel of what flows in by what `signal` makes of it. */
function gate(input: Tensor, signal: Tensor, name: string): Tensor {
  const theta = conv(input, `${name}/theta`, channelsOf(input) / 2, 1);
  const phi = conv(signal, `${name}/phi`, channelsOf(input) / 2, 1);
  let x = add([theta, phi], `${name}/weight/add1`);
  x = relu(x, `${name}/weight/relu1`);
  x = conv(x, `${name}/weight/conv1`, 1, 1);
  const weight = sigmoid(x, `${name}/weight`);
  return multiply([input, weight], name);
}

/** Weighs every channel by the mean of all (Hu et al. 2018). */
function squeeze(input: Tensor, name: string): Tensor {
  let x = globalAvgPool(input, `${name}/weight/global_avg_pool1`);
  x = conv(x, `${name}/weight/conv1`, channelsOf(input) / 4, 1);
  x = relu(x, `${name}/weight/relu1`);
  x = conv(x, `${name}/weight/conv2`, channelsOf(input), 1);
  const weight = sigmoid(x, `${name}/weight`);
  return multiply([input, weight], name);
}

function conv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number,
): Tensor {
  const layer = tf.layers.conv2d({
    name,
    filters,
    kernelSize,
    padding: "same",
    kernelInitializer: "heNormal",
  });
  return layer.apply(x) as Tensor;
}

function relu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "relu" }).apply(x) as Tensor;
}

function add(x: Tensor[], name: string): Tensor {
  return tf.layers.add({ name }).apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

function multiply(x: Tensor[], name: string): Tensor {
  return tf.layers.multiply({ name }).apply(x) as Tensor;
}

function globalAvgPool(x: Tensor, name: string): Tensor {
  const mean = tf.layers
    .globalAveragePooling2d({ name: `${name}.mean` })
    .apply(x) as Tensor;
  const layer = tf.layers.reshape({ name, targetShape: [1, 1, channelsOf(x)] });
  return layer.apply(mean) as Tensor;
}

function maxPool(x: Tensor, name: string): Tensor {
  return tf.layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as Tensor;
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

// Made by unetc from attention-unet.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildAttentionUNet. */
export interface AttentionUNetOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * Attention U-Net (Oktay et al. 2018): what comes up decides how much of every
 * pixel of the skip is let through.
 *
 * Takes images of 3 channels whose height and width are multiples of 16; "mask"
 * is as large and holds logits in 1 channel. 34,894,197 parameters.
 *
 * Call checkAttentionUNetSize before the model sees an image: at other sizes
 * its layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildAttentionUNet({
  classes = 1,
  base = 64,
  channels = 3,
}: AttentionUNetOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 4096 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  const e1 = doubleConv(image, "e1", base); // [H, W, 64]

  let x = maxPool(e1, "e2/max_pool1");
  const e2 = doubleConv(x, "e2", base * 2); // [H / 2, W / 2, 128]

  x = maxPool(e2, "e3/max_pool1");
  const e3 = doubleConv(x, "e3", base * 4); // [H / 4, W / 4, 256]

  x = maxPool(e3, "e4/max_pool1");
  const e4 = doubleConv(x, "e4", base * 8); // [H / 8, W / 8, 512]

  x = maxPool(e4, "e5/max_pool1");
  const e5 = doubleConv(x, "e5", base * 16); // [H / 16, W / 16, 1024]

  const u4 = nearestConvBatchNormRelu(e5, "u4", base * 8); // [H / 8, W / 8, 512]
  x = attentionGate(e4, u4, "d4/attention_gate1", base * 4);
  x = concat([x, u4], "d4/concat1");
  const d4 = doubleConv(x, "d4", base * 8); // [H / 8, W / 8, 512]

  const u3 = nearestConvBatchNormRelu(d4, "u3", base * 4); // [H / 4, W / 4, 256]
  x = attentionGate(e3, u3, "d3/attention_gate1", base * 2);
  x = concat([x, u3], "d3/concat1");
  const d3 = doubleConv(x, "d3", base * 4); // [H / 4, W / 4, 256]

  const u2 = nearestConvBatchNormRelu(d3, "u2", base * 2); // [H / 2, W / 2, 128]
  x = attentionGate(e2, u2, "d2/attention_gate1", base);
  x = concat([x, u2], "d2/concat1");
  const d2 = doubleConv(x, "d2", base * 2); // [H / 2, W / 2, 128]

  const u1 = nearestConvBatchNormRelu(d2, "u1", base); // [H, W, 64]
  x = attentionGate(e1, u1, "d1/attention_gate1", base / 2);
  x = concat([x, u1], "d1/concat1");
  const d1 = doubleConv(x, "d1", base); // [H, W, 64]

  const mask = conv(d1, "mask", classes, 1); // [H, W, 1]

  return tf.model({ name: "AttentionUNet", inputs: image, outputs: mask });
}

/** Throws unless AttentionUNet can take images of this size. */
export function checkAttentionUNetSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 16 || size % 16 !== 0) {
      throw new RangeError(
        `AttentionUNet takes images whose height and width are multiples of 16; found ${height} x ${width}.`,
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
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "logits", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function nearestConvBatchNormRelu(
  input: Tensor,
  name: string,
  channels: number,
): Tensor {
  let x = nearest(input, `${name}/nearest1`);
  x = conv(x, `${name}/conv1`, channels, 3);
  x = batchNorm(x, `${name}/batch_norm1`);
  return relu(x, name);
}

function doubleConv(input: Tensor, name: string, c: number): Tensor {
  let x = conv(input, `${name}/conv1`, c, 3);
  x = batchNorm(x, `${name}/batch_norm1`);
  x = relu(x, `${name}/relu1`);
  x = conv(x, `${name}/conv2`, c, 3);
  x = batchNorm(x, `${name}/batch_norm2`);
  return relu(x, name);
}

/**
 * Weighs every pixel of the skip by what it and the signal from below agree on.
 */
function attentionGate(
  input: Tensor,
  signal: Tensor,
  name: string,
  inner: number,
): Tensor {
  let x = conv(input, `${name}/theta/conv1`, inner, 1);
  const theta = batchNorm(x, `${name}/theta`);
  x = conv(signal, `${name}/phi/conv1`, inner, 1);
  const phi = batchNorm(x, `${name}/phi`);
  x = add([phi, theta], `${name}/weight/add1`);
  x = relu(x, `${name}/weight/relu1`);
  x = conv(x, `${name}/weight/conv1`, 1, 1);
  x = batchNorm(x, `${name}/weight/batch_norm1`);
  const weight = sigmoid(x, `${name}/weight`);
  return multiply([input, weight], name);
}

function nearest(x: Tensor, name: string): Tensor {
  return tf.layers.upSampling2d({ name, size: [2, 2] }).apply(x) as Tensor;
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

function batchNorm(x: Tensor, name: string): Tensor {
  const layer = tf.layers.batchNormalization({
    name,
    momentum: 0.9,
    epsilon: 1e-5,
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

function maxPool(x: Tensor, name: string): Tensor {
  return tf.layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as Tensor;
}

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
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

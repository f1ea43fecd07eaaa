// Made by unetc from residual-unet.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildResidualUNet. */
export interface ResidualUNetOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * A Deep Residual U-Net (Zhang et al. 2018) as the paper's table has it:
 * nothing is learned on the way up, shortcuts are convolutions of size 1.
 *
 * Takes images of 3 channels whose height and width are multiples of 8; "mask"
 * is as large and holds probabilities (sigmoid) in 1 channel. 8,227,393
 * parameters.
 *
 * Call checkResidualUNetSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildResidualUNet({
  classes = 1,
  base = 64,
  channels = 3,
}: ResidualUNetOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 8192 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  const e1 = residual(image, "e1", base, 1, true); // [H, W, 64]
  const e2 = residual(e1, "e2", base * 2, 2); // [H / 2, W / 2, 128]
  const e3 = residual(e2, "e3", base * 4, 2); // [H / 4, W / 4, 256]
  const e4 = residual(e3, "e4", base * 8, 2); // [H / 8, W / 8, 512]

  const u3 = nearest(e4, "u3"); // [H / 4, W / 4, 512]
  let x = concat([u3, e3], "d3/concat1");
  const d3 = residual(x, "d3", base * 4); // [H / 4, W / 4, 256]

  const u2 = nearest(d3, "u2"); // [H / 2, W / 2, 256]
  x = concat([u2, e2], "d2/concat1");
  const d2 = residual(x, "d2", base * 2); // [H / 2, W / 2, 128]

  const u1 = nearest(d2, "u1"); // [H, W, 128]
  x = concat([u1, e1], "d1/concat1");
  const d1 = residual(x, "d1", base); // [H, W, 64]

  x = conv(d1, "mask/conv1", classes, 1);
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "ResidualUNet", inputs: image, outputs: mask });
}

/** Throws unless ResidualUNet can take images of this size. */
export function checkResidualUNetSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 8 || size % 8 !== 0) {
      throw new RangeError(
        `ResidualUNet takes images whose height and width are multiples of 8; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How ResidualUNet sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfResidualUNet = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

/** Batch normalisation with the constants of PyTorch or of Keras. */
function norm(input: Tensor, name: string): Tensor {
  return batchNorm(input, name);
}

/**
 * A residual unit with activations before its convolutions (He et al. 2016), as
 * Deep Residual U-Nets have it (Zhang et al. 2018). The shortcut is a
 * convolution of its own, of size 1 or 3, with or without normalisation.
 * "first" leaves out the activation before the first convolution: nothing to
 * activate in an image. "form" says whose padding of strided convolutions and
 * whose constants are meant.
 */
function residual(
  input: Tensor,
  name: string,
  c: number,
  stride = 1,
  first = false,
): Tensor {
  let active = input;
  if (!first) {
    const y = norm(input, `${name}/active/norm1`);
    active = relu(y, `${name}/active`);
  }
  let x =
    stride === 1
      ? conv(active, `${name}/h/conv1`, c, 3)
      : paddedConv(active, `${name}/h/conv1`, c, 3);
  x = norm(x, `${name}/h/norm1`);
  x = relu(x, `${name}/h/relu1`);
  const h = conv(x, `${name}/h`, c, 3);
  const side = conv(input, `${name}/side`, c, 1, { strides: stride });
  return add([h, side], name);
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
    kernelInitializer: "heNormal",
  });
  return layer.apply(padded) as Tensor;
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
    kernelInitializer: "heNormal",
    ...options,
  });
  return layer.apply(x) as Tensor;
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

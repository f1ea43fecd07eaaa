// Made by unetc from residual-unet-torch.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildResidualUNetTorch. */
export interface ResidualUNetTorchOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * A Deep Residual U-Net (Zhang et al. 2018) as a PyTorch port has it: shortcuts
 * of size 3 with normalisation, and learned steps up.
 *
 * Takes images of 3 channels whose height and width are multiples of 8; "mask"
 * is as large and holds probabilities (sigmoid) in 1 channel. 13,052,097
 * parameters.
 *
 * Call checkResidualUNetTorchSize before the model sees an image: at other
 * sizes its layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildResidualUNetTorch({
  classes = 1,
  base = 64,
  channels = 3,
}: ResidualUNetTorchOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 8192 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  const e1 = residual(image, "e1", base); // [H, W, 64]
  const e2 = residualStride2(e1, "e2", base * 2); // [H / 2, W / 2, 128]
  const e3 = residualStride2(e2, "e3", base * 4); // [H / 4, W / 4, 256]
  const e4 = residualStride2(e3, "e4", base * 8); // [H / 8, W / 8, 512]

  const u3 = convTranspose(e4, "u3", base * 8); // [H / 4, W / 4, 512]
  let x = concat([u3, e3], "d3/concat1");
  const d3 = residual(x, "d3", base * 4, true); // [H / 4, W / 4, 256]

  const u2 = convTranspose(d3, "u2", base * 4); // [H / 2, W / 2, 256]
  x = concat([u2, e2], "d2/concat1");
  const d2 = residual(x, "d2", base * 2, true); // [H / 2, W / 2, 128]

  const u1 = convTranspose(d2, "u1", base * 2); // [H, W, 128]
  x = concat([u1, e1], "d1/concat1");
  const d1 = residual(x, "d1", base, true); // [H, W, 64]

  x = conv(d1, "mask/conv1", classes, 1);
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "ResidualUNetTorch", inputs: image, outputs: mask });
}

/** Throws unless ResidualUNetTorch can take images of this size. */
export function checkResidualUNetTorchSize(
  height: number,
  width: number,
): void {
  for (const size of [height, width]) {
    if (size < 8 || size % 8 !== 0) {
      throw new RangeError(
        `ResidualUNetTorch takes images whose height and width are multiples of 8; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How ResidualUNetTorch sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfResidualUNetTorch = {
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
 *
 * Here shortcut = 3.
 */
function residual(
  input: Tensor,
  name: string,
  c: number,
  hasActive = false,
): Tensor {
  let active = input;
  if (hasActive) {
    const y = norm(input, `${name}/active/norm1`);
    active = relu(y, `${name}/active`);
  }
  let x = conv(active, `${name}/h/conv1`, c, 3);
  x = norm(x, `${name}/h/norm1`);
  x = relu(x, `${name}/h/relu1`);
  const h = conv(x, `${name}/h`, c, 3);
  const side = conv(input, `${name}/side`, c, 3);
  const short = hasActive ? norm(side, `${name}/short`) : side;
  return add([h, short], name);
}

/** Like residual, here stride = 2, norm_shortcut = true, first = false. */
function residualStride2(input: Tensor, name: string, c: number): Tensor {
  let x = norm(input, `${name}/active/norm1`);
  const active = relu(x, `${name}/active`);
  x = paddedConv(active, `${name}/h/conv1`, c, 3);
  x = norm(x, `${name}/h/norm1`);
  x = relu(x, `${name}/h/relu1`);
  const h = conv(x, `${name}/h`, c, 3);
  const side = paddedConv(input, `${name}/side`, c, 3);
  const short = norm(side, `${name}/short`);
  return add([h, short], name);
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
    kernelInitializer: "heNormal",
  });
  return layer.apply(padded) as Tensor;
}

function convTranspose(x: Tensor, name: string, filters: number): Tensor {
  const layer = tf.layers.conv2dTranspose({
    name,
    filters,
    kernelSize: 2,
    strides: 2,
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

// Made by unetc from residual-unet-keras.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildResidualUNetKeras. */
export interface ResidualUNetKerasOptions {
  classes?: number;
  channels?: number;
}

/**
 * A Deep Residual U-Net (Zhang et al. 2018) as a Keras port has it: five
 * levels, two more convolutions at the bottom, a decoder twice as wide as the
 * encoder.
 *
 * Takes images of 3 channels whose height and width are multiples of 16; "mask"
 * is as large and holds probabilities (sigmoid) in 1 channel. 4,723,057
 * parameters.
 *
 * Call checkResidualUNetKerasSize before the model sees an image: at other
 * sizes its layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by their values here, for others may mean
 * other layers or sizes, or fit no network: widths = [16, 32, 64, 128, 256],
 * decoder_widths = [32, 64, 128, 256].
 */
export function buildResidualUNetKeras({
  classes = 1,
  channels = 3,
}: ResidualUNetKerasOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  const e1 = residual(image, "e1", 16, 1, true); // [H, W, 16]
  const e2 = residual(e1, "e2", 32, 2); // [H / 2, W / 2, 32]
  const e3 = residual(e2, "e3", 64, 2); // [H / 4, W / 4, 64]
  const e4 = residual(e3, "e4", 128, 2); // [H / 8, W / 8, 128]

  let x = residual(e4, "e5/residual1", 256, 2);
  x = norm(x, "e5/norm1");
  x = relu(x, "e5/relu1");
  x = conv(x, "e5/conv1", 256, 3);
  x = norm(x, "e5/norm2");
  x = relu(x, "e5/relu2");
  const e5 = conv(x, "e5", 256, 3); // [H / 16, W / 16, 256]

  const u4 = nearest(e5, "u4"); // [H / 8, W / 8, 256]
  x = concat([u4, e4], "d4/concat1");
  const d4 = residual(x, "d4", 256); // [H / 8, W / 8, 256]

  const u3 = nearest(d4, "u3"); // [H / 4, W / 4, 256]
  x = concat([u3, e3], "d3/concat1");
  const d3 = residual(x, "d3", 128); // [H / 4, W / 4, 128]

  const u2 = nearest(d3, "u2"); // [H / 2, W / 2, 128]
  x = concat([u2, e2], "d2/concat1");
  const d2 = residual(x, "d2", 64); // [H / 2, W / 2, 64]

  const u1 = nearest(d2, "u1"); // [H, W, 64]
  x = concat([u1, e1], "d1/concat1");
  const d1 = residual(x, "d1", 32); // [H, W, 32]

  x = conv(d1, "mask/conv1", classes, 1);
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "ResidualUNetKeras", inputs: image, outputs: mask });
}

/** Throws unless ResidualUNetKeras can take images of this size. */
export function checkResidualUNetKerasSize(
  height: number,
  width: number,
): void {
  for (const size of [height, width]) {
    if (size < 16 || size % 16 !== 0) {
      throw new RangeError(
        `ResidualUNetKeras takes images whose height and width are multiples of 16; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How ResidualUNetKeras sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfResidualUNetKeras = {
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
 * Batch normalisation with the constants of PyTorch or of Keras.
 *
 * Here form = keras.
 */
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
 * Here norm_shortcut = true, form = keras.
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
  let x = conv(active, `${name}/h/conv1`, c, 3, { strides: stride });
  x = norm(x, `${name}/h/norm1`);
  x = relu(x, `${name}/h/relu1`);
  const h = conv(x, `${name}/h`, c, 3);
  const side = conv(input, `${name}/side`, c, 1, { strides: stride });
  const short = norm(side, `${name}/short`);
  return add([h, short], name);
}

function batchNorm(x: Tensor, name: string): Tensor {
  return tf.layers.batchNormalization({ name }).apply(x) as Tensor;
}

function relu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "relu" }).apply(x) as Tensor;
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

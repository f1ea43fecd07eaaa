// Made by unetc from unet-keras.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildUNetKeras. */
export interface UNetKerasOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * A Keras-style U-Net without normalisation: 3 x 3 transposed convolutions,
 * dropout before the two deepest skips, one more convolution before the head.
 *
 * Takes images of 3 channels whose height and width are multiples of 16; "mask"
 * is as large and holds logits in 23 channels. 8,640,471 parameters.
 *
 * Call checkUNetKerasSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildUNetKeras({
  classes = 23,
  base = 32,
  channels = 3,
}: UNetKerasOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 4096 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  const e1 = doubleConv(image, "e1", base); // [H, W, 32]

  let x = maxPool(e1, "e2/max_pool1");
  const e2 = doubleConv(x, "e2", base * 2); // [H / 2, W / 2, 64]

  x = maxPool(e2, "e3/max_pool1");
  const e3 = doubleConv(x, "e3", base * 4); // [H / 4, W / 4, 128]

  x = maxPool(e3, "e4/max_pool1");
  x = doubleConv(x, "e4/double_conv1", base * 8);
  const e4 = dropout(x, "e4", 0.3); // [H / 8, W / 8, 256]

  x = maxPool(e4, "e5/max_pool1");
  x = doubleConv(x, "e5/double_conv1", base * 16);
  const e5 = dropout(x, "e5", 0.3); // [H / 16, W / 16, 512]

  const u4 = convTranspose(e5, "u4", base * 8); // [H / 8, W / 8, 256]
  x = concat([u4, e4], "d4/concat1");
  const d4 = doubleConv(x, "d4", base * 8); // [H / 8, W / 8, 256]

  const u3 = convTranspose(d4, "u3", base * 4); // [H / 4, W / 4, 128]
  x = concat([u3, e3], "d3/concat1");
  const d3 = doubleConv(x, "d3", base * 4); // [H / 4, W / 4, 128]

  const u2 = convTranspose(d3, "u2", base * 2); // [H / 2, W / 2, 64]
  x = concat([u2, e2], "d2/concat1");
  const d2 = doubleConv(x, "d2", base * 2); // [H / 2, W / 2, 64]

  const u1 = convTranspose(d2, "u1", base); // [H, W, 32]
  x = concat([u1, e1], "d1/concat1");
  const d1 = doubleConv(x, "d1", base); // [H, W, 32]

  x = conv(d1, "mask/conv1", base, 3);
  x = relu(x, "mask/relu1");
  const mask = conv(x, "mask", classes, 1); // [H, W, 23]

  return tf.model({ name: "UNetKeras", inputs: image, outputs: mask });
}

/** Throws unless UNetKeras can take images of this size. */
export function checkUNetKerasSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 16 || size % 16 !== 0) {
      throw new RangeError(
        `UNetKeras takes images whose height and width are multiples of 16; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How UNetKeras sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfUNetKeras = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 23, values: "logits", activation: "softmax" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function doubleConv(input: Tensor, name: string, c: number): Tensor {
  let x = conv(input, `${name}/conv1`, c, 3);
  x = relu(x, `${name}/relu1`);
  x = conv(x, `${name}/conv2`, c, 3);
  return relu(x, name);
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

function maxPool(x: Tensor, name: string): Tensor {
  return tf.layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as Tensor;
}

function dropout(x: Tensor, name: string, rate: number): Tensor {
  return tf.layers.dropout({ name, rate }).apply(x) as Tensor;
}

function convTranspose(x: Tensor, name: string, filters: number): Tensor {
  const layer = tf.layers.conv2dTranspose({
    name,
    filters,
    kernelSize: 3,
    strides: 2,
    padding: "same",
    kernelInitializer: "heNormal",
  });
  return layer.apply(x) as Tensor;
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

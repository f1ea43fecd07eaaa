// Made by unetc from nuclei.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildNuclei. */
export interface NucleiOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * A small U-Net for nuclei in fluorescence images, which are grey, dark and of
 * very different exposure: each is brought to mean 0 and deviation 1.
 *
 * Takes images of 1 channel whose height and width are multiples of 16; "mask"
 * is as large and holds logits in 1 channel. 487,881 parameters.
 *
 * Call checkNucleiSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildNuclei({
  classes = 1,
  base = 8,
  channels = 1,
}: NucleiOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 4096 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 1]
  const e1 = doubleConv(image, "e1", base); // [H, W, 8]

  let x = maxPool(e1, "e2/max_pool1");
  const e2 = doubleConv(x, "e2", base * 2); // [H / 2, W / 2, 16]

  x = maxPool(e2, "e3/max_pool1");
  const e3 = doubleConv(x, "e3", base * 4); // [H / 4, W / 4, 32]

  x = maxPool(e3, "e4/max_pool1");
  const e4 = doubleConv(x, "e4", base * 8); // [H / 8, W / 8, 64]

  x = maxPool(e4, "e5/max_pool1");
  const e5 = doubleConv(x, "e5", base * 16); // [H / 16, W / 16, 128]

  const u4 = convTranspose(e5, "u4", base * 8); // [H / 8, W / 8, 64]
  x = concat([e4, u4], "d4/concat1");
  const d4 = doubleConv(x, "d4", base * 8); // [H / 8, W / 8, 64]

  const u3 = convTranspose(d4, "u3", base * 4); // [H / 4, W / 4, 32]
  x = concat([e3, u3], "d3/concat1");
  const d3 = doubleConv(x, "d3", base * 4); // [H / 4, W / 4, 32]

  const u2 = convTranspose(d3, "u2", base * 2); // [H / 2, W / 2, 16]
  x = concat([e2, u2], "d2/concat1");
  const d2 = doubleConv(x, "d2", base * 2); // [H / 2, W / 2, 16]

  const u1 = convTranspose(d2, "u1", base); // [H, W, 8]
  x = concat([e1, u1], "d1/concat1");
  const d1 = doubleConv(x, "d1", base); // [H, W, 8]

  const mask = conv(d1, "mask", classes, 1, { useBias: true }); // [H, W, 1]

  return tf.model({ name: "Nuclei", inputs: image, outputs: mask });
}

/** Throws unless Nuclei can take images of this size. */
export function checkNucleiSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 16 || size % 16 !== 0) {
      throw new RangeError(
        `Nuclei takes images whose height and width are multiples of 16; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How Nuclei sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits); then the
 * mean of the whole image, over all its pixels and channels together, is taken
 * off, and the rest divided by its deviation.
 *
 * As built with the default options.
 */
export const factsOfNuclei = {
  scaling: { name: "standard" },
  outputs: [
    { name: "mask", channels: 1, values: "logits", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function doubleConv(input: Tensor, name: string, c: number): Tensor {
  let x = conv(input, `${name}/conv1`, c, 3);
  x = batchNorm(x, `${name}/batch_norm1`);
  x = relu(x, `${name}/relu1`);
  x = conv(x, `${name}/conv2`, c, 3);
  x = batchNorm(x, `${name}/batch_norm2`);
  return relu(x, name);
}

function conv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number,
  options: { useBias?: boolean } = {},
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

function maxPool(x: Tensor, name: string): Tensor {
  return tf.layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as Tensor;
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

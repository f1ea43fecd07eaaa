// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildClass. */
export interface ClassOptions {
  classes?: number;
}

/**
 * Names that mean something in TypeScript.  A * / does no harm.
 *
 * Takes images of 3 channels whose height and width are multiples of 2;
 * "return" is as large and holds logits in 1 channel. 2,931 parameters.
 *
 * Call checkClassSize before the model sees an image: at other sizes its layers
 * fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildClass({ classes = 1 }: ClassOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });

  const name = tf.input({ name: "name", shape: [null, null, 3] }); // [H, W, 3]

  const x = functionBlock(name, "x", 4); // [H, W, 4]
  const classTensor = conv(x, "class", 4, 2); // [H, W, 8]

  let y = relu(classTensor, "tf/relu1");
  y = maxPool(y, "tf/max_pool1");
  const tfTensor = convLayer(y, "tf", 4, 3); // [H / 2, W / 2, 4]

  y = nearest(tfTensor, "default/nearest1");
  y = convLayer(y, "default/conv1", 4, 3);
  const defaultTensor = camel(y, "default"); // [H, W, 4]
  y = concat([defaultTensor, classTensor], "conv1/concat1");
  const conv1 = doubleConv(y, "conv1", 8); // [H, W, 8]
  const buildClassTensor = tensorBlock(conv1, x, "buildClass"); // [H, W, 3]

  const returnTensor = convLayer(buildClassTensor, "return", classes, 1); // [H, W, 1]

  return tf.model({ name: "class_", inputs: name, outputs: returnTensor });
}

/** Throws unless class_ can take images of this size. */
export function checkClassSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 2 || size % 2 !== 0) {
      throw new RangeError(
        `class_ takes images whose height and width are multiples of 2; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How class_ sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfClass = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "return", channels: 1, values: "logits", activation: "sigmoid" },
  ],
  heads: [{ name: "return", outputs: ["return"], prediction: "main" }],
} as const;

function functionBlock(input: Tensor, name: string, nameValue: number): Tensor {
  const x = convLayer(input, `${name}/conv1`, nameValue, 3);
  return relu(x, name);
}

function conv(
  input: Tensor,
  name: string,
  x: number,
  inputValue: number,
): Tensor {
  let y = convLayer(input, `${name}/conv1`, x, 3);
  y = relu(y, `${name}/relu1`);
  return convLayer(y, name, x * inputValue, 3);
}

function camel(input: Tensor, name: string): Tensor {
  const x = relu(input, `${name}/relu1`);
  return convLayer(x, name, 4, 3);
}

function doubleConv(input: Tensor, name: string, c: number): Tensor {
  const x = convLayer(input, `${name}/conv1`, c, 3);
  return convLayer(x, name, c, 3);
}

function tensorBlock(input: Tensor, layer: Tensor, name: string): Tensor {
  const x = concat([input, layer], `${name}/concat1`);
  return convLayer(x, name, 3, 3);
}

function convLayer(
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

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function maxPool(x: Tensor, name: string): Tensor {
  return tf.layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as Tensor;
}

function nearest(x: Tensor, name: string): Tensor {
  return tf.layers.upSampling2d({ name, size: [2, 2] }).apply(x) as Tensor;
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

// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/**
 * Blocks that read the channels of what flows in after another tensor, or
 * nothing else of it.
 *
 * Takes images of 3 channels, of any size; "mask" is as large and holds logits
 * in 1 channel. 1,579 parameters.
 */
export function buildFlowingChannels(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]

  const a = conv(image, "a", 4, 3); // [H, W, 4]
  const b = conv(image, "b", 6, 3); // [H, W, 6]
  const c = gated(b, a, "c"); // [H, W, 6]
  const d = asWide(a, b, "d"); // [H, W, 4]
  const x = concat([c, d], "e/concat1");
  const e = twice(x, "e", 2); // [H, W, 2]

  const mask = conv(e, "mask", 1, 1); // [H, W, 1]

  return tf.model({ name: "FlowingChannels", inputs: image, outputs: mask });
}

/**
 * How FlowingChannels sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 */
export const factsOfFlowingChannels = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "logits", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

/** Here inner = 12. */
function gated(input: Tensor, g: Tensor, name: string): Tensor {
  let x = conv(g, `${name}/s/conv1`, 2 * channelsOf(input), 1);
  x = relu(x, `${name}/s/relu1`);
  x = conv(x, `${name}/s/conv2`, channelsOf(input), 3);
  const s = sigmoid(x, `${name}/s`);
  return multiply([s, input], name);
}

function asWide(input: Tensor, g: Tensor, name: string): Tensor {
  return conv(g, name, channelsOf(input), 3);
}

function both(input: Tensor, name: string, c: number): Tensor {
  let x = passThrough(input, `${name}/concat2.again1`);
  x = concat([input, x], `${name}/concat2`);
  return conv(x, name, c, 3);
}

function twice(input: Tensor, name: string, c: number): Tensor {
  return both(input, name, c);
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

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

function multiply(x: Tensor[], name: string): Tensor {
  return tf.layers.multiply({ name }).apply(x) as Tensor;
}

function passThrough(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "linear" });
  return layer.apply(x) as Tensor;
}

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function channelsOf(x: Tensor): number {
  return x.shape[3]!;
}

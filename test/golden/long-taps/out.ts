// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/**
 * An encoder whose taps are made by more than one operation.
 *
 * Takes images of 3 channels whose height and width are 0 or 3 mod 4, from 3
 * on; "mask" is [2 ceil(H / 2), 2 ceil(W / 2), 1] and holds probabilities
 * (sigmoid) in 1 channel. 3,889 parameters.
 *
 * Call checkLongTapsSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 */
export function buildLongTaps(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]
  // s2: [ceil(H / 2), ceil(W / 2), 8]
  // s4: [ceil(H / 4), ceil(W / 4), 16]
  const [s2, s4] = steps(image, "steps");

  const u1 = nearest(s4, "u1"); // [ceil(H / 2), ceil(W / 2), 16]
  let x = concat([u1, s2], "d1/concat1");
  x = conv(x, "d1/conv1", 8, 3);
  const d1 = relu(x, "d1"); // [ceil(H / 2), ceil(W / 2), 8]

  x = conv(d1, "mask/conv1", 1, 1);
  x = nearest(x, "mask/nearest1");
  const mask = sigmoid(x, "mask"); // [2 ceil(H / 2), 2 ceil(W / 2), 1]

  return tf.model({ name: "LongTaps", inputs: image, outputs: mask });
}

/** Throws unless LongTaps can take images of this size. */
export function checkLongTapsSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 3 || ![0, 3].includes(size % 4)) {
      throw new RangeError(
        `LongTaps takes images whose height and width are 0 or 3 mod 4, from 3 on; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How LongTaps sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 */
export const factsOfLongTaps = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function steps(input: Tensor, name: string): [Tensor, Tensor] {
  let y = paddedConv(input, `${name}/s2/conv1`, 8, 7);
  y = batchNorm(y, `${name}/s2/batch_norm1`);
  const s2 = relu(y, "s2");
  const x = maxPool(s2, `${name}/x`);
  const x_1 = separable(x, `${name}/x_1`, 16);
  const x_2 = separable(x_1, `${name}/x_2`, 16);
  y = conv(x_2, `${name}/s4/conv1`, 16, 1);
  const s4 = relu(y, "s4");
  return [s2, s4];
}

function separable(input: Tensor, name: string, c: number): Tensor {
  let x = depthwiseConv(input, `${name}/depthwise_conv1`, 3);
  x = conv(x, `${name}/conv1`, c, 1);
  return relu(x, name);
}

function paddedConv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number,
): Tensor {
  const padded = tf.layers
    .zeroPadding2d({ name: `${name}.pad`, padding: 3 })
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

function depthwiseConv(x: Tensor, name: string, kernelSize: number): Tensor {
  const layer = tf.layers.depthwiseConv2d({
    name,
    kernelSize,
    padding: "same",
    depthwiseInitializer: "heNormal",
  });
  return layer.apply(x) as Tensor;
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

// Made by unetc from blood-cells-mobilenet.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildBloodCellsMobileNet. */
export interface BloodCellsMobileNetOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * Single blood cells, by an encoder that may start from weights of another
 * task: "unetc train ... --weights files/mobilenet_v2.h5" reads Keras'
 * MobileNetV2 from that path, and with "--set freeze=true" only the decoder
 * learns.
 *
 * Takes images of 3 channels whose height and width are 0 or 15 mod 16, from 15
 * on; "mask" is [2 ceil(H / 2), 2 ceil(W / 2), 3] and holds logits in 3
 * channels. 1,139,827 parameters.
 *
 * Call checkBloodCellsMobileNetSize before the model sees an image: at other
 * sizes its layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by their values here, for they decide which
 * layers there are or their sizes: alpha = 1, freeze = false.
 */
export function buildBloodCellsMobileNet({
  classes = 3,
  base = 16,
  channels = 3,
}: BloodCellsMobileNetOptions = {}): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]

  let x = conv(image, "mobilenet_v2/stem/conv1", 32, 3, { strides: 2 });
  x = norm(x, "mobilenet_v2/stem/norm1");
  x = relu6(x, "mobilenet_v2/stem");
  x = invertedResidual(x, "mobilenet_v2/expanded_conv", 16);
  const mobilenetV2Expand1 = expansion(x, "mobilenet_v2/expand_1", 6);
  const mobilenetV2Block1 = projection(
    mobilenetV2Expand1,
    "mobilenet_v2/block_1",
    24,
    2,
  );
  const mobilenetV2Expand2 = expansion(
    mobilenetV2Block1,
    "mobilenet_v2/expand_2",
    6,
  );
  x = projectionWithAdd(
    mobilenetV2Expand2,
    mobilenetV2Block1,
    "mobilenet_v2/block_2",
    24,
    1,
  );
  const mobilenetV2Expand3 = expansion(x, "mobilenet_v2/expand_3", 6);
  const mobilenetV2Block3 = projection(
    mobilenetV2Expand3,
    "mobilenet_v2/block_3",
    32,
    2,
  );
  const mobilenetV2Expand4 = expansion(
    mobilenetV2Block3,
    "mobilenet_v2/expand_4",
    6,
  );
  const mobilenetV2Block4 = projectionWithAdd(
    mobilenetV2Expand4,
    mobilenetV2Block3,
    "mobilenet_v2/block_4",
    32,
    1,
  );
  const mobilenetV2Expand5 = expansion(
    mobilenetV2Block4,
    "mobilenet_v2/expand_5",
    6,
  );
  x = projectionWithAdd(
    mobilenetV2Expand5,
    mobilenetV2Block4,
    "mobilenet_v2/block_5",
    32,
    1,
  );
  const mobilenetV2Expand6 = expansion(x, "mobilenet_v2/expand_6", 6);
  const mobilenetV2Block6 = projection(
    mobilenetV2Expand6,
    "mobilenet_v2/block_6",
    64,
    2,
  );
  const mobilenetV2Expand7 = expansion(
    mobilenetV2Block6,
    "mobilenet_v2/expand_7",
    6,
  );
  const mobilenetV2Block7 = projectionWithAdd(
    mobilenetV2Expand7,
    mobilenetV2Block6,
    "mobilenet_v2/block_7",
    64,
    1,
  );
  const mobilenetV2Expand8 = expansion(
    mobilenetV2Block7,
    "mobilenet_v2/expand_8",
    6,
  );
  const mobilenetV2Block8 = projectionWithAdd(
    mobilenetV2Expand8,
    mobilenetV2Block7,
    "mobilenet_v2/block_8",
    64,
    1,
  );
  const mobilenetV2Expand9 = expansion(
    mobilenetV2Block8,
    "mobilenet_v2/expand_9",
    6,
  );
  x = projectionWithAdd(
    mobilenetV2Expand9,
    mobilenetV2Block8,
    "mobilenet_v2/block_9",
    64,
    1,
  );
  x = expansion(x, "mobilenet_v2/expand_10", 6);
  const mobilenetV2Block10 = projection(x, "mobilenet_v2/block_10", 96, 1);
  const mobilenetV2Expand11 = expansion(
    mobilenetV2Block10,
    "mobilenet_v2/expand_11",
    6,
  );
  const mobilenetV2Block11 = projectionWithAdd(
    mobilenetV2Expand11,
    mobilenetV2Block10,
    "mobilenet_v2/block_11",
    96,
    1,
  );
  const mobilenetV2Expand12 = expansion(
    mobilenetV2Block11,
    "mobilenet_v2/expand_12",
    6,
  );
  x = projectionWithAdd(
    mobilenetV2Expand12,
    mobilenetV2Block11,
    "mobilenet_v2/block_12",
    96,
    1,
  );
  x = expansion(x, "mobilenet_v2/expand_13", 6);

  const u4 = nearest(x, "u4"); // [ceil(H / 8), ceil(W / 8), 576]
  x = concat([mobilenetV2Expand6, u4], "d4/concat1");
  const d4 = convNorm(x, "d4", base * 4); // [ceil(H / 8), ceil(W / 8), 64]

  const u3 = nearest(d4, "u3"); // [ceil(H / 4), ceil(W / 4), 64]
  x = concat([mobilenetV2Expand3, u3], "d3/concat1");
  const d3 = convNorm(x, "d3", base * 2); // [ceil(H / 4), ceil(W / 4), 32]

  const u2 = nearest(d3, "u2"); // [ceil(H / 2), ceil(W / 2), 32]
  x = concat([mobilenetV2Expand1, u2], "d2/concat1");
  const d2 = convNorm(x, "d2", base); // [ceil(H / 2), ceil(W / 2), 16]

  const u1 = nearest(d2, "u1"); // [2 ceil(H / 2), 2 ceil(W / 2), 16]
  const d1 = convNorm(u1, "d1", base); // [2 ceil(H / 2), 2 ceil(W / 2), 16]

  const mask = conv(d1, "mask", classes, 1, { useBias: true }); // [2 ceil(H / 2), 2 ceil(W / 2), 3]

  return tf.model({
    name: "BloodCellsMobileNet",
    inputs: image,
    outputs: mask,
  });
}

/** Throws unless BloodCellsMobileNet can take images of this size. */
export function checkBloodCellsMobileNetSize(
  height: number,
  width: number,
): void {
  for (const size of [height, width]) {
    if (size < 15 || ![0, 15].includes(size % 16)) {
      throw new RangeError(
        `BloodCellsMobileNet takes images whose height and width are 0 or 15 mod 16, from 15 on; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How BloodCellsMobileNet sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfBloodCellsMobileNet = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 3, values: "logits", activation: "softmax" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

/**
 * Batch normalisation with the constants of torchvision or of Keras.
 *
 * Here form = keras.
 */
function norm(input: Tensor, name: string): Tensor {
  return batchNorm(input, name);
}

/**
 * A depthwise convolution. Keras pads strided ones less above and left.
 *
 * Here form = keras.
 */
function depthwise(input: Tensor, name: string, stride: number): Tensor {
  let x = depthwiseConv(input, `${name}/depthwise_conv1`, 3, {
    strides: stride,
  });
  x = norm(x, `${name}/norm1`);
  return relu6(x, name);
}

/**
 * The first half of an inverted residual: more channels.
 *
 * Here form = keras.
 */
function expansion(input: Tensor, name: string, factor: number): Tensor {
  let x = conv(input, `${name}/conv1`, channelsOf(input) * factor, 1);
  x = norm(x, `${name}/norm1`);
  return relu6(x, name);
}

function convNorm(input: Tensor, name: string, c: number): Tensor {
  let x = conv(input, `${name}/conv1`, c, 3);
  x = batchNorm(x, `${name}/batch_norm1`, { momentum: 0.9, epsilon: 1e-5 });
  return relu(x, name);
}

/**
 * The second half: a depthwise convolution, then fewer channels and no
 * activation. What flowed into the first half is added where it has the same
 * shape.
 *
 * Here form = keras, without add.
 */
function projection(
  input: Tensor,
  name: string,
  c: number,
  stride: number,
): Tensor {
  let x = depthwise(input, `${name}/narrow/depthwise1`, stride);
  x = conv(x, `${name}/narrow/conv1`, c, 1);
  return norm(x, `${name}/narrow`);
}

/** Like projection, here stride = 1, with add. */
function projectionWithAdd(
  input: Tensor,
  shortcut: Tensor,
  name: string,
  c: number,
  stride: number,
): Tensor {
  let x = depthwise(input, `${name}/narrow/depthwise1`, stride);
  x = conv(x, `${name}/narrow/conv1`, c, 1);
  const narrow = norm(x, `${name}/narrow`);
  return add([shortcut, narrow], name);
}

/**
 * Both halves (Sandler et al. 2018).
 *
 * Here factor = 1, form = keras.
 */
function invertedResidual(input: Tensor, name: string, c: number): Tensor {
  return projection(input, name, c, 1);
}

function batchNorm(
  x: Tensor,
  name: string,
  options: { momentum?: number; epsilon?: number } = {},
): Tensor {
  const layer = tf.layers.batchNormalization({
    name,
    momentum: 0.999,
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function depthwiseConv(
  x: Tensor,
  name: string,
  kernelSize: number,
  options: { strides?: number } = {},
): Tensor {
  const layer = tf.layers.depthwiseConv2d({
    name,
    kernelSize,
    padding: "same",
    useBias: false,
    depthwiseInitializer: "heNormal",
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function relu6(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "relu6" });
  return layer.apply(x) as Tensor;
}

function conv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number,
  options: { useBias?: boolean; strides?: number } = {},
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

function relu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "relu" }).apply(x) as Tensor;
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

function channelsOf(x: Tensor): number {
  return x.shape[3]!;
}

// Made by unetc from mobile-unet.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildMobileUNet. */
export interface MobileUNetOptions {
  classes?: number;
  base?: number;
  alpha?: number;
  channels?: number;
}

/**
 * A U-Net on MobileNetV1 that enlarges after each merge. The first convolution
 * keeps full size, strided ones round up: where the image is a little below a
 * multiple of 16, the mask is that multiple.
 *
 * Takes images of 3 channels whose height and width are 0, 13, 14 or 15 mod 16,
 * from 13 on; "mask" is [4 ceil(H / 4), 4 ceil(W / 4), 1] and holds logits in 1
 * channel. 14,113,409 parameters.
 *
 * Call checkMobileUNetSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildMobileUNet({
  classes = 1,
  base = 64,
  alpha = 1,
  channels = 3,
}: MobileUNetOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 8192 });
  checkOption("alpha", alpha, "number");
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  // block_5: [ceil(H / 4), ceil(W / 4), 256]
  // block_11: [ceil(H / 8), ceil(W / 8), 512]
  // block_13: [ceil(H / 16), ceil(W / 16), 1024]
  const [block_5, block_11, block_13] = mobilenetV1(
    image,
    "mobilenet_v1",
    alpha,
  );

  let x = nearest(block_13, "d4/nearest1");
  const d4 = doubleConv(x, "d4", base * 8); // [ceil(H / 8), ceil(W / 8), 512]

  x = concat([block_11, d4], "d3/concat1");
  x = nearest(x, "d3/nearest1");
  const d3 = doubleConv(x, "d3", base * 4); // [ceil(H / 4), ceil(W / 4), 256]

  x = concat([d3, block_5], "d2/concat1");
  x = nearest(x, "d2/nearest1");
  const d2 = doubleConv(x, "d2", base * 2); // [2 ceil(H / 4), 2 ceil(W / 4), 128]

  x = nearest(d2, "d1/nearest1");
  const d1 = doubleConv(x, "d1", base); // [4 ceil(H / 4), 4 ceil(W / 4), 64]

  const mask = conv(d1, "mask", classes, 1); // [4 ceil(H / 4), 4 ceil(W / 4), 1]

  return tf.model({ name: "MobileUNet", inputs: image, outputs: mask });
}

/** Throws unless MobileUNet can take images of this size. */
export function checkMobileUNetSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 13 || ![0, 13, 14, 15].includes(size % 16)) {
      throw new RangeError(
        `MobileUNet takes images whose height and width are 0, 13, 14 or 15 mod 16, from 13 on; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How MobileUNet sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfMobileUNet = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "logits", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

/**
 * Batch normalisation with the constants of PyTorch or of Keras.
 *
 * Here form = torch.
 */
function norm(input: Tensor, name: string): Tensor {
  return batchNorm(input, name);
}

/**
 * A depthwise convolution, then one of size 1: a convolution in two halves.
 * Keras pads strided ones below and right alone.
 */
function separable(input: Tensor, name: string, c: number, stride = 1): Tensor {
  let x =
    stride === 1
      ? depthwiseConv(input, `${name}/depthwise_conv1`, 3)
      : paddedDepthwiseConv(input, `${name}/depthwise_conv1`, 3);
  x = norm(x, `${name}/norm1`);
  x = relu6(x, `${name}/relu61`);
  x = conv(x, `${name}/conv1`, c, 1, { useBias: false });
  x = norm(x, `${name}/norm2`);
  return relu6(x, name);
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
 * MobileNetV1 (Howard et al. 2017) without its classifier; "alpha" scales every
 * width. A tap stands before each step down and at the end, named by its
 * stride. With "stem_stride: 1" the first convolution keeps full size.
 */
function mobilenetV1(
  input: Tensor,
  name: string,
  alpha: number,
): [Tensor, Tensor, Tensor] {
  let x = conv(input, `${name}/stem/conv1`, Math.floor(32 * alpha), 3, {
    useBias: false,
  });
  x = norm(x, `${name}/stem/norm1`);
  const stem = relu6(x, `${name}/stem`);
  const block: Tensor[] = [stem];
  for (const [i, c, stride] of [
    [1, 2 * Math.floor(32 * alpha), 1],
    [2, 4 * Math.floor(32 * alpha), 2],
    [3, 4 * Math.floor(32 * alpha), 1],
    [4, 8 * Math.floor(32 * alpha), 2],
    [5, 8 * Math.floor(32 * alpha), 1],
    [6, 16 * Math.floor(32 * alpha), 2],
    [7, 16 * Math.floor(32 * alpha), 1],
    [8, 16 * Math.floor(32 * alpha), 1],
    [9, 16 * Math.floor(32 * alpha), 1],
    [10, 16 * Math.floor(32 * alpha), 1],
    [11, 16 * Math.floor(32 * alpha), 1],
    [12, 32 * Math.floor(32 * alpha), 2],
    [13, 32 * Math.floor(32 * alpha), 1],
  ] as const) {
    block[i] = separable(block[i - 1]!, `${name}/block_${i}`, c, stride);
  }
  return [block[5]!, block[11]!, block[13]!];
}

function batchNorm(x: Tensor, name: string): Tensor {
  const layer = tf.layers.batchNormalization({
    name,
    momentum: 0.9,
    epsilon: 1e-5,
  });
  return layer.apply(x) as Tensor;
}

function depthwiseConv(x: Tensor, name: string, kernelSize: number): Tensor {
  const layer = tf.layers.depthwiseConv2d({
    name,
    kernelSize,
    padding: "same",
    useBias: false,
    depthwiseInitializer: "heNormal",
  });
  return layer.apply(x) as Tensor;
}

function paddedDepthwiseConv(
  x: Tensor,
  name: string,
  kernelSize: number,
): Tensor {
  const padded = tf.layers
    .zeroPadding2d({ name: `${name}.pad`, padding: 1 })
    .apply(x) as Tensor;
  const layer = tf.layers.depthwiseConv2d({
    name,
    kernelSize,
    strides: 2,
    useBias: false,
    depthwiseInitializer: "heNormal",
  });
  return layer.apply(padded) as Tensor;
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
  options: { useBias?: boolean } = {},
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

function relu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "relu" }).apply(x) as Tensor;
}

function nearest(x: Tensor, name: string): Tensor {
  return tf.layers.upSampling2d({ name, size: [2, 2] }).apply(x) as Tensor;
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

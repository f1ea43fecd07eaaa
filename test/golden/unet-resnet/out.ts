// Made by unetc from unet-resnet.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildUNetResNet. */
export interface UNetResNetOptions {
  classes?: number;
  channels?: number;
}

/**
 * A U-Net over ResNet-34 as segmentation_models.pytorch builds it by default,
 * whose files it reads: steps up by nearest pixels, and no skip at full size.
 *
 * Takes images of 3 channels whose height and width are 0 or 31 mod 32, from 31
 * on; "mask" is [2 ceil(H / 2), 2 ceil(W / 2), 1] and holds logits in 1
 * channel. 24,455,377 parameters.
 *
 * Call checkUNetResNetSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by their values here, for others may mean
 * other layers or sizes, or fit no network: depth = 34, base = 64.
 */
export function buildUNetResNet({
  classes = 1,
  channels = 3,
}: UNetResNetOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  // s2: [ceil(H / 2), ceil(W / 2), 64]
  // block_3: [ceil(H / 4), ceil(W / 4), 64]
  // block_7: [ceil(H / 8), ceil(W / 8), 128]
  // block_13: [ceil(H / 16), ceil(W / 16), 256]
  // block_16: [ceil(H / 32), ceil(W / 32), 512]
  const [s2, block_3, block_7, block_13, block_16] = resnet(image, "resnet");

  const u5 = nearest(block_16, "u5"); // [ceil(H / 16), ceil(W / 16), 512]
  let x = concat([u5, block_13], "d5/concat1");
  const d5 = doubleConv(x, "d5", 256); // [ceil(H / 16), ceil(W / 16), 256]

  const u4 = nearest(d5, "u4"); // [ceil(H / 8), ceil(W / 8), 256]
  x = concat([u4, block_7], "d4/concat1");
  const d4 = doubleConv(x, "d4", 128); // [ceil(H / 8), ceil(W / 8), 128]

  const u3 = nearest(d4, "u3"); // [ceil(H / 4), ceil(W / 4), 128]
  x = concat([u3, block_3], "d3/concat1");
  const d3 = doubleConv(x, "d3", 64); // [ceil(H / 4), ceil(W / 4), 64]

  const u2 = nearest(d3, "u2"); // [ceil(H / 2), ceil(W / 2), 64]
  x = concat([u2, s2], "d2/concat1");
  const d2 = doubleConv(x, "d2", 32); // [ceil(H / 2), ceil(W / 2), 32]

  const u1 = nearest(d2, "u1"); // [2 ceil(H / 2), 2 ceil(W / 2), 32]
  const d1 = doubleConv(u1, "d1", 16); // [2 ceil(H / 2), 2 ceil(W / 2), 16]

  const mask = conv(d1, "mask", classes, 3, { useBias: true }); // [2 ceil(H / 2), 2 ceil(W / 2), 1]

  return tf.model({ name: "UNetResNet", inputs: image, outputs: mask });
}

/** Throws unless UNetResNet can take images of this size. */
export function checkUNetResNetSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 31 || ![0, 31].includes(size % 32)) {
      throw new RangeError(
        `UNetResNet takes images whose height and width are 0 or 31 mod 32, from 31 on; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How UNetResNet sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits); then each
 * channel less its mean (0.485, 0.456, 0.406) is divided by its deviation
 * (0.229, 0.224, 0.225).
 *
 * As built with the default options.
 */
export const factsOfUNetResNet = {
  scaling: {
    name: "imagenet",
    statistics: {
      mean: [0.485, 0.456, 0.406],
      deviation: [0.229, 0.224, 0.225],
    },
  },
  outputs: [
    { name: "mask", channels: 1, values: "logits", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

/**
 * Batch normalisation with the constants of torchvision or of Keras.
 *
 * Here form = torch.
 */
function norm(input: Tensor, name: string): Tensor {
  return batchNorm(input, name);
}

/**
 * Two convolutions of size 3 with a shortcut (He et al. 2015); the first may
 * have a dilation of its own.
 *
 * Here first_dilation = 1.
 */
function basic(input: Tensor, name: string, c: number, stride = 1): Tensor {
  let x =
    stride === 1
      ? conv(input, `${name}/h/conv1`, c, 3)
      : paddedConv(input, `${name}/h/conv1`, 1, c, 3);
  x = norm(x, `${name}/h/norm1`);
  x = relu(x, `${name}/h/relu1`);
  x = conv(x, `${name}/h/conv2`, c, 3);
  const h = norm(x, `${name}/h`);
  let short = input;
  if (stride !== 1) {
    const y = conv(input, `${name}/short/conv1`, c, 1, { strides: 2 });
    short = norm(y, `${name}/short`);
  }
  x = add([h, short], `${name}/add1`);
  return relu(x, name);
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
 * ResNet-18, 34, 50, 101 and 152 (He et al. 2015) without their classifiers, as
 * torchvision has them, or with "form: keras" as Keras has the last three. The
 * taps are the stem and the ends of the four stages, named by their stride. The
 * stem is padded with zeros before its pool, which changes no maximum: a
 * rectified value is never below zero. timm's files have torchvision's names.
 */
function resnet(
  input: Tensor,
  name: string,
): [Tensor, Tensor, Tensor, Tensor, Tensor] {
  let x = paddedConv(input, `${name}/s2/conv1`, 3, 64, 7);
  x = norm(x, `${name}/s2/norm1`);
  const s2 = relu(x, "s2");
  x = pad(s2, `${name}/block/pad1`);
  const blockTensor = maxPool(x, `${name}/block`);
  const block: Tensor[] = [blockTensor];
  for (const [i, c, stride] of [
    [1, 64, 1],
    [2, 64, 1],
    [3, 64, 1],
    [4, 128, 2],
    [5, 128, 1],
    [6, 128, 1],
    [7, 128, 1],
    [8, 256, 2],
    [9, 256, 1],
    [10, 256, 1],
    [11, 256, 1],
    [12, 256, 1],
    [13, 256, 1],
    [14, 512, 2],
    [15, 512, 1],
    [16, 512, 1],
  ] as const) {
    block[i] = basic(block[i - 1]!, `${name}/block_${i}`, c, stride);
  }
  return [s2, block[3]!, block[7]!, block[13]!, block[16]!];
}

function batchNorm(x: Tensor, name: string): Tensor {
  const layer = tf.layers.batchNormalization({
    name,
    momentum: 0.9,
    epsilon: 1e-5,
  });
  return layer.apply(x) as Tensor;
}

function paddedConv(
  x: Tensor,
  name: string,
  padding: number,
  filters: number,
  kernelSize: number,
): Tensor {
  const padded = tf.layers
    .zeroPadding2d({ name: `${name}.pad`, padding })
    .apply(x) as Tensor;
  const layer = tf.layers.conv2d({
    name,
    filters,
    kernelSize,
    strides: 2,
    useBias: false,
    kernelInitializer: "heNormal",
  });
  return layer.apply(padded) as Tensor;
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

function pad(x: Tensor, name: string): Tensor {
  return tf.layers.zeroPadding2d({ name, padding: 1 }).apply(x) as Tensor;
}

function maxPool(x: Tensor, name: string): Tensor {
  const layer = tf.layers.maxPooling2d({ name, poolSize: 3, strides: 2 });
  return layer.apply(x) as Tensor;
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

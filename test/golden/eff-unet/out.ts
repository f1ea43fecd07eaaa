// Made by unetc from eff-unet.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildEffUNet. */
export interface EffUNetOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * Eff-UNet (Baheti et al. 2020) on EfficientNet-B0, in the form of the
 * libraries for segmentation: the last level of the decoder has no skip.
 *
 * Takes images of 3 channels whose height and width are 0 or 31 mod 32, from 31
 * on; "mask" is [2 ceil(H / 2), 2 ceil(W / 2), 1] and holds logits in 1
 * channel. 5,880,749 parameters.
 *
 * Call checkEffUNetSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by their values here, for others may mean
 * other layers or sizes, or fit no network: width = 1, divisor = 8.
 */
export function buildEffUNet({
  classes = 1,
  base = 16,
  channels = 3,
}: EffUNetOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 4096 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  // stem: [ceil(H / 2), ceil(W / 2), 32]
  // block_3: [ceil(H / 4), ceil(W / 4), 24]
  // block_5: [ceil(H / 8), ceil(W / 8), 40]
  // block_11: [ceil(H / 16), ceil(W / 16), 112]
  // narrow: [ceil(H / 32), ceil(W / 32), 320]
  const [stem, block_3, block_5, block_11, narrow] = efficientnet(
    image,
    "efficientnet",
  );

  const u5 = nearest(narrow, "u5"); // [ceil(H / 16), ceil(W / 16), 320]
  let x = concat([u5, block_11], "d5/concat1");
  const d5 = doubleConv(x, "d5", base * 16); // [ceil(H / 16), ceil(W / 16), 256]

  const u4 = nearest(d5, "u4"); // [ceil(H / 8), ceil(W / 8), 256]
  x = concat([u4, block_5], "d4/concat1");
  const d4 = doubleConv(x, "d4", base * 8); // [ceil(H / 8), ceil(W / 8), 128]

  const u3 = nearest(d4, "u3"); // [ceil(H / 4), ceil(W / 4), 128]
  x = concat([u3, block_3], "d3/concat1");
  const d3 = doubleConv(x, "d3", base * 4); // [ceil(H / 4), ceil(W / 4), 64]

  const u2 = nearest(d3, "u2"); // [ceil(H / 2), ceil(W / 2), 64]
  x = concat([u2, stem], "d2/concat1");
  const d2 = doubleConv(x, "d2", base * 2); // [ceil(H / 2), ceil(W / 2), 32]

  const u1 = nearest(d2, "u1"); // [2 ceil(H / 2), 2 ceil(W / 2), 32]
  const d1 = doubleConv(u1, "d1", base); // [2 ceil(H / 2), 2 ceil(W / 2), 16]

  const mask = conv(d1, "mask", classes, 3, { useBias: true }); // [2 ceil(H / 2), 2 ceil(W / 2), 1]

  return tf.model({ name: "EffUNet", inputs: image, outputs: mask });
}

/** Throws unless EffUNet can take images of this size. */
export function checkEffUNetSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 31 || ![0, 31].includes(size % 32)) {
      throw new RangeError(
        `EffUNet takes images whose height and width are 0 or 31 mod 32, from 31 on; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How EffUNet sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfEffUNet = {
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
 * Batch normalisation with the constants of torchvision or of Keras.
 *
 * Here form = torch.
 */
function norm(input: Tensor, name: string): Tensor {
  return batchNorm(input, name);
}

/**
 * Squeeze and excitation (Hu et al. 2018): the means of all channels decide how
 * much of each channel passes.
 */
function squeezeExcite(input: Tensor, name: string, squeezed: number): Tensor {
  let x = globalAvgPool(input, `${name}/gate/global_avg_pool1`);
  x = conv(x, `${name}/gate/conv1`, squeezed, 1, { useBias: true });
  x = silu(x, `${name}/gate/silu1`);
  x = conv(x, `${name}/gate/conv2`, channelsOf(input), 1, { useBias: true });
  const gate = sigmoid(x, `${name}/gate`);
  return multiply([input, gate], name);
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
 * An inverted residual with squeeze and excitation. Keras pads strided
 * convolutions less above and left; in PyTorch's form both sides are alike.
 *
 * Here norm_form = torch.
 */
function mbconv(
  input: Tensor,
  name: string,
  c: number,
  kernel: number,
  stride = 1,
  factor = 6,
  hasAdd = false,
): Tensor {
  let wide = input;
  if (factor !== 1) {
    let y = conv(input, `${name}/wide/conv1`, channelsOf(input) * factor, 1);
    y = norm(y, `${name}/wide/norm1`);
    wide = silu(y, `${name}/wide`);
  }
  let x =
    stride === 1
      ? depthwiseConv(wide, `${name}/deep/depthwise_conv1`, kernel)
      : paddedDepthwiseConv(
          wide,
          `${name}/deep/depthwise_conv1`,
          Math.floor(kernel / 2),
          kernel,
        );
  x = norm(x, `${name}/deep/norm1`);
  const deep = silu(x, `${name}/deep`);
  const excited = squeezeExcite(
    deep,
    `${name}/excited`,
    Math.max(1, Math.floor(channelsOf(input) / 4)),
  );
  x = conv(excited, `${name}/narrow/conv1`, c, 1);
  const narrow = norm(x, `${name}/narrow`);
  return hasAdd ? add([input, narrow], name) : narrow;
}

/**
 * EfficientNet (Tan and Le 2019) without its classifier. B0 to B7 are, as width
 * and depth: 1 and 1, 1 and 1.1, 1.1 and 1.2, 1.2 and 1.4, 1.4 and 1.8, 1.6 and
 * 2.2, 1.8 and 2.6, 2 and 3.1. Widths are rounded to multiples of "divisor". In
 * torchvision, B5 to B7 have the normalisations of Keras: "norm_form: keras".
 */
function efficientnet(
  input: Tensor,
  name: string,
): [Tensor, Tensor, Tensor, Tensor, Tensor] {
  let x = paddedConv(input, `${name}/stem/conv1`, 32, 3);
  x = norm(x, `${name}/stem/norm1`);
  const stem = silu(x, `${name}/stem`);
  const block: Tensor[] = [stem];
  for (const [i, c, kernel, stride, factor, hasAdd] of [
    [1, 16, 3, 1, 1, false],
    [2, 24, 3, 2, 6, false],
    [3, 24, 3, 1, 6, true],
    [4, 40, 5, 2, 6, false],
    [5, 40, 5, 1, 6, true],
    [6, 80, 3, 2, 6, false],
    [7, 80, 3, 1, 6, true],
    [8, 80, 3, 1, 6, true],
    [9, 112, 5, 1, 6, false],
    [10, 112, 5, 1, 6, true],
    [11, 112, 5, 1, 6, true],
    [12, 192, 5, 2, 6, false],
    [13, 192, 5, 1, 6, true],
    [14, 192, 5, 1, 6, true],
    [15, 192, 5, 1, 6, true],
    [16, 320, 3, 1, 6, false],
  ] as const) {
    block[i] = mbconv(
      block[i - 1]!,
      `${name}/block_${i}`,
      c,
      kernel,
      stride,
      factor,
      hasAdd,
    );
  }
  return [stem, block[3]!, block[5]!, block[11]!, block[16]!];
}

function batchNorm(x: Tensor, name: string): Tensor {
  const layer = tf.layers.batchNormalization({
    name,
    momentum: 0.9,
    epsilon: 1e-5,
  });
  return layer.apply(x) as Tensor;
}

function globalAvgPool(x: Tensor, name: string): Tensor {
  const mean = tf.layers
    .globalAveragePooling2d({ name: `${name}.mean` })
    .apply(x) as Tensor;
  const layer = tf.layers.reshape({ name, targetShape: [1, 1, channelsOf(x)] });
  return layer.apply(mean) as Tensor;
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
    useBias: false,
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function silu(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "swish" });
  return layer.apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

function multiply(x: Tensor[], name: string): Tensor {
  return tf.layers.multiply({ name }).apply(x) as Tensor;
}

function relu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "relu" }).apply(x) as Tensor;
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
  padding: number,
  kernelSize: number,
): Tensor {
  const padded = tf.layers
    .zeroPadding2d({ name: `${name}.pad`, padding })
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
    useBias: false,
    kernelInitializer: "heNormal",
  });
  return layer.apply(padded) as Tensor;
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

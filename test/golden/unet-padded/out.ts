// Made by unetc from unet-padded.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildUNetPadded. */
export interface UNetPaddedOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * A U-Net with transposed convolutions and dropout before the deepest skips;
 * any size works, for what comes up is padded to the skip.
 *
 * Takes images of 3 channels whose height and width are at least 16; "mask" is
 * as large and holds probabilities (sigmoid) in 1 channel. 31,049,409
 * parameters.
 *
 * Call checkUNetPaddedSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by its value here, for others may mean other
 * layers or sizes, or fit no network: bias = false.
 */
export function buildUNetPadded({
  classes = 1,
  base = 64,
  channels = 3,
}: UNetPaddedOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 4096 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  const e1 = doubleConv(image, "e1", base); // [H, W, 64]

  let x = maxPool(e1, "e2/max_pool1");
  const e2 = doubleConv(x, "e2", base * 2); // [floor(H / 2), floor(W / 2), 128]

  x = maxPool(e2, "e3/max_pool1");
  const e3 = doubleConv(x, "e3", base * 4); // [floor(H / 4), floor(W / 4), 256]

  x = maxPool(e3, "e4/max_pool1");
  x = doubleConv(x, "e4/double_conv1", base * 8);
  const e4 = spatialDropout(x, "e4", 0.5); // [floor(H / 8), floor(W / 8), 512]

  x = maxPool(e4, "e5/max_pool1");
  x = doubleConv(x, "e5/double_conv1", base * 16);
  const e5 = spatialDropout(x, "e5", 0.5); // [floor(H / 16), floor(W / 16), 1024]

  const u4 = convTranspose(e5, "u4", base * 8); // [2 floor(H / 16), 2 floor(W / 16), 512]
  x = padTo([u4, e4], "d4/pad_to1");
  x = concat([e4, x], "d4/concat1");
  const d4 = doubleConv(x, "d4", base * 8); // [floor(H / 8), floor(W / 8), 512]

  const u3 = convTranspose(d4, "u3", base * 4); // [2 floor(H / 8), 2 floor(W / 8), 256]
  x = padTo([u3, e3], "d3/pad_to1");
  x = concat([e3, x], "d3/concat1");
  const d3 = doubleConv(x, "d3", base * 4); // [floor(H / 4), floor(W / 4), 256]

  const u2 = convTranspose(d3, "u2", base * 2); // [2 floor(H / 4), 2 floor(W / 4), 128]
  x = padTo([u2, e2], "d2/pad_to1");
  x = concat([e2, x], "d2/concat1");
  const d2 = doubleConv(x, "d2", base * 2); // [floor(H / 2), floor(W / 2), 128]

  const u1 = convTranspose(d2, "u1", base); // [2 floor(H / 2), 2 floor(W / 2), 64]
  x = padTo([u1, e1], "d1/pad_to1");
  x = concat([e1, x], "d1/concat1");
  const d1 = doubleConv(x, "d1", base); // [H, W, 64]

  x = conv(d1, "mask/conv1", classes, 1, { useBias: true });
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "UNetPadded", inputs: image, outputs: mask });
}

/** Throws unless UNetPadded can take images of this size. */
export function checkUNetPaddedSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 16) {
      throw new RangeError(
        `UNetPadded takes images whose height and width are at least 16; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How UNetPadded sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfUNetPadded = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
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

function spatialDropout(x: Tensor, name: string, rate: number): Tensor {
  return new SpatialDropout2D({ name, rate }).apply(x) as Tensor;
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

function padTo(x: Tensor[], name: string): Tensor {
  return new PadTo2D({ name }).apply(x) as Tensor;
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

/** Surrounds images [n, h, w, c] with zeros to the height and width of a second input. */
class PadTo2D extends tf.layers.Layer {
  static className = "PadTo2D";

  override computeOutputShape(inputShapes: tf.Shape[]): tf.Shape {
    const [image = [], target = []] = inputShapes;
    return [
      image[0] ?? null,
      target[1] ?? null,
      target[2] ?? null,
      image[3] ?? null,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image, target] = inputs as [tf.Tensor4D, tf.Tensor4D];
    return padToSize(image, target);
  }
}
tf.serialization.registerClass(PadTo2D);

/** Configuration of `SpatialDropout2D`. */
interface SpatialDropout2DConfig {
  name?: string;
  /** Probability that a channel is dropped. */
  rate: number;
}

/**
 * In training drops whole channels of images [n, h, w, c] and divides the others
 * by 1 - rate (Tompson et al. 2015; PyTorch's Dropout2d). Otherwise does nothing.
 */
class SpatialDropout2D extends tf.layers.Layer {
  static className = "SpatialDropout2D";
  private readonly rate: number;

  constructor(config: SpatialDropout2DConfig) {
    super(config);
    this.rate = config.rate;
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: Record<string, unknown> = {},
  ): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    if (kwargs["training"] !== true || this.rate === 0) return tf.clone(image);
    const [batch, , , channels] = image.shape;
    return tf.dropout(image, this.rate, [batch, 1, 1, channels]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}
tf.serialization.registerClass(SpatialDropout2D);

/**
 * Surrounds x [n, h, w, c] with zeros to the height and width of `target`: of d missing
 * rows floor(d / 2) go above, of columns as many to the left.
 */
function padToSize(x: tf.Tensor4D, target: tf.Tensor4D): tf.Tensor4D {
  const halves = (missing: number): [number, number] => [
    Math.floor(missing / 2),
    Math.ceil(missing / 2),
  ];
  const [, height, width] = target.shape;
  return padImage(x, [halves(height - x.shape[1]), halves(width - x.shape[2])]);
}

/** Adds edges of one value around x [n, h, w, c]. */
function padImage(
  x: tf.Tensor4D,
  [rows, columns]: Edges,
  value = 0,
): tf.Tensor4D {
  return tf.pad(x, [[0, 0], rows, columns, [0, 0]], value);
}

/** Pixels before and after each axis: [[top, bottom], [left, right]]. */
type Edges = [Pair, Pair];

/** Two numbers, [vertical, horizontal]. */
type Pair = [number, number];

// Made by unetc from nuclei-3-plus.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildNuclei3Plus. */
export interface Nuclei3PlusOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * A small UNet 3+ for nuclei in fluorescence images: every decoder node sees
 * every scale and has a head, and a classifier at the bottom may empty the
 * masks.
 *
 * Takes images of 1 channel whose height and width are multiples of 16.
 * "present" is [1, 1, 2] and holds probabilities (sigmoid) in 2 channels.
 * "mask", "mask_d2", "mask_d3", "mask_d4" and "mask_e5" are as large and hold
 * probabilities (sigmoid) in 1 channel. 428,063 parameters.
 *
 * Call checkNuclei3PlusSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildNuclei3Plus({
  classes = 1,
  base = 8,
  channels = 1,
}: Nuclei3PlusOptions = {}): tf.LayersModel {
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

  x = ceilMaxPool(e1, "b4_e1/max_pool1", 8);
  const b4_e1 = convBatchNormRelu(x, "b4_e1", base); // [H / 8, W / 8, 8]

  x = ceilMaxPool(e2, "b4_e2/max_pool1", 4);
  const b4_e2 = convBatchNormRelu(x, "b4_e2", base); // [H / 8, W / 8, 8]

  x = ceilMaxPool(e3, "b4_e3/max_pool1", 2);
  const b4_e3 = convBatchNormRelu(x, "b4_e3", base); // [H / 8, W / 8, 8]

  const b4_e4 = convBatchNormRelu(e4, "b4_e4", base); // [H / 8, W / 8, 8]

  x = bilinear(e5, "b4_e5/bilinear1", 2);
  const b4_e5 = convBatchNormRelu(x, "b4_e5", base); // [H / 8, W / 8, 8]

  x = concat([b4_e1, b4_e2, b4_e3, b4_e4, b4_e5], "d4/concat1");
  const d4 = convBatchNormRelu(x, "d4", 5 * base); // [H / 8, W / 8, 40]

  x = ceilMaxPool(e1, "b3_e1/max_pool1", 4);
  const b3_e1 = convBatchNormRelu(x, "b3_e1", base); // [H / 4, W / 4, 8]

  x = ceilMaxPool(e2, "b3_e2/max_pool1", 2);
  const b3_e2 = convBatchNormRelu(x, "b3_e2", base); // [H / 4, W / 4, 8]

  const b3_e3 = convBatchNormRelu(e3, "b3_e3", base); // [H / 4, W / 4, 8]

  x = bilinear(d4, "b3_d4/bilinear1", 2);
  const b3_d4 = convBatchNormRelu(x, "b3_d4", base); // [H / 4, W / 4, 8]

  x = bilinear(e5, "b3_e5/bilinear1", 4);
  const b3_e5 = convBatchNormRelu(x, "b3_e5", base); // [H / 4, W / 4, 8]

  x = concat([b3_e1, b3_e2, b3_e3, b3_d4, b3_e5], "d3/concat1");
  const d3 = convBatchNormRelu(x, "d3", 5 * base); // [H / 4, W / 4, 40]

  x = ceilMaxPool(e1, "b2_e1/max_pool1", 2);
  const b2_e1 = convBatchNormRelu(x, "b2_e1", base); // [H / 2, W / 2, 8]

  const b2_e2 = convBatchNormRelu(e2, "b2_e2", base); // [H / 2, W / 2, 8]

  x = bilinear(d3, "b2_d3/bilinear1", 2);
  const b2_d3 = convBatchNormRelu(x, "b2_d3", base); // [H / 2, W / 2, 8]

  x = bilinear(d4, "b2_d4/bilinear1", 4);
  const b2_d4 = convBatchNormRelu(x, "b2_d4", base); // [H / 2, W / 2, 8]

  x = bilinear(e5, "b2_e5/bilinear1", 8);
  const b2_e5 = convBatchNormRelu(x, "b2_e5", base); // [H / 2, W / 2, 8]

  x = concat([b2_e1, b2_e2, b2_d3, b2_d4, b2_e5], "d2/concat1");
  const d2 = convBatchNormRelu(x, "d2", 5 * base); // [H / 2, W / 2, 40]

  const b1_e1 = convBatchNormRelu(e1, "b1_e1", base); // [H, W, 8]

  x = bilinear(d2, "b1_d2/bilinear1", 2);
  const b1_d2 = convBatchNormRelu(x, "b1_d2", base); // [H, W, 8]

  x = bilinear(d3, "b1_d3/bilinear1", 4);
  const b1_d3 = convBatchNormRelu(x, "b1_d3", base); // [H, W, 8]

  x = bilinear(d4, "b1_d4/bilinear1", 8);
  const b1_d4 = convBatchNormRelu(x, "b1_d4", base); // [H, W, 8]

  x = bilinear(e5, "b1_e5/bilinear1", 16);
  const b1_e5 = convBatchNormRelu(x, "b1_e5", base); // [H, W, 8]

  x = concat([b1_e1, b1_d2, b1_d3, b1_d4, b1_e5], "d1/concat1");
  const d1 = convBatchNormRelu(x, "d1", 5 * base); // [H, W, 40]

  x = dropout(e5, "present/dropout1", 0.5);
  x = conv(x, "present/conv1", 2, 1);
  x = globalMaxPool(x, "present/global_max_pool1");
  const present = sigmoid(x, "present"); // [1, 1, 2]

  x = conv(d1, "mask/conv1", classes, 3);
  x = resizeTo([x, image], "mask/resize_to1");
  const maskSigmoid = sigmoid(x, "mask/sigmoid1");
  const maskIsLargest = isLargest(present, "mask/is_largest1");
  const mask = multiply([maskSigmoid, maskIsLargest], "mask"); // [H, W, 1]

  x = conv(d2, "mask_d2/conv1", classes, 3);
  x = resizeTo([x, image], "mask_d2/resize_to1");
  const maskD2Sigmoid = sigmoid(x, "mask_d2/sigmoid1");
  const maskD2IsLargest = isLargest(present, "mask_d2/is_largest1");
  const mask_d2 = multiply([maskD2Sigmoid, maskD2IsLargest], "mask_d2"); // [H, W, 1]

  x = conv(d3, "mask_d3/conv1", classes, 3);
  x = resizeTo([x, image], "mask_d3/resize_to1");
  const maskD3Sigmoid = sigmoid(x, "mask_d3/sigmoid1");
  const maskD3IsLargest = isLargest(present, "mask_d3/is_largest1");
  const mask_d3 = multiply([maskD3Sigmoid, maskD3IsLargest], "mask_d3"); // [H, W, 1]

  x = conv(d4, "mask_d4/conv1", classes, 3);
  x = resizeTo([x, image], "mask_d4/resize_to1");
  const maskD4Sigmoid = sigmoid(x, "mask_d4/sigmoid1");
  const maskD4IsLargest = isLargest(present, "mask_d4/is_largest1");
  const mask_d4 = multiply([maskD4Sigmoid, maskD4IsLargest], "mask_d4"); // [H, W, 1]

  x = conv(e5, "mask_e5/conv1", classes, 3);
  x = resizeTo([x, image], "mask_e5/resize_to1");
  const maskE5Sigmoid = sigmoid(x, "mask_e5/sigmoid1");
  const maskE5IsLargest = isLargest(present, "mask_e5/is_largest1");
  const mask_e5 = multiply([maskE5Sigmoid, maskE5IsLargest], "mask_e5"); // [H, W, 1]

  return tf.model({
    name: "Nuclei3Plus",
    inputs: image,
    outputs: [present, mask, mask_d2, mask_d3, mask_d4, mask_e5],
  });
}

/** Throws unless Nuclei3Plus can take images of this size. */
export function checkNuclei3PlusSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 16 || size % 16 !== 0) {
      throw new RangeError(
        `Nuclei3Plus takes images whose height and width are multiples of 16; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How Nuclei3Plus sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits); then the
 * mean of the whole image, over all its pixels and channels together, is taken
 * off, and the rest divided by its deviation.
 *
 * As built with the default options.
 */
export const factsOfNuclei3Plus = {
  scaling: { name: "standard" },
  outputs: [
    { name: "present", channels: 2, values: "sigmoid", activation: "sigmoid" },
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
    { name: "mask_d2", channels: 1, values: "sigmoid", activation: "sigmoid" },
    { name: "mask_d3", channels: 1, values: "sigmoid", activation: "sigmoid" },
    { name: "mask_d4", channels: 1, values: "sigmoid", activation: "sigmoid" },
    { name: "mask_e5", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [
    { name: "present", outputs: ["present"], prediction: "main" },
    {
      name: "mask",
      outputs: ["mask", "mask_d2", "mask_d3", "mask_d4", "mask_e5"],
      prediction: "main",
    },
  ],
} as const;

function convBatchNormRelu(
  input: Tensor,
  name: string,
  channels: number,
): Tensor {
  let x = conv(input, `${name}/conv1`, channels, 3);
  x = batchNorm(x, `${name}/batch_norm1`);
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

function ceilMaxPool(x: Tensor, name: string, poolSize: number): Tensor {
  const layer = new PaddedPooling2D({
    name,
    poolSize,
    take: "max",
    rounding: "ceil",
  });
  return layer.apply(x) as Tensor;
}

function bilinear(x: Tensor, name: string, size: number): Tensor {
  return new BilinearUpsampling2D({ name, size }).apply(x) as Tensor;
}

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function dropout(x: Tensor, name: string, rate: number): Tensor {
  return tf.layers.dropout({ name, rate }).apply(x) as Tensor;
}

function globalMaxPool(x: Tensor, name: string): Tensor {
  const max = tf.layers
    .globalMaxPooling2d({ name: `${name}.max` })
    .apply(x) as Tensor;
  const layer = tf.layers.reshape({ name, targetShape: [1, 1, channelsOf(x)] });
  return layer.apply(max) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

function resizeTo(x: Tensor[], name: string): Tensor {
  return new ResizeTo2D({ name }).apply(x) as Tensor;
}

function isLargest(x: Tensor, name: string): Tensor {
  return new IsLargest({ name, channel: 1 }).apply(x) as Tensor;
}

function multiply(x: Tensor[], name: string): Tensor {
  return tf.layers.multiply({ name }).apply(x) as Tensor;
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

/** Configuration of `BilinearUpsampling2D`. */
interface BilinearUpsampling2DConfig {
  name?: string;
  /** Whole factor, or [vertical, horizontal] factors. */
  size: number | [number, number];
  /** `halfPixel` by default; `tf.layers.upSampling2d` has `legacy` alone. */
  grid?: Grid;
}

/** Enlarges images [n, h, w, c] by whole factors with bilinear interpolation. */
class BilinearUpsampling2D extends tf.layers.Layer {
  static className = "BilinearUpsampling2D";
  private readonly factors: [number, number];
  private readonly grid: Grid;

  constructor(config: BilinearUpsampling2DConfig) {
    super(config);
    const { size, grid = "halfPixel" } = config;
    this.factors = typeof size === "number" ? [size, size] : size;
    this.grid = grid;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    const [vertical, horizontal] = this.factors;
    return [
      batch,
      height === null ? null : height * vertical,
      width === null ? null : width * horizontal,
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    const [, height, width] = image.shape;
    const [vertical, horizontal] = this.factors;
    return resizeBilinear(
      image,
      [height * vertical, width * horizontal],
      this.grid,
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), size: this.factors, grid: this.grid };
  }
}
tf.serialization.registerClass(BilinearUpsampling2D);

/** Configuration of `IsLargest`. */
interface IsLargestConfig {
  name?: string;
  /** Counted from 0. */
  channel: number;
}

/** One channel: 1 where the stated channel of images [n, h, w, c] has the largest value, else 0. */
class IsLargest extends tf.layers.Layer {
  static className = "IsLargest";
  private readonly channel: number;

  constructor(config: IsLargestConfig) {
    super(config);
    this.channel = config.channel;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    if (this.channel >= channels) {
      throw new RangeError(
        `${this.name} asks for channel ${this.channel} of ${channels}, counted from 0.`,
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return [...inputShape.slice(0, -1), 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return markLargest(image, this.channel);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), channel: this.channel };
  }
}
tf.serialization.registerClass(IsLargest);

/** Configuration of `PaddedPooling2D`. */
interface PaddedPooling2DConfig {
  name?: string;
  /** What is taken of each window. */
  take: "max" | "mean";
  /** Height and width of a window: one number, or a pair. */
  poolSize: number | [number, number];
  /** Steps between windows; `poolSize` by default. */
  strides?: number | [number, number];
  /** [[top, bottom], [left, right]] in pixels; `same`: ceil(size / stride) windows; none by default. */
  padding?: "same" | [[number, number], [number, number]];
  /** `ceil` keeps a last, partial window; `floor` by default. */
  rounding?: "floor" | "ceil";
}

/**
 * The largest or the mean value of each window of images [n, h, w, c], over the pixels that
 * exist: padding, and a last, partial window, only place windows. TensorFlow.js' own pools have
 * wrong gradients for padded windows on some engines.
 */
class PaddedPooling2D extends tf.layers.Layer {
  static className = "PaddedPooling2D";
  private readonly windows: Windows;

  constructor(private readonly config: PaddedPooling2DConfig) {
    super(config);
    const {
      poolSize,
      strides = poolSize,
      padding = "valid",
      rounding = "floor",
    } = config;
    this.windows = {
      size: pairOf(poolSize),
      strides: pairOf(strides),
      padding,
      rounding,
    };
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    return [
      batch,
      countWindows(height, 0, this.windows),
      countWindows(width, 1, this.windows),
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    const pool = this.config.take === "max" ? poolMax : poolMean;
    return pool(image, this.windows);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(PaddedPooling2D);

type Method =
  "bilinear" | "nearest" | "nearestHalfPixel" | "nearestAlignCorners";

/** Configuration of `ResizeTo2D`. */
interface ResizeTo2DConfig {
  name?: string;
  /** `bilinear` by default; nearest on the legacy, half-pixel and aligned grid. */
  method?: Method;
  /** Of bilinear resizing; `halfPixel` by default. */
  grid?: Grid;
}

/** Resizes images [n, h, w, c] to the height and width of a second input. */
class ResizeTo2D extends tf.layers.Layer {
  static className = "ResizeTo2D";
  private readonly method: Method;
  private readonly grid: Grid;

  constructor(config: ResizeTo2DConfig = {}) {
    super(config);
    const { method = "bilinear", grid = "halfPixel" } = config;
    this.method = method;
    this.grid = grid;
  }

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
    const size: [number, number] = [target.shape[1], target.shape[2]];
    switch (this.method) {
      case "bilinear":
        return resizeBilinear(image, size, this.grid);
      case "nearest":
        return resizeNearest(image, size, "legacy");
      case "nearestHalfPixel":
        return resizeNearest(image, size, "halfPixel");
      case "nearestAlignCorners":
        return resizeNearest(image, size, "alignCorners");
    }
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), method: this.method, grid: this.grid };
  }
}
tf.serialization.registerClass(ResizeTo2D);

/** Pixels of a resized image lie over centres (Keras, PyTorch), corners, or as in TensorFlow 1. */
type Grid = "halfPixel" | "alignCorners" | "legacy";

/**
 * Resizes x [n, h, w, c] to [n, height, width, c] by linear interpolation along both axes.
 * The gradient is its own: TensorFlow.js' is wrong for half-pixel grids.
 */
function resizeBilinear(
  x: tf.Tensor4D,
  [height, width]: Pair,
  grid: Grid,
  gradient = sampleGradient,
): tf.Tensor4D {
  const rows = linearPlaces(x.shape[1], height, grid);
  const columns = linearPlaces(x.shape[2], width, grid);
  const [aligned, halfPixel] = [grid === "alignCorners", grid === "halfPixel"];
  const resize = tf.customGrad((image) => ({
    value: tf.image.resizeBilinear(
      image as tf.Tensor4D,
      [height, width],
      aligned,
      halfPixel,
    ),
    gradFunc: (dy: tf.Tensor) => gradient(dy as tf.Tensor4D, rows, columns),
  }));
  return resize(x) as tf.Tensor4D;
}

/** Two numbers, [vertical, horizontal]. */
type Pair = [number, number];

/**
 * The gradient of resizing: dy [n, oh, ow, c] to [n, h, w, c]. Resizing multiplies rows and
 * columns by fixed matrices; its gradient by their transposes.
 */
function sampleGradient(
  dy: tf.Tensor4D,
  rows: SampledAxis,
  columns: SampledAxis,
): tf.Tensor4D {
  const [batch, outHeight, outWidth, channels] = dy.shape;
  return tf.tidy(() => {
    const byRow = tf.reshape(tf.transpose(dy, [1, 0, 2, 3]), [outHeight, -1]);
    const rowsDone = tf.matMul(samplingMatrix(rows), byRow, true);
    const narrow = tf.reshape(rowsDone, [rows.size, batch, outWidth, channels]);
    const byColumn = tf.reshape(tf.transpose(narrow, [2, 1, 0, 3]), [
      outWidth,
      -1,
    ]);
    const columnsDone = tf.matMul(samplingMatrix(columns), byColumn, true);
    const image = tf.reshape<tf.Rank.R4>(columnsDone, [
      columns.size,
      batch,
      rows.size,
      channels,
    ]);
    return tf.transpose(image, [1, 2, 0, 3]);
  });
}

/** An axis of `size` pixels, and where between them each pixel of a resized image lies. */
interface SampledAxis {
  readonly size: number;
  readonly places: readonly number[];
}

/** [out, in]: row i holds the weights of the source pixels of output i. */
function samplingMatrix({ size, places }: SampledAxis): tf.Tensor2D {
  const weights = new Float32Array(places.length * size);
  for (const [i, place] of places.entries()) {
    const below = Math.floor(place);
    const above = Math.min(below + 1, size - 1);
    weights[i * size + below]! += 1 - (place - below);
    weights[i * size + above]! += place - below;
  }
  return tf.tensor2d(weights, [places.length, size]);
}

function linearPlaces(size: number, outSize: number, grid: Grid): SampledAxis {
  const place = (i: number): number => {
    switch (grid) {
      case "halfPixel":
        return Math.max(0, ((i + 0.5) * size) / outSize - 0.5);
      case "alignCorners":
        return outSize > 1 ? (i * (size - 1)) / (outSize - 1) : 0;
      case "legacy":
        return (i * size) / outSize;
    }
  };
  const places = Array.from({ length: outSize }, (_, i) =>
    Math.min(place(i), size - 1),
  );
  return { size, places };
}

/**
 * [n, h, w, 1]: 1 where a channel of x [n, h, w, c] has the largest value, else 0; of
 * equals the first is the largest. Its gradient is 0 everywhere, as that of argmax.
 */
function markLargest(x: tf.Tensor4D, channel: number): tf.Tensor4D {
  const mark = tf.customGrad((image) => {
    const { shape } = image as tf.Tensor;
    const isLargest = tf.equal(tf.argMax(image as tf.Tensor, -1), channel);
    const value = tf.expandDims(tf.cast(isLargest, "float32"), -1);
    return { value, gradFunc: () => tf.zeros(shape) };
  });
  return tf.tidy(() => mark(x) as tf.Tensor4D);
}

/** Where windows lie on an image. */
interface Windows {
  /** Pixels from the first to the last that a window reads. */
  readonly size: Pair;
  readonly strides: Pair;
  /** `same`: ceil(size / stride) windows, the odd pixel below and right; `valid`: no edges. */
  readonly padding: "same" | "valid" | Edges;
  /** `ceil` keeps a last, partial window that begins inside; `floor` by default. */
  readonly rounding?: "floor" | "ceil";
}

/** Pixels before and after each axis: [[top, bottom], [left, right]]. */
type Edges = [Pair, Pair];

/** A number for both axes, or one for each, as a pair. */
function pairOf(value: number | Pair): Pair {
  return typeof value === "number" ? [value, value] : value;
}

/** How many windows lie along an axis; unknown for an unknown size. */
function countWindows(
  size: number | null,
  axis: 0 | 1,
  windows: Windows,
): number | null {
  if (size === null) return null;
  const [before, after] = windowEdges(size, axis, windows);
  return (
    Math.floor(
      (size + before + after - windows.size[axis]) / windows.strides[axis],
    ) + 1
  );
}

/** Pixels before and after an axis that make all of its windows whole. */
function windowEdges(size: number, axis: 0 | 1, windows: Windows): Pair {
  const { padding } = windows;
  const [window, stride] = [windows.size[axis], windows.strides[axis]];
  if (padding === "same") {
    const total = Math.max(
      (Math.ceil(size / stride) - 1) * stride + window - size,
      0,
    );
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  const [before, after] = padding === "valid" ? [0, 0] : padding[axis];
  if (windows.rounding !== "ceil") return [before, after];
  const steps = Math.ceil((size + before + after - window) / stride);
  const last = Math.min(steps, Math.ceil((size + before) / stride) - 1);
  return [before, Math.max(after, last * stride + window - size - before)];
}

/** The largest value of each window of x [n, h, w, c], over the pixels that exist. */
function poolMax(x: tf.Tensor4D, windows: Windows): tf.Tensor4D {
  const lowest = -3.4028234663852886e38;
  const { size, strides } = windows;
  return tf.tidy(() =>
    tf.maxPool(padForWindows(x, windows, lowest), size, strides, "valid"),
  );
}

/** x [n, h, w, c] with the edges that its windows read, of one value; x itself where there are none. */
function padForWindows(
  x: tf.Tensor4D,
  windows: Windows,
  value = 0,
): tf.Tensor4D {
  const rows = windowEdges(x.shape[1], 0, windows);
  const columns = windowEdges(x.shape[2], 1, windows);
  const isInside = [...rows, ...columns].every((pixels) => pixels === 0);
  return isInside ? x : padImage(x, [rows, columns], value);
}

/** Adds edges of one value around x [n, h, w, c]. */
function padImage(
  x: tf.Tensor4D,
  [rows, columns]: Edges,
  value = 0,
): tf.Tensor4D {
  return tf.pad(x, [[0, 0], rows, columns, [0, 0]], value);
}

/** The mean of each window of x [n, h, w, c], over the pixels that exist. */
function poolMean(x: tf.Tensor4D, windows: Windows): tf.Tensor4D {
  const { size, strides } = windows;
  return tf.tidy(() => {
    const padded = padForWindows(x, windows);
    const means = tf.avgPool(padded, size, strides, "valid");
    if (padded === x) return means;
    const existing = padForWindows(
      tf.ones([1, x.shape[1], x.shape[2], 1]),
      windows,
    );
    return tf.div(means, tf.avgPool(existing, size, strides, "valid"));
  });
}

/** Resizes x [n, h, w, c] to [n, height, width, c]: each pixel is the nearest one of x. */
function resizeNearest(
  x: tf.Tensor4D,
  [height, width]: Pair,
  grid: Grid,
  gradient = sampleGradient,
): tf.Tensor4D {
  const rows = nearestPlaces(x.shape[1], height, grid);
  const columns = nearestPlaces(x.shape[2], width, grid);
  const copy = (
    image: tf.Tensor,
    axis: 1 | 2,
    { places }: SampledAxis,
  ): tf.Tensor => tf.gather(image, tf.tensor1d([...places], "int32"), axis);
  const resize = tf.customGrad((image) => ({
    value: copy(copy(image as tf.Tensor, 1, rows), 2, columns),
    gradFunc: (dy: tf.Tensor) => gradient(dy as tf.Tensor4D, rows, columns),
  }));
  return resize(x) as tf.Tensor4D;
}

/**
 * The source pixels along an axis: floor((i + 1/2) in / out), i (in - 1) / (out - 1) rounded, or
 * floor(i in / out); in whole numbers, without rounding errors.
 */
function nearestPlaces(size: number, outSize: number, grid: Grid): SampledAxis {
  const last = Math.max(outSize - 1, 1);
  const place = (i: number): number => {
    switch (grid) {
      case "halfPixel":
        return Math.floor(((2 * i + 1) * size) / (2 * outSize));
      case "alignCorners":
        return Math.floor((2 * i * (size - 1) + last) / (2 * last));
      case "legacy":
        return Math.floor((i * size) / outSize);
    }
  };
  return { size, places: Array.from({ length: outSize }, (_, i) => place(i)) };
}

// Made by unetc from unet-plus-plus.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildUNetPlusPlus. */
export interface UNetPlusPlusOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * U-Net++ (Zhou et al. 2018): nested dense skips, and a head on the full-size
 * node of every column. Maps come up to sizes fixed with the network, so any
 * rows and columns from 16 on will do, but only those.
 *
 * Takes images of 512 x 512 pixels and 3 channels; "mask_x1_1", "mask_x1_2",
 * "mask_x1_3" and "mask" are [512, 512, 1] and hold logits in 1 channel.
 * 36,644,420 parameters.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by their values here, for others may mean
 * other layers or sizes, or fit no network: rows = 512, columns = 512.
 */
export function buildUNetPlusPlus({
  classes = 1,
  base = 64,
  channels = 3,
}: UNetPlusPlusOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 4096 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [512, 512, channels] }); // [512, 512, 3]
  const e1 = doubleConv(image, "e1", base); // [512, 512, 64]

  let x = maxPool(e1, "e2/max_pool1");
  const e2 = doubleConv(x, "e2", base * 2); // [256, 256, 128]

  x = maxPool(e2, "e3/max_pool1");
  const e3 = doubleConv(x, "e3", base * 4); // [128, 128, 256]

  x = maxPool(e3, "e4/max_pool1");
  const e4 = doubleConv(x, "e4", base * 8); // [64, 64, 512]

  x = maxPool(e4, "e5/max_pool1");
  const e5 = doubleConv(x, "e5", base * 16); // [32, 32, 1024]

  x = resizeTo([e2, e1], "x1_1/resize_to1");
  x = concat([e1, x], "x1_1/concat1");
  const x1_1 = doubleConv(x, "x1_1", base); // [512, 512, 64]

  x = resizeTo([e3, e2], "x2_1/resize_to1");
  x = concat([e2, x], "x2_1/concat1");
  const x2_1 = doubleConv(x, "x2_1", base * 2); // [256, 256, 128]

  x = resizeTo([e4, e3], "x3_1/resize_to1");
  x = concat([e3, x], "x3_1/concat1");
  const x3_1 = doubleConv(x, "x3_1", base * 4); // [128, 128, 256]

  x = resizeTo([e5, e4], "x4_1/resize_to1");
  x = concat([e4, x], "x4_1/concat1");
  const x4_1 = doubleConv(x, "x4_1", base * 8); // [64, 64, 512]

  x = resizeTo([x2_1, e1], "x1_2/resize_to1");
  x = concat([e1, x1_1, x], "x1_2/concat1");
  const x1_2 = doubleConv(x, "x1_2", base); // [512, 512, 64]

  x = resizeTo([x3_1, e2], "x2_2/resize_to1");
  x = concat([e2, x2_1, x], "x2_2/concat1");
  const x2_2 = doubleConv(x, "x2_2", base * 2); // [256, 256, 128]

  x = resizeTo([x4_1, e3], "x3_2/resize_to1");
  x = concat([e3, x3_1, x], "x3_2/concat1");
  const x3_2 = doubleConv(x, "x3_2", base * 4); // [128, 128, 256]

  x = resizeTo([x2_2, e1], "x1_3/resize_to1");
  x = concat([e1, x1_1, x1_2, x], "x1_3/concat1");
  const x1_3 = doubleConv(x, "x1_3", base); // [512, 512, 64]

  x = resizeTo([x3_2, e2], "x2_3/resize_to1");
  x = concat([e2, x2_1, x2_2, x], "x2_3/concat1");
  const x2_3 = doubleConv(x, "x2_3", base * 2); // [256, 256, 128]

  x = resizeTo([x2_3, e1], "x1_4/resize_to1");
  x = concat([e1, x1_1, x1_2, x1_3, x], "x1_4/concat1");
  const x1_4 = doubleConv(x, "x1_4", base); // [512, 512, 64]

  const mask_x1_1 = conv(x1_1, "mask_x1_1", classes, 1); // [512, 512, 1]
  const mask_x1_2 = conv(x1_2, "mask_x1_2", classes, 1); // [512, 512, 1]
  const mask_x1_3 = conv(x1_3, "mask_x1_3", classes, 1); // [512, 512, 1]
  const mask = conv(x1_4, "mask", classes, 1); // [512, 512, 1]

  return tf.model({
    name: "UNetPlusPlus",
    inputs: image,
    outputs: [mask_x1_1, mask_x1_2, mask_x1_3, mask],
  });
}

/**
 * How UNetPlusPlus sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfUNetPlusPlus = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask_x1_1", channels: 1, values: "logits", activation: "sigmoid" },
    { name: "mask_x1_2", channels: 1, values: "logits", activation: "sigmoid" },
    { name: "mask_x1_3", channels: 1, values: "logits", activation: "sigmoid" },
    { name: "mask", channels: 1, values: "logits", activation: "sigmoid" },
  ],
  heads: [
    {
      name: "mask",
      outputs: ["mask", "mask_x1_1", "mask_x1_2", "mask_x1_3"],
      prediction: "main",
    },
  ],
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

function resizeTo(x: Tensor[], name: string): Tensor {
  return new ResizeTo2D({ name, grid: "alignCorners" }).apply(x) as Tensor;
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

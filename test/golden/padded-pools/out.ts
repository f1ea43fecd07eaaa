// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/**
 * Pools whose windows lie beyond the image.
 *
 * Takes images of 3 channels, of any size; "mask" is as large and holds
 * probabilities (sigmoid) in 1 channel. 2,401 parameters.
 */
export function buildPaddedPools(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]

  let x = paddedConv(image, "stem/conv1", 8, 7);
  x = relu(x, "stem/relu1");
  const stem = paddedMaxPool(x, "stem"); // [ceil(H / 4), ceil(W / 4), 8]
  x = pooled(stem, "a/pooled1", 3);
  const a = pooled(x, "a", 5); // [ceil(H / 4), ceil(W / 4), 8]
  const b = paddedAvgPool(
    a,
    "b",
    [3, 2],
    [
      [1, 1],
      [1, 0],
    ],
  ); // [ceil(H / 4), ceil(W / 4), 8]
  x = paddedMaxPool(b, "c/max_pool1", { rounding: "ceil" });
  x = conv(x, "c/conv1", 4, 1);
  const c = resizeTo([x, b], "c"); // [ceil(H / 4), ceil(W / 4), 4]

  x = concat([b, c], "mask/concat1");
  x = conv(x, "mask/conv1", 1, 1);
  x = resizeTo([x, image], "mask/resize_to1");
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "PaddedPools", inputs: image, outputs: mask });
}

/**
 * How PaddedPools sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 */
export const factsOfPaddedPools = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function pooled(input: Tensor, name: string, size: number): Tensor {
  let x = paddedAvgPool(input, `${name}/avg_pool1`, size, "same");
  x = conv(x, `${name}/conv1`, 8, 3);
  return relu(x, name);
}

function paddedAvgPool(
  x: Tensor,
  name: string,
  poolSize: number | [number, number],
  padding: "same" | [[number, number], [number, number]],
): Tensor {
  const layer = new PaddedPooling2D({
    name,
    poolSize,
    padding,
    strides: 1,
    take: "mean",
  });
  return layer.apply(x) as Tensor;
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

function paddedMaxPool(
  x: Tensor,
  name: string,
  options: { rounding?: "ceil" } = {},
): Tensor {
  const layer = new PaddedPooling2D({
    name,
    poolSize: 3,
    padding: [
      [1, 1],
      [1, 1],
    ],
    strides: 2,
    take: "max",
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function resizeTo(x: Tensor[], name: string): Tensor {
  return new ResizeTo2D({ name }).apply(x) as Tensor;
}

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

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

/** Two numbers, [vertical, horizontal]. */
type Pair = [number, number];

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

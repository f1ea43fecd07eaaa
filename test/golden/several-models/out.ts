// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildSmall. */
export interface SmallOptions {
  classes?: number;
  base?: number;
}

/**
 * A small network.
 *
 * Takes square images of 3 channels whose height and width are multiples of 2.
 * "mask" is as large and holds logits in 2 channels. "distance" is as large and
 * holds probabilities (sigmoid) in 1 channel. 1,371 parameters.
 *
 * Call checkSmallSize before the model sees an image: at other sizes its layers
 * fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildSmall({
  classes = 2,
  base = 4,
}: SmallOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 32768 });

  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, H, 3]
  const e1 = step(image, "e1", base, 3); // [H, H, 4]

  let x = maxPool(e1, "e2/max_pool1");
  const e2 = step(x, "e2", 2 * base, 5); // [H / 2, H / 2, 8]

  const u1 = nearest(e2, "u1"); // [H, H, 8]
  x = concat([e1, u1], "d1/concat1");
  const d1 = step(x, "d1", base, 3); // [H, H, 4]

  const mask = conv(d1, "mask", classes, 1); // [H, H, 2]

  x = conv(d1, "distance/conv1", 1, 1);
  const distance = sigmoid(x, "distance"); // [H, H, 1]

  return tf.model({ name: "Small", inputs: image, outputs: [mask, distance] });
}

/** Throws unless Small can take images of this size. */
export function checkSmallSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 2 || size % 2 !== 0) {
      throw new RangeError(
        `Small takes images whose height and width are multiples of 2; found ${height} x ${width}.`,
      );
    }
  }
  if (height !== width) {
    throw new RangeError(
      `Small takes images whose height and width are equal; found ${height} x ${width}.`,
    );
  }
}

/**
 * How Small sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfSmall = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 2, values: "logits", activation: "sigmoid" },
    { name: "distance", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [
    { name: "mask", outputs: ["mask"], prediction: "main" },
    { name: "distance", outputs: ["distance"], prediction: "main" },
  ],
} as const;

/**
 * The same for images of one size.
 *
 * Takes images of 40 x 24 pixels and 3 channels; "mask" is [40, 24, 1] and
 * holds probabilities (sigmoid) in 1 channel. 849 parameters.
 */
export function buildFixed(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [40, 24, 3] }); // [40, 24, 3]
  const e1 = step(image, "e1", 4, 3); // [40, 24, 4]

  let x = maxPool(e1, "e2/max_pool1");
  const e2 = step(x, "e2", 8, 3); // [20, 12, 8]

  x = resizeTo([e2, e1], "mask/resize_to1");
  x = concat([e1, x], "mask/concat1");
  x = step(x, "mask/step1", 4, 3);
  x = conv(x, "mask/conv1", 1, 1);
  const mask = sigmoid(x, "mask"); // [40, 24, 1]

  return tf.model({ name: "Fixed", inputs: image, outputs: mask });
}

/**
 * How Fixed sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 */
export const factsOfFixed = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function step(input: Tensor, name: string, c: number, kernel: number): Tensor {
  const x = conv(input, `${name}/conv1`, c, kernel);
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

function relu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "relu" }).apply(x) as Tensor;
}

function maxPool(x: Tensor, name: string): Tensor {
  return tf.layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as Tensor;
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

function resizeTo(x: Tensor[], name: string): Tensor {
  return new ResizeTo2D({ name }).apply(x) as Tensor;
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

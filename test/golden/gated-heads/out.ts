// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildGatedHeads. */
export interface GatedHeadsOptions {
  classes?: number;
  base?: number;
}

/**
 * Columns supervised with a gate that a judge of the whole image opens.
 *
 * Takes images of 3 channels whose height and width are multiples of 4.
 * "present" is [1, 1, 2] and holds probabilities (sigmoid) in 2 channels.
 * "mask_x1_1", "mask" and "ensemble" are as large and hold probabilities
 * (sigmoid) in 2 channels. 4,392 parameters.
 *
 * Call checkGatedHeadsSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by its value here, for others may mean other
 * layers or sizes, or fit no network: judged = true.
 */
export function buildGatedHeads({
  classes = 2,
  base = 4,
}: GatedHeadsOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 16384 });

  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]
  const e1 = step(image, "e1", base); // [H, W, 4]

  let x = maxPool(e1, "e2/max_pool1");
  const e2 = step(x, "e2", base * 2); // [H / 2, W / 2, 8]

  x = maxPool(e2, "e3/max_pool1");
  const e3 = step(x, "e3", base * 4); // [H / 4, W / 4, 16]

  const u1_1 = bilinear(e2, "u1_1"); // [H, W, 8]
  x = concat([e1, u1_1], "x1_1/concat1");
  const x1_1 = step(x, "x1_1", base); // [H, W, 4]

  const u2_1 = bilinear(e3, "u2_1"); // [H / 2, W / 2, 16]
  x = concat([e2, u2_1], "x2_1/concat1");
  const x2_1 = step(x, "x2_1", base * 2); // [H / 2, W / 2, 8]

  const u1_2 = bilinear(x2_1, "u1_2"); // [H, W, 8]
  x = concat([e1, x1_1, u1_2], "x1_2/concat1");
  const x1_2 = step(x, "x1_2", base); // [H, W, 4]

  x = conv(e3, "present/conv1", classes, 1);
  x = globalAvgPool(x, "present/global_avg_pool1");
  const present = sigmoid(x, "present"); // [1, 1, 2]

  x = conv(x1_1, "mask_x1_1/conv1", classes, 1);
  const maskX11Sigmoid = sigmoid(x, "mask_x1_1/sigmoid1");
  const maskX11IsLargest = isLargest(present, "mask_x1_1/is_largest1");
  const mask_x1_1 = multiply([maskX11Sigmoid, maskX11IsLargest], "mask_x1_1"); // [H, W, 2]

  x = conv(x1_2, "mask/conv1", classes, 1);
  const maskSigmoid = sigmoid(x, "mask/sigmoid1");
  const maskIsLargest = isLargest(present, "mask/is_largest1");
  const mask = multiply([maskSigmoid, maskIsLargest], "mask"); // [H, W, 2]

  x = conv(x1_1, "ensemble/conv1", classes, 1);
  x = sigmoid(x, "ensemble/sigmoid1");
  const ensemble = average([mask, x], "ensemble"); // [H, W, 2]

  return tf.model({
    name: "GatedHeads",
    inputs: image,
    outputs: [present, mask_x1_1, mask, ensemble],
  });
}

/** Throws unless GatedHeads can take images of this size. */
export function checkGatedHeadsSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 4 || size % 4 !== 0) {
      throw new RangeError(
        `GatedHeads takes images whose height and width are multiples of 4; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How GatedHeads sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfGatedHeads = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "present", channels: 2, values: "sigmoid", activation: "sigmoid" },
    {
      name: "mask_x1_1",
      channels: 2,
      values: "sigmoid",
      activation: "sigmoid",
    },
    { name: "mask", channels: 2, values: "sigmoid", activation: "sigmoid" },
    { name: "ensemble", channels: 2, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [
    { name: "present", outputs: ["present"], prediction: "main" },
    { name: "mask", outputs: ["mask", "mask_x1_1"], prediction: "average" },
    { name: "ensemble", outputs: ["ensemble"], prediction: "main" },
  ],
} as const;

function step(input: Tensor, name: string, c: number): Tensor {
  const x = conv(input, `${name}/conv1`, c, 3);
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

function bilinear(x: Tensor, name: string): Tensor {
  return new BilinearUpsampling2D({ name, size: 2 }).apply(x) as Tensor;
}

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function globalAvgPool(x: Tensor, name: string): Tensor {
  const mean = tf.layers
    .globalAveragePooling2d({ name: `${name}.mean` })
    .apply(x) as Tensor;
  const layer = tf.layers.reshape({ name, targetShape: [1, 1, channelsOf(x)] });
  return layer.apply(mean) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

function isLargest(x: Tensor, name: string): Tensor {
  return new IsLargest({ name, channel: 1 }).apply(x) as Tensor;
}

function multiply(x: Tensor[], name: string): Tensor {
  return tf.layers.multiply({ name }).apply(x) as Tensor;
}

function average(x: Tensor[], name: string): Tensor {
  return tf.layers.average({ name }).apply(x) as Tensor;
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

// Made by unetc from unet-bilinear.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildUNetBilinear. */
export interface UNetBilinearOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * A U-Net that goes up by bilinear interpolation, which keeps the channels:
 * the bottom is half as wide, and each decoder stage narrows in its middle.
 *
 * Takes images of 3 channels whose height and width are at least 16; "mask" is
 * as large and holds probabilities (sigmoid) in 1 channel. 17,271,809
 * parameters.
 *
 * Call checkUNetBilinearSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildUNetBilinear({
  classes = 1,
  base = 64,
  channels = 3,
}: UNetBilinearOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 8192 });
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
  x = doubleConv(x, "e5/double_conv1", base * 8);
  const e5 = spatialDropout(x, "e5", 0.5); // [floor(H / 16), floor(W / 16), 512]

  const u4 = bilinear(e5, "u4"); // [2 floor(H / 16), 2 floor(W / 16), 512]
  x = padTo([u4, e4], "m4/pad_to1");
  const m4 = concat([e4, x], "m4"); // [floor(H / 8), floor(W / 8), 1024]
  const d4 = doubleConv(m4, "d4", base * 4, base * 8); // [floor(H / 8), floor(W / 8), 256]

  const u3 = bilinear(d4, "u3"); // [2 floor(H / 8), 2 floor(W / 8), 256]
  x = padTo([u3, e3], "m3/pad_to1");
  const m3 = concat([e3, x], "m3"); // [floor(H / 4), floor(W / 4), 512]
  const d3 = doubleConv(m3, "d3", base * 2, base * 4); // [floor(H / 4), floor(W / 4), 128]

  const u2 = bilinear(d3, "u2"); // [2 floor(H / 4), 2 floor(W / 4), 128]
  x = padTo([u2, e2], "m2/pad_to1");
  const m2 = concat([e2, x], "m2"); // [floor(H / 2), floor(W / 2), 256]
  const d2 = doubleConv(m2, "d2", base, base * 2); // [floor(H / 2), floor(W / 2), 64]

  const u1 = bilinear(d2, "u1"); // [2 floor(H / 2), 2 floor(W / 2), 64]
  x = padTo([u1, e1], "m1/pad_to1");
  const m1 = concat([e1, x], "m1"); // [H, W, 128]
  const d1 = doubleConv(m1, "d1", base, base); // [H, W, 64]

  x = conv(d1, "mask/conv1", classes, 1, { useBias: true });
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "UNetBilinear", inputs: image, outputs: mask });
}

/** Throws unless UNetBilinear can take images of this size. */
export function checkUNetBilinearSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 16) {
      throw new RangeError(
        `UNetBilinear takes images whose height and width are at least 16; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How UNetBilinear sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfUNetBilinear = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function doubleConv(input: Tensor, name: string, c: number, mid = c): Tensor {
  let x = conv(input, `${name}/conv1`, mid, 3);
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

function bilinear(x: Tensor, name: string): Tensor {
  const layer = new BilinearUpsampling2D({
    name,
    size: 2,
    grid: "alignCorners",
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

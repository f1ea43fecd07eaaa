// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildScaled. */
export interface ScaledOptions {
  base?: number;
}

/**
 * Widths that are worked out: no expression of a module, so calls give numbers.
 *
 * Takes images of 3 channels whose height and width are multiples of 2; "mask"
 * is as large and holds probabilities (sigmoid) in 1 channel. 34,524
 * parameters.
 *
 * Call checkScaledSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildScaled({ base = 8 }: ScaledOptions = {}): tf.LayersModel {
  checkOption("base", base, "whole number", { from: 1, to: 32768 });

  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]

  let x = conv(image, "s1/conv1", base, 3);
  const s1 = relu6(x, "s1"); // [H, W, 8]

  x = inverted(s1, "s2/inverted1", base);
  const s2 = inverted(x, "s2", Math.round(1.3 * base), 2); // [H / 2, W / 2, 10]
  x = inverted(s2, "s3/inverted1", 2 * base);
  const s3 = inverted(x, "s3", 2 * base, 1, 5); // [H / 2, W / 2, 16]

  const u1 = bilinear(s3, "u1"); // [H, W, 16]
  x = concat([s1, u1], "d1/concat1");
  const d1 = inverted(x, "d1", base); // [H, W, 8]

  x = conv(d1, "mask/conv1", 1, 1);
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "Scaled", inputs: image, outputs: mask });
}

/** Throws unless Scaled can take images of this size. */
export function checkScaledSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 2 || size % 2 !== 0) {
      throw new RangeError(
        `Scaled takes images whose height and width are multiples of 2; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How Scaled sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfScaled = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

/**
 * A wide depthwise convolution between two narrow ones, with squeezed channels.
 */
function inverted(
  input: Tensor,
  name: string,
  c: number,
  stride = 1,
  kernel = 3,
): Tensor {
  let x = conv(input, `${name}/conv1`, Math.round(channelsOf(input) * 5.5), 1, {
    useBias: false,
  });
  x = batchNorm(x, `${name}/batch_norm1`);
  x = relu6(x, `${name}/relu61`);
  x = depthwiseConv(x, `${name}/depthwise_conv1`, kernel, { strides: stride });
  x = batchNorm(x, `${name}/batch_norm2`);
  x = relu6(x, `${name}/relu62`);
  x = squeeze(x, `${name}/squeeze1`);
  x = conv(x, `${name}/conv2`, c, 1, { useBias: false });
  return batchNorm(x, name);
}

function squeeze(input: Tensor, name: string): Tensor {
  let x = globalAvgPool(input, `${name}/weight/global_avg_pool1`);
  x = conv(
    x,
    `${name}/weight/conv1`,
    Math.max(4, Math.round(channelsOf(input) / 4)),
    1,
  );
  x = relu(x, `${name}/weight/relu1`);
  x = conv(x, `${name}/weight/conv2`, channelsOf(input), 1);
  const weight = sigmoid(x, `${name}/weight`);
  return multiply([input, weight], name);
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

function batchNorm(x: Tensor, name: string): Tensor {
  const layer = tf.layers.batchNormalization({
    name,
    momentum: 0.9,
    epsilon: 1e-5,
  });
  return layer.apply(x) as Tensor;
}

function relu6(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "relu6" });
  return layer.apply(x) as Tensor;
}

function depthwiseConv(
  x: Tensor,
  name: string,
  kernelSize: number,
  options: { strides?: number } = {},
): Tensor {
  const layer = tf.layers.depthwiseConv2d({
    name,
    kernelSize,
    padding: "same",
    useBias: false,
    depthwiseInitializer: "heNormal",
    ...options,
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

function relu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "relu" }).apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

function multiply(x: Tensor[], name: string): Tensor {
  return tf.layers.multiply({ name }).apply(x) as Tensor;
}

function bilinear(x: Tensor, name: string): Tensor {
  return new BilinearUpsampling2D({ name, size: 2 }).apply(x) as Tensor;
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

// Made by unetc from nuclei-plus-plus.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildNucleiPlusPlus. */
export interface NucleiPlusPlusOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * A small U-Net++ for nuclei in fluorescence images of 256 x 256 pixels: a head
 * on the full-size node of every column, whose probabilities are averaged.
 *
 * Takes images of 1 channel whose height and width are multiples of 16;
 * "mask_x1_1", "mask_x1_2", "mask_x1_3" and "mask" are as large and hold logits
 * in 1 channel. 575,724 parameters.
 *
 * Call checkNucleiPlusPlusSize before the model sees an image: at other sizes
 * its layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by its value here, for others may mean other
 * layers or sizes, or fit no network: predict = average.
 */
export function buildNucleiPlusPlus({
  classes = 1,
  base = 8,
  channels = 1,
}: NucleiPlusPlusOptions = {}): tf.LayersModel {
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

  const u1_1 = bilinear(e2, "u1_1"); // [H, W, 16]
  x = concat([e1, u1_1], "x1_1/concat1");
  const x1_1 = doubleConv(x, "x1_1", base); // [H, W, 8]

  const u2_1 = bilinear(e3, "u2_1"); // [H / 2, W / 2, 32]
  x = concat([e2, u2_1], "x2_1/concat1");
  const x2_1 = doubleConv(x, "x2_1", base * 2); // [H / 2, W / 2, 16]

  const u3_1 = bilinear(e4, "u3_1"); // [H / 4, W / 4, 64]
  x = concat([e3, u3_1], "x3_1/concat1");
  const x3_1 = doubleConv(x, "x3_1", base * 4); // [H / 4, W / 4, 32]

  const u4_1 = bilinear(e5, "u4_1"); // [H / 8, W / 8, 128]
  x = concat([e4, u4_1], "x4_1/concat1");
  const x4_1 = doubleConv(x, "x4_1", base * 8); // [H / 8, W / 8, 64]

  const u1_2 = bilinear(x2_1, "u1_2"); // [H, W, 16]
  x = concat([e1, x1_1, u1_2], "x1_2/concat1");
  const x1_2 = doubleConv(x, "x1_2", base); // [H, W, 8]

  const u2_2 = bilinear(x3_1, "u2_2"); // [H / 2, W / 2, 32]
  x = concat([e2, x2_1, u2_2], "x2_2/concat1");
  const x2_2 = doubleConv(x, "x2_2", base * 2); // [H / 2, W / 2, 16]

  const u3_2 = bilinear(x4_1, "u3_2"); // [H / 4, W / 4, 64]
  x = concat([e3, x3_1, u3_2], "x3_2/concat1");
  const x3_2 = doubleConv(x, "x3_2", base * 4); // [H / 4, W / 4, 32]

  const u1_3 = bilinear(x2_2, "u1_3"); // [H, W, 16]
  x = concat([e1, x1_1, x1_2, u1_3], "x1_3/concat1");
  const x1_3 = doubleConv(x, "x1_3", base); // [H, W, 8]

  const u2_3 = bilinear(x3_2, "u2_3"); // [H / 2, W / 2, 32]
  x = concat([e2, x2_1, x2_2, u2_3], "x2_3/concat1");
  const x2_3 = doubleConv(x, "x2_3", base * 2); // [H / 2, W / 2, 16]

  const u1_4 = bilinear(x2_3, "u1_4"); // [H, W, 16]
  x = concat([e1, x1_1, x1_2, x1_3, u1_4], "x1_4/concat1");
  const x1_4 = doubleConv(x, "x1_4", base); // [H, W, 8]

  const mask_x1_1 = conv(x1_1, "mask_x1_1", classes, 1); // [H, W, 1]
  const mask_x1_2 = conv(x1_2, "mask_x1_2", classes, 1); // [H, W, 1]
  const mask_x1_3 = conv(x1_3, "mask_x1_3", classes, 1); // [H, W, 1]
  const mask = conv(x1_4, "mask", classes, 1); // [H, W, 1]

  return tf.model({
    name: "NucleiPlusPlus",
    inputs: image,
    outputs: [mask_x1_1, mask_x1_2, mask_x1_3, mask],
  });
}

/** Throws unless NucleiPlusPlus can take images of this size. */
export function checkNucleiPlusPlusSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 16 || size % 16 !== 0) {
      throw new RangeError(
        `NucleiPlusPlus takes images whose height and width are multiples of 16; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How NucleiPlusPlus sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits); then the
 * mean of the whole image, over all its pixels and channels together, is taken
 * off, and the rest divided by its deviation.
 *
 * As built with the default options.
 */
export const factsOfNucleiPlusPlus = {
  scaling: { name: "standard" },
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
      prediction: "average",
    },
  ],
} as const;

function doubleConv(input: Tensor, name: string, c: number): Tensor {
  let x = conv(input, `${name}/conv1`, c, 3, { useBias: false });
  x = batchNorm(x, `${name}/batch_norm1`);
  x = relu(x, `${name}/relu1`);
  x = conv(x, `${name}/conv2`, c, 3, { useBias: false });
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

function bilinear(x: Tensor, name: string): Tensor {
  return new BilinearUpsampling2D({ name, size: 2 }).apply(x) as Tensor;
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

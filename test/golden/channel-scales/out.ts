// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildChannelScales. */
export interface ChannelScalesOptions {
  start?: number;
}

/**
 * Weights of channels: layer scale, norms without scale or shift, one slope for
 * all; stochastic depth.
 *
 * Takes images of 3 channels whose height and width are at least 4; "mask" is
 * [4 floor(H / 4), 4 floor(W / 4), 1] and holds logits in 1 channel. 2,563
 * parameters.
 *
 * Call checkChannelScalesSize before the model sees an image: at other sizes
 * its layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildChannelScales({
  start = 0.01,
}: ChannelScalesOptions = {}): tf.LayersModel {
  checkOption("start", start, "number");

  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]

  let x = conv(image, "a/conv1", 8, 4, { padding: "valid", strides: 4 });
  const a = layerNorm(x, "a"); // [floor(H / 4), floor(W / 4), 8]
  x = branch(a, "b/branch1", start, 0.1);
  const b = add([a, x], "b"); // [floor(H / 4), floor(W / 4), 8]
  x = branch(b, "c/branch1", 0.5, 0.2);
  x = add([b, x], "c/add1");
  x = plain(x, "c/plain1", 8);
  const c = abs(x, "c"); // [floor(H / 4), floor(W / 4), 8]
  x = conv(c, "d/conv1", 8, 1);
  x = batchNorm(x, "d/batch_norm1", { center: false });
  const d = prelu(x, "d", 0.25); // [floor(H / 4), floor(W / 4), 8]
  x = batchNorm(d, "e/batch_norm1", { scale: false, center: false });
  const e = prelu(x, "e", 0.1); // [floor(H / 4), floor(W / 4), 8]
  const f = batchNorm(e, "f", { scale: false }); // [floor(H / 4), floor(W / 4), 8]

  x = bilinear(f, "mask/bilinear1");
  const mask = conv(x, "mask", 1, 1); // [4 floor(H / 4), 4 floor(W / 4), 1]

  return tf.model({ name: "ChannelScales", inputs: image, outputs: mask });
}

/** Throws unless ChannelScales can take images of this size. */
export function checkChannelScalesSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 4) {
      throw new RangeError(
        `ChannelScales takes images whose height and width are at least 4; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How ChannelScales sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfChannelScales = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "logits", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function branch(
  input: Tensor,
  name: string,
  start: number,
  rate: number,
): Tensor {
  let x = depthwiseConv(input, `${name}/depthwise_conv1`, 7);
  x = layerNorm(x, `${name}/layer_norm1`);
  x = conv(x, `${name}/conv1`, 16, 1);
  x = gelu(x, `${name}/gelu1`);
  x = conv(x, `${name}/conv2`, 8, 1);
  x = layerScale(x, `${name}/layer_scale1`, start);
  return dropPath(x, name, rate);
}

function plain(input: Tensor, name: string, c: number): Tensor {
  let x = conv(input, `${name}/conv1`, c, 3, { useBias: false });
  x = batchNorm(x, `${name}/batch_norm1`, { scale: false });
  return relu(x, name);
}

function depthwiseConv(x: Tensor, name: string, kernelSize: number): Tensor {
  const layer = tf.layers.depthwiseConv2d({
    name,
    kernelSize,
    padding: "same",
    depthwiseInitializer: "heNormal",
  });
  return layer.apply(x) as Tensor;
}

function layerNorm(x: Tensor, name: string): Tensor {
  const layer = new GroupNormalization2D({
    name,
    groups: 1,
    epsilon: 1e-5,
    perPixel: true,
  });
  return layer.apply(x) as Tensor;
}

function conv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number,
  options: {
    padding?: "same" | "valid";
    useBias?: boolean;
    strides?: number;
  } = {},
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

function gelu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "gelu" }).apply(x) as Tensor;
}

function layerScale(x: Tensor, name: string, start: number): Tensor {
  return new ChannelScale({ name, start }).apply(x) as Tensor;
}

function dropPath(x: Tensor, name: string, rate: number): Tensor {
  return new DropPath({ name, rate }).apply(x) as Tensor;
}

function batchNorm(
  x: Tensor,
  name: string,
  options: { scale?: boolean; center?: boolean } = {},
): Tensor {
  const layer = tf.layers.batchNormalization({
    name,
    momentum: 0.9,
    epsilon: 1e-5,
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function relu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "relu" }).apply(x) as Tensor;
}

function add(x: Tensor[], name: string): Tensor {
  return tf.layers.add({ name }).apply(x) as Tensor;
}

function abs(x: Tensor, name: string): Tensor {
  return new Absolute({ name }).apply(x) as Tensor;
}

function prelu(x: Tensor, name: string, start: number): Tensor {
  return new ChannelPReLU({ name, start, shared: true }).apply(x) as Tensor;
}

function bilinear(x: Tensor, name: string): Tensor {
  return new BilinearUpsampling2D({ name, size: 4 }).apply(x) as Tensor;
}

/** Throws unless an option is a number of its kind. */
function checkOption(
  name: string,
  value: number,
  kind: "number" | "whole number",
): void {
  const isOfKind =
    kind === "number" ? Number.isFinite(value) : Number.isInteger(value);
  if (isOfKind) return;
  throw new RangeError(`${name} is a ${kind}, found ${typeof value} ${value}.`);
}

/** Values without their sign. */
class Absolute extends tf.layers.Layer {
  static className = "Absolute";

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor];
    return absoluteValue(image);
  }
}
tf.serialization.registerClass(Absolute);

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

/** Configuration of `ChannelPReLU`. */
interface ChannelPReLUConfig {
  name?: string;
  /** The slope that every channel starts with; 0.25 by default. */
  start?: number;
  /** Whether all channels have one slope, alpha [1]; false by default. */
  shared?: boolean;
}

/**
 * x above zero, alpha * x below, with a trained alpha [c] for each channel of
 * images [n, h, w, c] (He et al. 2015, "Delving Deep into Rectifiers").
 */
class ChannelPReLU extends tf.layers.Layer {
  static className = "ChannelPReLU";
  private alpha?: tf.LayerVariable;

  constructor(private readonly config: ChannelPReLUConfig = {}) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const initializer = tf.initializers.constant({
      value: this.config.start ?? 0.25,
    });
    this.alpha = this.addWeight(
      "alpha",
      [this.config.shared ? 1 : channels],
      "float32",
      initializer,
    );
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor];
    return applyPrelu(image, this.alpha!.read());
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelPReLU);

/** Configuration of `ChannelScale`. */
interface ChannelScaleConfig {
  name?: string;
  /** What every channel is multiplied by at first; 1e-6 by default. */
  start?: number;
}

/** Multiplies each channel of images [n, h, w, c] by a weight gamma [c] (LayerScale, Touvron et al. 2021). */
class ChannelScale extends tf.layers.Layer {
  static className = "ChannelScale";
  private gamma?: tf.LayerVariable;

  constructor(private readonly config: ChannelScaleConfig = {}) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const initializer = tf.initializers.constant({
      value: this.config.start ?? 1e-6,
    });
    this.gamma = this.addWeight("gamma", [channels], "float32", initializer);
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor];
    return tf.mul(image, this.gamma!.read());
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelScale);

/** Configuration of `DropPath`. */
interface DropPathConfig {
  name?: string;
  /** Probability that an image is dropped. */
  rate: number;
}

/**
 * In training makes whole images of [n, h, w, c] zero and divides the others by 1 - rate
 * (stochastic depth, Huang et al. 2016). Otherwise does nothing.
 */
class DropPath extends tf.layers.Layer {
  static className = "DropPath";
  private readonly rate: number;

  constructor(config: DropPathConfig) {
    super(config);
    this.rate = config.rate;
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: Record<string, unknown> = {},
  ): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    if (kwargs["training"] !== true || this.rate === 0) return tf.clone(image);
    return tf.dropout(image, this.rate, [image.shape[0], 1, 1, 1]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}
tf.serialization.registerClass(DropPath);

/** Configuration of `GroupNormalization2D`. */
interface GroupNormalization2DConfig {
  name?: string;
  /** Parts of the channels, each with statistics of its own; one for each channel by default. */
  groups?: number;
  /** Whether each pixel has statistics of its own, rather than each image. */
  perPixel?: boolean;
  /** Added to the variance; 1e-5 by default. */
  epsilon?: number;
  /** Whether each channel is scaled and shifted by weights; true by default. */
  affine?: boolean;
}

/**
 * Instance norm, with a group for each channel of images [n, h, w, c]; group norm, with a few;
 * layer norm, with one for each pixel. Weights: gamma [c], beta [c].
 */
class GroupNormalization2D extends tf.layers.Layer {
  static className = "GroupNormalization2D";
  private gamma?: tf.LayerVariable;
  private beta?: tf.LayerVariable;

  constructor(private readonly config: GroupNormalization2DConfig = {}) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const { groups = channels, affine = true } = this.config;
    if (channels % groups !== 0) {
      throw new RangeError(
        `${this.name} cannot cut ${channels} channels into ${groups} equal parts.`,
      );
    }
    if (affine) {
      this.gamma = this.addWeight(
        "gamma",
        [channels],
        "float32",
        tf.initializers.ones(),
      );
      this.beta = this.addWeight(
        "beta",
        [channels],
        "float32",
        tf.initializers.zeros(),
      );
    }
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    const {
      groups = image.shape[3],
      perPixel = false,
      epsilon = 1e-5,
    } = this.config;
    const [gamma, beta] = [this.gamma?.read(), this.beta?.read()];
    const affine = gamma && beta && { gamma, beta };
    return normalizeGroups(image, affine, { groups, perPixel, epsilon });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(GroupNormalization2D);

/**
 * x without its sign. The gradient at 0 is 0, as in PyTorch and TensorFlow; that of
 * TensorFlow.js' own operation is -1 there.
 */
const absoluteValue: (x: tf.Tensor) => tf.Tensor = tf.customGrad((x, save) => {
  (save as tf.GradSaveFunc)([x as tf.Tensor]);
  const gradFunc = (dy: tf.Tensor, [saved]: tf.Tensor[]): tf.Tensor =>
    tf.tidy(() => tf.mul(dy, tf.sub(tf.step(saved!), tf.step(tf.neg(saved!)))));
  return {
    value: tf.abs(x as tf.Tensor),
    gradFunc: gradFunc as (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor,
  };
}) as (x: tf.Tensor) => tf.Tensor;

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

/** x above zero, alpha * x below: x [n, h, w, c], alpha [c], or [1] for all channels. */
function applyPrelu(x: tf.Tensor, alpha: tf.Tensor): tf.Tensor {
  const channels = x.shape[x.shape.length - 1]!;
  // Kernels of the engines take a slope for each channel.
  return tf.prelu(
    x,
    alpha.shape[0] === channels ? alpha : tf.tile(alpha, [channels]),
  );
}

/**
 * (x - mean) / sqrt(variance + epsilon) * gamma + beta within each group of channels of
 * x [n, h, w, c], with the biased variance. Instance norm has a group for each channel
 * (Ulyanov et al. 2016), group norm a few (Wu and He 2018), layer norm one for each pixel
 * (Ba et al. 2016).
 */
function normalizeGroups(
  x: tf.Tensor4D,
  affine: Affine | undefined,
  { groups, perPixel, epsilon }: GroupNormOptions,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const places = perPixel
    ? [batch * height * width, 1, 1]
    : [batch, height, width];
  // Rows first: one long sum in float32 loses digits on the WASM engine.
  const meanOf = (values: tf.Tensor) =>
    tf.mean(tf.mean(values, 2, true), [1, 4], true);
  return tf.tidy(() => {
    const grouped = tf.reshape(x, [...places, groups, channels / groups]);
    const centred = tf.sub(grouped, meanOf(grouped));
    const variance = meanOf(tf.square(centred));
    const normal = tf.div(centred, tf.sqrt(tf.add(variance, epsilon)));
    const values: tf.Tensor4D = tf.reshape(normal, x.shape);
    return affine === undefined
      ? values
      : tf.add(tf.mul(values, affine.gamma), affine.beta);
  });
}

/** Scale and shift of each channel, [c]. */
interface Affine {
  readonly gamma: tf.Tensor;
  readonly beta: tf.Tensor;
}

/** Which values are normalised together. */
interface GroupNormOptions {
  /** Parts of the channels, each with statistics of its own; it divides them. */
  readonly groups: number;
  /** Whether each pixel has statistics of its own, rather than each image. */
  readonly perPixel: boolean;
  /** Added to the variance. */
  readonly epsilon: number;
}

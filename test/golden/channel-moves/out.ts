// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildChannelMoves. */
export interface ChannelMovesOptions {
  wide?: number;
}

/**
 * Channels taken, moved, joined and added: a gate of CBAM, units of ShuffleNet,
 * branches of ENet.
 *
 * Takes images of 3 channels whose height and width are multiples of 4; "mask"
 * is as large and holds logits in 1 channel. 4,780 parameters.
 *
 * Call checkChannelMovesSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by its value here, for others may mean other
 * layers or sizes, or fit no network: groups = 2.
 */
export function buildChannelMoves({
  wide = 24,
}: ChannelMovesOptions = {}): tf.LayersModel {
  checkOption("wide", wide, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]

  const aConv = conv(image, "a/conv1", 13, 3, { strides: 2 });
  const aMaxPool = maxPool(image, "a/max_pool1");
  let x = concat([aConv, aMaxPool], "a/concat1");
  const a = relu(x, "a"); // [H / 2, W / 2, 16]
  x = unit(a, "b/unit1", 2);
  const b = unit(x, "b", 4); // [H / 2, W / 2, 16]
  const cChannelMean = channelMean(b, "c/channel_mean1");
  const cChannelMax = channelMax(b, "c/channel_max1");
  x = concat([cChannelMean, cChannelMax], "c/concat1");
  x = conv(x, "c/conv1", 1, 7);
  x = sigmoid(x, "c/sigmoid1");
  const c = multiply([b, x], "c"); // [H / 2, W / 2, 16]
  const dConv = conv(c, "d/conv1", wide, 3);
  const dPadChannels = padChannelsLayer(c, "d/pad_channels1", wide);
  const d = add([dConv, dPadChannels], "d"); // [H / 2, W / 2, 24]
  x = slice(d, "e/slice1");
  x = spaceToDepth(x, "e/space_to_depth1");
  x = conv(x, "e/conv1", 16, 1);
  x = pixelShuffle(x, "e/pixel_shuffle1");
  x = spaceToDepth(x, "e/space_to_depth2", { order: "channelsLast" });
  const e = pixelShuffle(x, "e", { order: "channelsLast" }); // [H / 2, W / 2, 4]

  x = bilinear(e, "mask/bilinear1");
  const mask = conv(x, "mask", 1, 1); // [H, W, 1]

  return tf.model({ name: "ChannelMoves", inputs: image, outputs: mask });
}

/** Throws unless ChannelMoves can take images of this size. */
export function checkChannelMovesSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 4 || size % 4 !== 0) {
      throw new RangeError(
        `ChannelMoves takes images whose height and width are multiples of 4; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How ChannelMoves sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfChannelMoves = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "logits", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function unit(input: Tensor, name: string, groups: number): Tensor {
  let x = split(input, `${name}/part/split1`, 1);
  x = conv(x, `${name}/part/conv1`, 8, 1);
  const part = relu(x, `${name}/part`);
  const splitTensor = split(input, `${name}/split1`, 0);
  const depthwiseConvTensor = depthwiseConv(part, `${name}/depthwise_conv1`, 3);
  x = concat([splitTensor, depthwiseConvTensor], `${name}/concat1`);
  return channelShuffle(x, name, groups);
}

function split(x: Tensor, name: string, part: number): Tensor {
  return new ChannelPart({ name, parts: 2, part }).apply(x) as Tensor;
}

function conv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number,
  options: { strides?: number } = {},
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

function relu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "relu" }).apply(x) as Tensor;
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

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function channelShuffle(x: Tensor, name: string, groups: number): Tensor {
  return new ChannelShuffle({ name, groups }).apply(x) as Tensor;
}

function maxPool(x: Tensor, name: string): Tensor {
  return tf.layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as Tensor;
}

function channelMean(x: Tensor, name: string): Tensor {
  return new ChannelPooling({ name, take: "mean" }).apply(x) as Tensor;
}

function channelMax(x: Tensor, name: string): Tensor {
  return new ChannelPooling({ name, take: "max" }).apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

function multiply(x: Tensor[], name: string): Tensor {
  return tf.layers.multiply({ name }).apply(x) as Tensor;
}

function padChannelsLayer(x: Tensor, name: string, channels: number): Tensor {
  return new ChannelPadding({ name, channels }).apply(x) as Tensor;
}

function add(x: Tensor[], name: string): Tensor {
  return tf.layers.add({ name }).apply(x) as Tensor;
}

function slice(x: Tensor, name: string): Tensor {
  return new ChannelSlice({ name, from: 2, to: 10 }).apply(x) as Tensor;
}

function spaceToDepth(
  x: Tensor,
  name: string,
  options: { order?: "channelsLast" } = {},
): Tensor {
  const layer = new SpaceToDepth2D({ name, factor: 2, ...options });
  return layer.apply(x) as Tensor;
}

function pixelShuffle(
  x: Tensor,
  name: string,
  options: { order?: "channelsLast" } = {},
): Tensor {
  const layer = new PixelShuffle2D({ name, factor: 2, ...options });
  return layer.apply(x) as Tensor;
}

function bilinear(x: Tensor, name: string): Tensor {
  return new BilinearUpsampling2D({ name, size: 2 }).apply(x) as Tensor;
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

/** Configuration of `ChannelPadding`. */
interface ChannelPaddingConfig {
  name?: string;
  /** How many there are then. */
  channels: number;
}

/** Adds channels of zeros behind those of images [n, h, w, c]. */
class ChannelPadding extends tf.layers.Layer {
  static className = "ChannelPadding";

  constructor(private readonly config: ChannelPaddingConfig) {
    super(config);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    return [
      batch,
      height,
      width,
      channels === null ? null : this.config.channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return padChannels(image, this.config.channels);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelPadding);

/** Configuration of `ChannelPart`. */
interface ChannelPartConfig {
  name?: string;
  /** How many parts there are. */
  parts: number;
  /** Which part, counted from 0. */
  part: number;
}

/** One of several equal parts of the channels of images [n, h, w, c]. */
class ChannelPart extends tf.layers.Layer {
  static className = "ChannelPart";

  constructor(private readonly config: ChannelPartConfig) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const { parts } = this.config;
    if (channels % parts !== 0) {
      throw new RangeError(
        `${this.name} cannot cut ${channels} channels into ${parts} equal parts.`,
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    return [
      batch,
      height,
      width,
      channels === null ? null : channels / this.config.parts,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return partOfChannels(image, this.config.parts, this.config.part);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelPart);

/** Configuration of `ChannelPooling`. */
interface ChannelPoolingConfig {
  name?: string;
  /** What is taken. */
  take: "mean" | "max";
}

/** The mean or the maximum of all channels of each pixel of images [n, h, w, c]: [n, h, w, 1]. */
class ChannelPooling extends tf.layers.Layer {
  static className = "ChannelPooling";

  constructor(private readonly config: ChannelPoolingConfig) {
    super(config);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    return [batch, height, width, channels === null ? null : 1];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return poolChannels(image, this.config.take);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelPooling);

/** Configuration of `ChannelShuffle`. */
interface ChannelShuffleConfig {
  name?: string;
  /** Parts of the channels. */
  groups: number;
}

/** Deals the channels of groups of images [n, h, w, c] out in turn (Zhang et al. 2018, ShuffleNet). */
class ChannelShuffle extends tf.layers.Layer {
  static className = "ChannelShuffle";

  constructor(private readonly config: ChannelShuffleConfig) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const { groups } = this.config;
    if (channels % groups !== 0) {
      throw new RangeError(
        `${this.name} cannot cut ${channels} channels into ${groups} equal parts.`,
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    return [batch, height, width, channels];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return shuffleChannels(image, this.config.groups);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelShuffle);

/** Configuration of `ChannelSlice`. */
interface ChannelSliceConfig {
  name?: string;
  /** The first channel, counted from 0. */
  from: number;
  /** The channel behind the last one. */
  to: number;
}

/** Channels `from` to `to` - 1 of images [n, h, w, c]. */
class ChannelSlice extends tf.layers.Layer {
  static className = "ChannelSlice";

  constructor(private readonly config: ChannelSliceConfig) {
    super(config);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    const { from, to } = this.config;
    return [batch, height, width, channels === null ? null : to - from];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return sliceChannels(image, this.config.from, this.config.to);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelSlice);

/** Configuration of `PixelShuffle2D`. */
interface PixelShuffle2DConfig {
  name?: string;
  /** How many times taller and wider the output is. */
  factor: number;
  /** Which channels make the block of a pixel; `channelsFirst` by default. */
  order?: "channelsFirst" | "channelsLast";
}

/** Moves channels into space: images [n, h, w, c f f] become [n, h f, w f, c]. */
class PixelShuffle2D extends tf.layers.Layer {
  static className = "PixelShuffle2D";

  constructor(private readonly config: PixelShuffle2DConfig) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const parts = this.config.factor ** 2;
    if (channels % parts !== 0) {
      throw new RangeError(
        `${this.name} cannot cut ${channels} channels into ${parts} equal parts.`,
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    const { factor } = this.config;
    return [
      batch,
      height === null ? null : height * factor,
      width === null ? null : width * factor,
      channels === null ? null : channels / (factor * factor),
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    const { factor, order = "channelsFirst" } = this.config;
    return shufflePixels(image, factor, order);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(PixelShuffle2D);

/** Configuration of `SpaceToDepth2D`. */
interface SpaceToDepth2DConfig {
  name?: string;
  /** Height and width of the blocks. */
  factor: number;
  /** Which channels a block makes; `channelsFirst` by default. */
  order?: "channelsFirst" | "channelsLast";
}

/** Moves space into channels: images [n, h, w, c] become [n, h / f, w / f, c f f]. */
class SpaceToDepth2D extends tf.layers.Layer {
  static className = "SpaceToDepth2D";

  constructor(private readonly config: SpaceToDepth2DConfig) {
    super(config);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    const { factor } = this.config;
    return [
      batch,
      height === null ? null : height / factor,
      width === null ? null : width / factor,
      channels === null ? null : channels * factor * factor,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    const { factor, order = "channelsFirst" } = this.config;
    return unshufflePixels(image, factor, order);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(SpaceToDepth2D);

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

/** Adds channels of zeros behind those of x [n, h, w, c], up to `channels`. */
function padChannels(x: tf.Tensor4D, channels: number): tf.Tensor4D {
  return tf.pad(x, [
    [0, 0],
    [0, 0],
    [0, 0],
    [0, channels - x.shape[3]],
  ]);
}

/** Part number `part` of the channels of x [n, h, w, c] in `parts` equal parts. */
function partOfChannels(
  x: tf.Tensor4D,
  parts: number,
  part: number,
): tf.Tensor4D {
  const size = x.shape[3] / parts;
  return sliceChannels(x, part * size, (part + 1) * size);
}

/** Channels `from` to `to` - 1 of x [n, h, w, c]. */
function sliceChannels(x: tf.Tensor4D, from: number, to: number): tf.Tensor4D {
  return tf.slice(x, [0, 0, 0, from], [-1, -1, -1, to - from]);
}

/** The mean or the maximum of the channels of x [n, h, w, c]: [n, h, w, 1]. */
function poolChannels(x: tf.Tensor4D, take: "mean" | "max"): tf.Tensor4D {
  return take === "mean" ? tf.mean(x, [3], true) : largestAlong(x, [3]);
}

/**
 * The maximum along some axes, which stay with length 1. Values that share the maximum share
 * its gradient evenly, as in PyTorch and TensorFlow; TensorFlow.js gives each of them all of it.
 */
function largestAlong(x: tf.Tensor4D, axes: number[]): tf.Tensor4D {
  const largest = tf.customGrad((image, save) => {
    const value = tf.max<tf.Tensor4D>(image as tf.Tensor, axes, true);
    (save as tf.GradSaveFunc)([image as tf.Tensor, value]);
    const gradFunc = (
      gradient: tf.Tensor4D,
      [saved, most]: tf.Tensor[],
    ): tf.Tensor4D =>
      tf.tidy(() => {
        const isLargest = tf.cast(tf.equal(saved!, most!), "float32");
        const count = tf.sum(isLargest, axes, true);
        return tf.mul(isLargest, tf.div(gradient, count));
      });
    return {
      value,
      gradFunc: gradFunc as (dy: tf.Tensor4D, saved: tf.Tensor[]) => tf.Tensor,
    };
  });
  return largest(x) as tf.Tensor4D;
}

/** Channel g n + i of x [n, h, w, groups n] becomes number i groups + g (Zhang et al. 2018). */
function shuffleChannels(x: tf.Tensor4D, groups: number): tf.Tensor4D {
  const { shape } = x;
  return tf.tidy(() => {
    const parts = tf.reshape(x, [
      shape[0] * shape[1] * shape[2],
      groups,
      shape[3] / groups,
    ]);
    return tf.reshape(tf.transpose(parts, [0, 2, 1]), shape);
  });
}

/**
 * Moves channels into space: x [n, h, w, c f f] becomes [n, h f, w f, c] (Shi et al. 2016).
 * `channelsFirst`: the block of an output channel is made of neighbouring input channels, as
 * in PyTorch; `channelsLast`: as in TensorFlow's depth_to_space. Reshaped and transposed,
 * since `tf.depthToSpace` has no gradient and knows one order.
 */
function shufflePixels(
  x: tf.Tensor4D,
  factor: number,
  order: "channelsFirst" | "channelsLast",
): tf.Tensor4D {
  const [batch, height, width, deep] = x.shape;
  const channels = deep / (factor * factor);
  const isFirst = order === "channelsFirst";
  const block = isFirst
    ? [channels, factor, factor]
    : [factor, factor, channels];
  const places = isFirst ? [0, 1, 4, 2, 5, 3] : [0, 1, 3, 2, 4, 5];
  return tf.tidy(() => {
    const blocks = tf.transpose(
      tf.reshape(x, [batch, height, width, ...block]),
      places,
    );
    return tf.reshape(blocks, [
      batch,
      height * factor,
      width * factor,
      channels,
    ]);
  });
}

/** Moves space into channels: undoes `shufflePixels` of the same factor and order. */
function unshufflePixels(
  x: tf.Tensor4D,
  factor: number,
  order: "channelsFirst" | "channelsLast",
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = [height / factor, width / factor];
  const places =
    order === "channelsFirst" ? [0, 1, 3, 5, 2, 4] : [0, 1, 3, 2, 4, 5];
  return tf.tidy(() => {
    const blocks = tf.reshape(x, [
      batch,
      rows,
      factor,
      columns,
      factor,
      channels,
    ]);
    const deep = channels * factor * factor;
    return tf.reshape(tf.transpose(blocks, places), [
      batch,
      rows,
      columns,
      deep,
    ]);
  });
}

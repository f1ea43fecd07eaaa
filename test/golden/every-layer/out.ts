// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/**
 * One of each layer, in no network's order.
 *
 * Takes images of 3 channels whose height is at least 5, and whose width is at
 * least 7. "mask" is as large and holds probabilities (softmax) in 2 channels.
 * "edges" is as large and holds probabilities (sigmoid) in 1 channel. 2,455
 * parameters.
 *
 * Call checkEveryLayerSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 */
export function buildEveryLayer(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]

  let x = conv(image, "a/conv1", 4, [3, 5]);
  x = leakyRelu(x, "a/leaky_relu1");
  x = conv(x, "a/conv2", 4, 3, {
    kernelInitializer: "glorotUniform",
    padding: "same",
  });
  const a = relu6(x, "a"); // [H - 2, W - 4, 4]
  x = depthwiseConv(a, "b/depthwise_conv1", 3);
  x = elu(x, "b/elu1");
  x = depthwiseConv(x, "b/depthwise_conv2", 5, {
    depthMultiplier: 1,
    useBias: false,
  });
  const b = selu(x, "b"); // [H - 2, W - 4, 8]

  x = maxPool(b, "c/max_pool1");
  x = silu(x, "c/silu1");
  x = convTranspose(x, "c/conv_transpose1", 4, 2);
  const c = hardSwish(x, "c"); // [2 floor(H / 2) - 2, 2 floor(W / 2) - 4, 4]

  x = resizeTo([c, b], "d/resize_to1");
  x = concat([b, x], "d/concat1");
  x = avgPool(x, "d/avg_pool1");
  const d = gelu(x, "d"); // [ceil(H / 2) - 2, ceil(W / 2) - 3, 12]

  x = convTranspose(d, "e/conv_transpose1", 8, 4, { padding: "same" });
  x = mish(x, "e/mish1");
  const e = resizeTo([x, c], "e", { method: "nearest" }); // [2 floor(H / 2) - 2, 2 floor(W / 2) - 4, 8]
  x = conv(c, "f/conv1", 8, 1);
  x = add([x, e], "f/add1");
  x = batchNorm(x, "f/batch_norm1");
  const f = tanh(x, "f"); // [2 floor(H / 2) - 2, 2 floor(W / 2) - 4, 8]

  x = ceilMaxPool(f, "g/max_pool1");
  x = nearest(x, "g/nearest1");
  const g = ceilAvgPool(x, "g"); // [floor(H / 2) - 1, floor(W / 2) - 2, 8]

  x = bilinear(g, "h/bilinear1");
  x = spatialDropout(x, "h/spatial_dropout1", 0.1);
  const h = resizeTo([x, image], "h"); // [H, W, 8]

  x = reflectionPad(h, "i/pad1");
  x = crop(x, "i/crop1", [
    [1, 2],
    [3, 4],
  ]);
  x = pad(x, "i/pad2");

  const iCropTo = cropTo([x, image], "i/crop_to1");
  const jConv = conv(f, "j/conv1", 8, 1);
  const jResizeTo = resizeTo([jConv, iCropTo], "j/resize_to1");
  const jSubtract = subtract([iCropTo, jResizeTo], "j/subtract1");
  const jGlobalAvgPool = globalAvgPool(iCropTo, "j/global_avg_pool1");
  const jGlobalMaxPool = globalMaxPool(iCropTo, "j/global_max_pool1");
  const j = multiply([jSubtract, jGlobalAvgPool, jGlobalMaxPool], "j"); // [H, W, 8]
  x = crop(j, "k/crop1", [
    [1, 1],
    [1, 1],
  ]);
  x = padTo([x, image], "k/pad_to1");
  x = dropout(x, "k/dropout1", 0.2);
  x = bilinear(x, "k/bilinear1", { grid: "halfPixel" });
  const k = resizeTo([x, image], "k", { grid: "alignCorners" }); // [H, W, 8]

  x = conv(k, "mask/conv1", 2, 1);
  const mask = softmax(x, "mask"); // [H, W, 2]

  x = resizeTo([a, image], "edges/resize_to1");
  x = conv(x, "edges/conv1", 1, 1);
  const edges = sigmoid(x, "edges"); // [H, W, 1]

  return tf.model({
    name: "EveryLayer",
    inputs: image,
    outputs: [mask, edges],
  });
}

/** Throws unless EveryLayer can take images of this size. */
export function checkEveryLayerSize(height: number, width: number): void {
  if (height < 5) {
    throw new RangeError(
      `EveryLayer takes images whose height is at least 5; found ${height} x ${width}.`,
    );
  }
  if (width < 7) {
    throw new RangeError(
      `EveryLayer takes images whose width is at least 7; found ${height} x ${width}.`,
    );
  }
}

/**
 * How EveryLayer sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 */
export const factsOfEveryLayer = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 2, values: "softmax", activation: "softmax" },
    { name: "edges", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [
    { name: "mask", outputs: ["mask"], prediction: "main" },
    { name: "edges", outputs: ["edges"], prediction: "main" },
  ],
} as const;

function conv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number | [number, number],
  options: {
    kernelInitializer?: "heNormal" | "glorotNormal" | "glorotUniform";
    padding?: "same";
  } = {},
): Tensor {
  const layer = tf.layers.conv2d({
    name,
    filters,
    kernelSize,
    kernelInitializer: "heNormal",
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function leakyRelu(x: Tensor, name: string): Tensor {
  return tf.layers.leakyReLU({ name, alpha: 0.01 }).apply(x) as Tensor;
}

function relu6(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "relu6" });
  return layer.apply(x) as Tensor;
}

function depthwiseConv(
  x: Tensor,
  name: string,
  kernelSize: number,
  options: { depthMultiplier?: number; useBias?: boolean } = {},
): Tensor {
  const layer = tf.layers.depthwiseConv2d({
    name,
    kernelSize,
    padding: "same",
    depthMultiplier: 2,
    depthwiseInitializer: "heNormal",
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function elu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "elu" }).apply(x) as Tensor;
}

function selu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "selu" }).apply(x) as Tensor;
}

function maxPool(x: Tensor, name: string): Tensor {
  return tf.layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as Tensor;
}

function silu(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "swish" });
  return layer.apply(x) as Tensor;
}

function convTranspose(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number,
  options: { padding?: "same" } = {},
): Tensor {
  const layer = tf.layers.conv2dTranspose({
    name,
    filters,
    kernelSize,
    strides: 2,
    kernelInitializer: "heNormal",
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function hardSwish(x: Tensor, name: string): Tensor {
  return new HardSwish({ name }).apply(x) as Tensor;
}

function resizeTo(
  x: Tensor[],
  name: string,
  options: { method?: "nearest"; grid?: "alignCorners" } = {},
): Tensor {
  return new ResizeTo2D({ name, ...options }).apply(x) as Tensor;
}

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function avgPool(x: Tensor, name: string): Tensor {
  const layer = tf.layers.averagePooling2d({ name, poolSize: 3, strides: 2 });
  return layer.apply(x) as Tensor;
}

function gelu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "gelu" }).apply(x) as Tensor;
}

function mish(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "mish" }).apply(x) as Tensor;
}

function add(x: Tensor[], name: string): Tensor {
  return tf.layers.add({ name }).apply(x) as Tensor;
}

function batchNorm(x: Tensor, name: string): Tensor {
  const layer = tf.layers.batchNormalization({ name, momentum: 0.9 });
  return layer.apply(x) as Tensor;
}

function tanh(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "tanh" }).apply(x) as Tensor;
}

function ceilMaxPool(x: Tensor, name: string): Tensor {
  const layer = new PaddedPooling2D({
    name,
    poolSize: 3,
    strides: 2,
    take: "max",
    rounding: "ceil",
  });
  return layer.apply(x) as Tensor;
}

function nearest(x: Tensor, name: string): Tensor {
  return tf.layers.upSampling2d({ name, size: [2, 1] }).apply(x) as Tensor;
}

function ceilAvgPool(x: Tensor, name: string): Tensor {
  const layer = new PaddedPooling2D({
    name,
    poolSize: [2, 1],
    take: "mean",
    rounding: "ceil",
  });
  return layer.apply(x) as Tensor;
}

function bilinear(
  x: Tensor,
  name: string,
  options: { grid?: "legacy" | "halfPixel" } = {},
): Tensor {
  const layer = new BilinearUpsampling2D({
    name,
    size: 2,
    grid: "legacy",
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function spatialDropout(x: Tensor, name: string, rate: number): Tensor {
  return new SpatialDropout2D({ name, rate }).apply(x) as Tensor;
}

function reflectionPad(x: Tensor, name: string): Tensor {
  const layer = new ReflectionPadding2D({
    name,
    padding: [
      [1, 2],
      [3, 4],
    ],
  });
  return layer.apply(x) as Tensor;
}

function crop(
  x: Tensor,
  name: string,
  cropping: [[number, number], [number, number]],
): Tensor {
  return new CropEdges2D({ name, cropping }).apply(x) as Tensor;
}

function pad(x: Tensor, name: string): Tensor {
  return tf.layers.zeroPadding2d({ name, padding: 2 }).apply(x) as Tensor;
}

function cropTo(x: Tensor[], name: string): Tensor {
  return new CropTo2D({ name }).apply(x) as Tensor;
}

function subtract(x: Tensor[], name: string): Tensor {
  return new Subtract({ name }).apply(x) as Tensor;
}

function globalAvgPool(x: Tensor, name: string): Tensor {
  const mean = tf.layers
    .globalAveragePooling2d({ name: `${name}.mean` })
    .apply(x) as Tensor;
  const layer = tf.layers.reshape({ name, targetShape: [1, 1, channelsOf(x)] });
  return layer.apply(mean) as Tensor;
}

function globalMaxPool(x: Tensor, name: string): Tensor {
  const max = tf.layers
    .globalMaxPooling2d({ name: `${name}.max` })
    .apply(x) as Tensor;
  const layer = tf.layers.reshape({ name, targetShape: [1, 1, channelsOf(x)] });
  return layer.apply(max) as Tensor;
}

function multiply(x: Tensor[], name: string): Tensor {
  return tf.layers.multiply({ name }).apply(x) as Tensor;
}

function padTo(x: Tensor[], name: string): Tensor {
  return new PadTo2D({ name }).apply(x) as Tensor;
}

function dropout(x: Tensor, name: string, rate: number): Tensor {
  return tf.layers.dropout({ name, rate }).apply(x) as Tensor;
}

function softmax(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "softmax" });
  return layer.apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

function channelsOf(x: Tensor): number {
  return x.shape[3]!;
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

/** Configuration of `CropEdges2D`. */
interface CropEdges2DConfig {
  name?: string;
  /** [[top, bottom], [left, right]] in pixels. */
  cropping: [[number, number], [number, number]];
}

/**
 * Cuts fixed edges off images [n, h, w, c]. `tf.layers.cropping2D` does the
 * same, but gives negative symbolic sizes where height and width are unknown.
 */
class CropEdges2D extends tf.layers.Layer {
  static className = "CropEdges2D";
  private readonly cropping: [[number, number], [number, number]];

  constructor(config: CropEdges2DConfig) {
    super(config);
    this.cropping = config.cropping;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    const [[top, bottom], [left, right]] = this.cropping;
    return [
      batch,
      height === null ? null : height - top - bottom,
      width === null ? null : width - left - right,
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return cropImage(image, this.cropping);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), cropping: this.cropping };
  }
}
tf.serialization.registerClass(CropEdges2D);

/** Configuration of `CropTo2D`. */
interface CropTo2DConfig {
  name?: string;
  /** How half of an odd number of pixels is rounded; `floor` by default. */
  rounding?: "floor" | "halfEven";
}

/** Cuts the centre of images [n, h, w, c] to the height and width of a second input. */
class CropTo2D extends tf.layers.Layer {
  static className = "CropTo2D";
  private readonly rounding: "floor" | "halfEven";

  constructor(config: CropTo2DConfig = {}) {
    super(config);
    this.rounding = config.rounding ?? "floor";
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
    return cropToSize(image, target, this.rounding);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rounding: this.rounding };
  }
}
tf.serialization.registerClass(CropTo2D);

/** The activation hard swish. */
class HardSwish extends tf.layers.Layer {
  static className = "HardSwish";

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [x] = [inputs].flat() as [tf.Tensor];
    return applyHardSwish(x);
  }
}
tf.serialization.registerClass(HardSwish);

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

/** Configuration of `ReflectionPadding2D`. */
interface ReflectionPadding2DConfig {
  name?: string;
  /** [[top, bottom], [left, right]] in pixels, each less than the image's size. */
  padding: [[number, number], [number, number]];
}

/**
 * Surrounds images [n, h, w, c] with their own pixels, mirrored at the outermost row or column,
 * which is not repeated.
 */
class ReflectionPadding2D extends tf.layers.Layer {
  static className = "ReflectionPadding2D";
  private readonly padding: [[number, number], [number, number]];

  constructor(config: ReflectionPadding2DConfig) {
    super(config);
    this.padding = config.padding;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    const [[top, bottom], [left, right]] = this.padding;
    return [
      batch,
      height === null ? null : height + top + bottom,
      width === null ? null : width + left + right,
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return reflectEdges(image, this.padding);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), padding: this.padding };
  }
}
tf.serialization.registerClass(ReflectionPadding2D);

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

/** The first of several tensors of one shape less all others. */
class Subtract extends tf.layers.Layer {
  static className = "Subtract";

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape[]).map((shape) => shape[3]);
    if (new Set(channels).size > 1) {
      throw new RangeError(
        `${this.name} takes tensors of one number of channels, found ${channels.join(" and ")}.`,
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShapes: tf.Shape[]): tf.Shape {
    // A height or width that one of them leaves open is open.
    return inputShapes.reduce((shape, other) =>
      shape.map((size, axis) => (other[axis] === null ? null : size)),
    );
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return subtractAll([inputs].flat());
  }
}
tf.serialization.registerClass(Subtract);

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

/** Cuts edges off x [n, h, w, c]. */
function cropImage(
  x: tf.Tensor4D,
  [[top, bottom], [left, right]]: Edges,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const size = [batch, height - top - bottom, width - left - right, channels];
  return tf.slice(
    x,
    [0, top, left, 0],
    size as [number, number, number, number],
  );
}

/** Pixels before and after each axis: [[top, bottom], [left, right]]. */
type Edges = [Pair, Pair];

/**
 * Cuts the centre of x [n, h, w, c] to the height and width of `target`. Of d rows that
 * are cut, floor(d / 2) lie above, or d / 2 rounded half to even as torchvision's
 * CenterCrop does; of columns as many to the left.
 */
function cropToSize(
  x: tf.Tensor4D,
  target: tf.Tensor4D,
  rounding: "floor" | "halfEven",
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [, outHeight, outWidth] = target.shape;
  const halve = (size: number): number => {
    const half = Math.floor(size / 2);
    const isUp = rounding === "halfEven" && size % 2 === 1 && half % 2 === 1;
    return isUp ? half + 1 : half;
  };
  const [top, left] = [halve(height - outHeight), halve(width - outWidth)];
  return tf.slice(x, [0, top, left, 0], [batch, outHeight, outWidth, channels]);
}

/** x relu6(x + 3) / 6 for every value (Howard et al. 2019, MobileNetV3). */
function applyHardSwish<T extends tf.Tensor>(x: T): T {
  return tf.tidy(() => tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6)));
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

/**
 * Surrounds x [n, h, w, c] with its own pixels, mirrored at the outermost row or column,
 * which is not repeated: numpy's 'reflect'. Throws a RangeError for an edge as wide as the
 * image. Put together from slices, because the gradient of `tf.mirrorPad` leaves out the
 * mirrored pixels.
 */
function reflectEdges(x: tf.Tensor4D, [rows, columns]: Edges): tf.Tensor4D {
  return tf.tidy(() =>
    reflectAxis(reflectAxis(tf.clone(x), 1, rows), 2, columns),
  );
}

function reflectAxis(
  x: tf.Tensor4D,
  axis: 1 | 2,
  [before, after]: Pair,
): tf.Tensor4D {
  const size = x.shape[axis];
  if (Math.max(before, after) >= size) {
    throw new RangeError(
      `cannot reflect ${Math.max(before, after)} pixels of an axis of ${size}`,
    );
  }
  const parts = [x];
  if (before > 0) parts.unshift(mirrored(x, axis, 1, before));
  if (after > 0) parts.push(mirrored(x, axis, size - 1 - after, after));
  return parts.length === 1 ? x : tf.concat(parts, axis);
}

/** `count` rows or columns from `start` on, in reverse order. */
function mirrored(
  x: tf.Tensor4D,
  axis: 1 | 2,
  start: number,
  count: number,
): tf.Tensor4D {
  const begin: [number, number, number, number] = [0, 0, 0, 0];
  const size: [number, number, number, number] = [...x.shape];
  begin[axis] = start;
  size[axis] = count;
  return tf.reverse(tf.slice(x, begin, size), axis);
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

/** The first of tensors of one shape less all others. */
function subtractAll<T extends tf.Tensor>(tensors: readonly T[]): T {
  const [first, ...others] = tensors;
  return tf.tidy(() =>
    others.reduce((rest, other) => tf.sub(rest, other), tf.clone(first!)),
  );
}

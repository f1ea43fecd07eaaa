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
  const layer = new CeilMaxPooling2D({ name, poolSize: 3, strides: 2 });
  return layer.apply(x) as Tensor;
}

function nearest(x: Tensor, name: string): Tensor {
  return tf.layers.upSampling2d({ name, size: [2, 1] }).apply(x) as Tensor;
}

function ceilAvgPool(x: Tensor, name: string): Tensor {
  const layer = new CeilAveragePooling2D({ name, poolSize: [2, 1] });
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
  /** Placement of sample points; `halfPixel` by default. */
  grid?: "halfPixel" | "alignCorners" | "legacy";
}

/**
 * Enlarges images [n, h, w, c] by whole factors with bilinear interpolation.
 * `halfPixel` is the grid of Keras and of PyTorch with align_corners=False;
 * `legacy` is that of TensorFlow 1, the only one `tf.layers.upSampling2d` has.
 * The gradient is the layer's own: TensorFlow.js' is wrong for half-pixel grids.
 */
class BilinearUpsampling2D extends tf.layers.Layer {
  static className = "BilinearUpsampling2D";
  private readonly factors: [number, number];
  private readonly grid: "halfPixel" | "alignCorners" | "legacy";

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
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    return this.resize(image);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), size: this.factors, grid: this.grid };
  }

  private readonly resize = tf.customGrad((image) => {
    const [batch, height, width, channels] = (image as tf.Tensor4D).shape;
    const outHeight = height * this.factors[0];
    const outWidth = width * this.factors[1];
    const value = tf.image.resizeBilinear(
      image as tf.Tensor4D,
      [outHeight, outWidth],
      this.grid === "alignCorners",
      this.grid === "halfPixel",
    );
    // Resizing multiplies rows and columns by fixed matrices; its gradient by their transposes.
    const gradFunc = (dy: tf.Tensor) =>
      tf.tidy(() => {
        const byRow = dy.transpose([1, 0, 2, 3]).reshape([outHeight, -1]);
        const byColumn = tf
          .matMul(this.samplingMatrix(height, outHeight), byRow, true)
          .reshape([height, batch, outWidth, channels])
          .transpose([2, 1, 0, 3])
          .reshape([outWidth, -1]);
        return tf
          .matMul(this.samplingMatrix(width, outWidth), byColumn, true)
          .reshape([width, batch, height, channels])
          .transpose([1, 2, 0, 3]);
      });
    return { value, gradFunc };
  });

  /** [outSize, size]: row i holds the weights of the source pixels of output i. */
  private samplingMatrix(size: number, outSize: number): tf.Tensor2D {
    const weights = new Float32Array(outSize * size);
    for (let i = 0; i < outSize; i++) {
      const position = Math.min(
        this.sourcePosition(i, size, outSize),
        size - 1,
      );
      const below = Math.floor(position);
      const above = Math.min(below + 1, size - 1);
      weights[i * size + below]! += 1 - (position - below);
      weights[i * size + above]! += position - below;
    }
    return tf.tensor2d(weights, [outSize, size]);
  }

  private sourcePosition(index: number, size: number, outSize: number): number {
    switch (this.grid) {
      case "halfPixel":
        return Math.max(0, ((index + 0.5) * size) / outSize - 0.5);
      case "alignCorners":
        return outSize > 1 ? (index * (size - 1)) / (outSize - 1) : 0;
      case "legacy":
        return (index * size) / outSize;
    }
  }
}
tf.serialization.registerClass(BilinearUpsampling2D);

/** Configuration of `CeilAveragePooling2D`. */
interface CeilAveragePooling2DConfig {
  name?: string;
  /** Height and width of a window: one number, or a pair. */
  poolSize: number | [number, number];
  /** Steps between windows; `poolSize` by default. */
  strides?: number | [number, number];
}

/**
 * The mean over each window of images [n, h, w, c], where a last, partial window
 * counts too (PyTorch's ceil_mode); its mean is over the pixels that exist.
 * Windows start at the first pixel.
 */
class CeilAveragePooling2D extends tf.layers.Layer {
  static className = "CeilAveragePooling2D";
  private readonly poolSize: [number, number];
  private readonly strides: [number, number];

  constructor(config: CeilAveragePooling2DConfig) {
    super(config);
    const { poolSize, strides = poolSize } = config;
    this.poolSize =
      typeof poolSize === "number" ? [poolSize, poolSize] : poolSize;
    this.strides = typeof strides === "number" ? [strides, strides] : strides;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    return [
      batch,
      height === null ? null : this.windows(height, 0),
      width === null ? null : this.windows(width, 1),
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    const [, height, width] = image.shape;
    const edges: [number, number][] = [
      [0, 0],
      [0, this.overhang(height, 0)],
      [0, this.overhang(width, 1)],
      [0, 0],
    ];
    return tf.tidy(() => {
      const means = (padded: tf.Tensor4D) =>
        tf.avgPool(padded, this.poolSize, this.strides, "valid");
      const existing = tf.pad(
        tf.ones([1, height, width, 1]),
        edges,
      ) as tf.Tensor4D;
      return tf.div(means(tf.pad(image, edges)), means(existing));
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      poolSize: this.poolSize,
      strides: this.strides,
    };
  }

  /** Windows along one axis; the last may stick out if it starts inside. */
  private windows(size: number, axis: 0 | 1): number {
    const count =
      Math.ceil((size - this.poolSize[axis]) / this.strides[axis]) + 1;
    return (count - 1) * this.strides[axis] >= size ? count - 1 : count;
  }

  /** Pixels by which the last window sticks out. */
  private overhang(size: number, axis: 0 | 1): number {
    const reach =
      (this.windows(size, axis) - 1) * this.strides[axis] + this.poolSize[axis];
    return Math.max(reach - size, 0);
  }
}
tf.serialization.registerClass(CeilAveragePooling2D);

/** Configuration of `CeilMaxPooling2D`. */
interface CeilMaxPooling2DConfig {
  name?: string;
  /** Height and width of a window: one number, or a pair. */
  poolSize: number | [number, number];
  /** Steps between windows; `poolSize` by default. */
  strides?: number | [number, number];
}

/**
 * The largest value of each window of images [n, h, w, c], where a last, partial
 * window counts too (PyTorch's ceil_mode). Windows start at the first pixel;
 * TensorFlow's 'same' padding would centre them.
 */
class CeilMaxPooling2D extends tf.layers.Layer {
  static className = "CeilMaxPooling2D";
  private readonly poolSize: [number, number];
  private readonly strides: [number, number];

  constructor(config: CeilMaxPooling2DConfig) {
    super(config);
    const { poolSize, strides = poolSize } = config;
    this.poolSize =
      typeof poolSize === "number" ? [poolSize, poolSize] : poolSize;
    this.strides = typeof strides === "number" ? [strides, strides] : strides;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    return [
      batch,
      height === null ? null : this.windows(height, 0),
      width === null ? null : this.windows(width, 1),
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    const [, height, width] = image.shape;
    const edges: [number, number][] = [
      [0, 0],
      [0, this.overhang(height, 0)],
      [0, this.overhang(width, 1)],
      [0, 0],
    ];
    return tf.tidy(() => {
      const lowest = -3.4028234663852886e38;
      return tf.maxPool(
        tf.pad(image, edges, lowest),
        this.poolSize,
        this.strides,
        "valid",
      );
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return {
      ...super.getConfig(),
      poolSize: this.poolSize,
      strides: this.strides,
    };
  }

  /** Windows along one axis; the last may stick out if it starts inside. */
  private windows(size: number, axis: 0 | 1): number {
    const count =
      Math.ceil((size - this.poolSize[axis]) / this.strides[axis]) + 1;
    return (count - 1) * this.strides[axis] >= size ? count - 1 : count;
  }

  /** Pixels by which the last window sticks out. */
  private overhang(size: number, axis: 0 | 1): number {
    const reach =
      (this.windows(size, axis) - 1) * this.strides[axis] + this.poolSize[axis];
    return Math.max(reach - size, 0);
  }
}
tf.serialization.registerClass(CeilMaxPooling2D);

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
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    const [batch, height, width, channels] = image.shape;
    const [[top, bottom], [left, right]] = this.cropping;
    const size: [number, number, number, number] = [
      batch,
      height - top - bottom,
      width - left - right,
      channels,
    ];
    return tf.slice(image, [0, top, left, 0], size);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), cropping: this.cropping };
  }
}
tf.serialization.registerClass(CropEdges2D);

/** Configuration of `CropTo2D`. */
interface CropTo2DConfig {
  name?: string;
  /**
   * Rows cut at the top where d are cut in all: floor(d / 2), the default, or
   * d / 2 rounded half to even as torchvision's CenterCrop does.
   */
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
    const [batch, height, width, channels] = image.shape;
    const [, outHeight, outWidth] = target.shape;
    const top = this.halve(height - outHeight);
    const left = this.halve(width - outWidth);
    return tf.slice(
      image,
      [0, top, left, 0],
      [batch, outHeight, outWidth, channels],
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rounding: this.rounding };
  }

  private halve(size: number): number {
    const half = Math.floor(size / 2);
    const roundsUp =
      this.rounding === "halfEven" && size % 2 === 1 && half % 2 === 1;
    return roundsUp ? half + 1 : half;
  }
}
tf.serialization.registerClass(CropTo2D);

/** x relu6(x + 3) / 6 for every value (Howard et al. 2019, MobileNetV3). */
class HardSwish extends tf.layers.Layer {
  static className = "HardSwish";

  constructor(config: { name?: string } = {}) {
    super(config);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const x = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor;
    return tf.tidy(() => tf.mul(x, tf.div(tf.relu6(tf.add(x, 3)), 6)));
  }
}
tf.serialization.registerClass(HardSwish);

/**
 * Surrounds images [n, h, w, c] with zeros to the height and width of a second
 * input: of d missing rows floor(d / 2) go above, of columns alike to the left.
 */
class PadTo2D extends tf.layers.Layer {
  static className = "PadTo2D";

  constructor(config: { name?: string } = {}) {
    super(config);
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
    const missingRows = target.shape[1] - image.shape[1];
    const missingColumns = target.shape[2] - image.shape[2];
    const top = Math.floor(missingRows / 2);
    const left = Math.floor(missingColumns / 2);
    return tf.pad(image, [
      [0, 0],
      [top, missingRows - top],
      [left, missingColumns - left],
      [0, 0],
    ]);
  }
}
tf.serialization.registerClass(PadTo2D);

/** Configuration of `ReflectionPadding2D`. */
interface ReflectionPadding2DConfig {
  name?: string;
  /** [[top, bottom], [left, right]] in pixels, each less than the image's size. */
  padding: [[number, number], [number, number]];
}

/**
 * Surrounds images [n, h, w, c] with their own pixels, mirrored at the outermost
 * row or column, which is not repeated. Put together from slices, because the
 * gradient of `tf.mirrorPad` leaves out the mirrored pixels.
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
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    const [rows, columns] = this.padding;
    return tf.tidy(() =>
      this.reflect(this.reflect(image, 1, rows), 2, columns),
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), padding: this.padding };
  }

  private reflect(
    image: tf.Tensor4D,
    axis: 1 | 2,
    [before, after]: [number, number],
  ): tf.Tensor4D {
    const size = image.shape[axis];
    const parts = [image];
    if (before > 0) parts.unshift(this.mirrored(image, axis, 1, before));
    if (after > 0)
      parts.push(this.mirrored(image, axis, size - 1 - after, after));
    return parts.length === 1 ? image : tf.concat(parts, axis);
  }

  /** `count` rows or columns from `start` on, in reverse order. */
  private mirrored(
    image: tf.Tensor4D,
    axis: 1 | 2,
    start: number,
    count: number,
  ): tf.Tensor4D {
    const begin: [number, number, number, number] = [0, 0, 0, 0];
    const size: [number, number, number, number] = [...image.shape];
    begin[axis] = start;
    size[axis] = count;
    return tf.reverse(tf.slice(image, begin, size), axis);
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
  /** Placement of bilinear sample points; `halfPixel` by default. */
  grid?: "halfPixel" | "alignCorners" | "legacy";
}

/**
 * Resizes images [n, h, w, c] to the height and width of a second input.
 * `nearest` takes the source pixel floor(i * in / out), the other two the one
 * nearest by centres or with aligned corners. The gradient is the
 * layer's own: TensorFlow.js' is wrong for half-pixel grids.
 */
class ResizeTo2D extends tf.layers.Layer {
  static className = "ResizeTo2D";
  private readonly method: Method;
  private readonly grid: "halfPixel" | "alignCorners" | "legacy";

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
    return this.resize(image, target.shape[1], target.shape[2]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), method: this.method, grid: this.grid };
  }

  private resize(
    source: tf.Tensor4D,
    outHeight: number,
    outWidth: number,
  ): tf.Tensor {
    const [batch, height, width, channels] = source.shape;
    // Resizing multiplies rows and columns by fixed matrices; its gradient by their transposes.
    const gradFunc = (dy: tf.Tensor) =>
      tf.tidy(() => {
        const byRow = dy.transpose([1, 0, 2, 3]).reshape([outHeight, -1]);
        const byColumn = tf
          .matMul(this.samplingMatrix(height, outHeight), byRow, true)
          .reshape([height, batch, outWidth, channels])
          .transpose([2, 1, 0, 3])
          .reshape([outWidth, -1]);
        return tf
          .matMul(this.samplingMatrix(width, outWidth), byColumn, true)
          .reshape([width, batch, height, channels])
          .transpose([1, 2, 0, 3]);
      });
    const sample = tf.customGrad((image) => ({
      value: this.sample(image as tf.Tensor4D, outHeight, outWidth),
      gradFunc,
    }));
    return sample(source);
  }

  private sample(
    image: tf.Tensor4D,
    outHeight: number,
    outWidth: number,
  ): tf.Tensor4D {
    if (this.method === "bilinear") {
      const aligned = this.grid === "alignCorners";
      const halfPixel = this.grid === "halfPixel";
      return tf.image.resizeBilinear(
        image,
        [outHeight, outWidth],
        aligned,
        halfPixel,
      );
    }
    const rows = this.nearestPixels(image.shape[1], outHeight);
    const columns = this.nearestPixels(image.shape[2], outWidth);
    return tf.gather(tf.gather(image, rows, 1), columns, 2);
  }

  private nearestPixels(size: number, outSize: number): tf.Tensor1D {
    const pixels = Array.from({ length: outSize }, (_, i) =>
      this.nearestPixel(i, size, outSize),
    );
    return tf.tensor1d(pixels, "int32");
  }

  private nearestPixel(index: number, size: number, outSize: number): number {
    const last = outSize - 1;
    switch (this.method) {
      case "nearestHalfPixel":
        return Math.floor(((2 * index + 1) * size) / (2 * outSize));
      case "nearestAlignCorners":
        return last === 0
          ? 0
          : Math.floor((2 * index * (size - 1) + last) / (2 * last));
      default:
        return Math.floor((index * size) / outSize);
    }
  }

  /** [outSize, size]: row i holds the weights of the source pixels of output i. */
  private samplingMatrix(size: number, outSize: number): tf.Tensor2D {
    const weights = new Float32Array(outSize * size);
    for (let i = 0; i < outSize; i++) {
      const position = Math.min(
        this.sourcePosition(i, size, outSize),
        size - 1,
      );
      const below = Math.floor(position);
      const above = Math.min(below + 1, size - 1);
      weights[i * size + below]! += 1 - (position - below);
      weights[i * size + above]! += position - below;
    }
    return tf.tensor2d(weights, [outSize, size]);
  }

  private sourcePosition(index: number, size: number, outSize: number): number {
    if (this.method !== "bilinear")
      return this.nearestPixel(index, size, outSize);
    switch (this.grid) {
      case "halfPixel":
        return Math.max(0, ((index + 0.5) * size) / outSize - 0.5);
      case "alignCorners":
        return outSize > 1 ? (index * (size - 1)) / (outSize - 1) : 0;
      case "legacy":
        return (index * size) / outSize;
    }
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

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    return inputShape;
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: Record<string, unknown> = {},
  ): tf.Tensor {
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
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
    const [first, ...others] = [inputs].flat();
    return tf.tidy(() =>
      others.reduce((rest, other) => tf.sub(rest, other), tf.clone(first!)),
    );
  }
}
tf.serialization.registerClass(Subtract);

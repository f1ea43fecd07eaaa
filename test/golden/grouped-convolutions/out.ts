// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/**
 * Dilations and groups: an atrous pyramid after a grouped encoder.
 *
 * Takes images of 3 channels whose height and width are multiples of 2; "mask"
 * is as large and holds probabilities (sigmoid) in 1 channel. 7,381 parameters.
 *
 * Call checkGroupedConvolutionsSize before the model sees an image: at other
 * sizes its layers fail in words of TensorFlow.js.
 *
 * Fixed by its value here, for others may mean other layers or sizes, or fit no
 * network: cardinality = 4.
 */
export function buildGroupedConvolutions(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]

  let x = conv(image, "stem/conv1", 8, 3);
  const stem = relu(x, "stem"); // [H, W, 8]

  x = grouped(stem, "a/grouped1", 16, 4);
  const a = maxPool(x, "a"); // [H / 2, W / 2, 16]
  x = grouped(a, "b/grouped1", 16, 2);
  x = dilatedDepthwiseConv(x, "b/depthwise_conv1", 3, {
    useBias: true,
    dilationRate: 2,
    depthMultiplier: 2,
  });
  const b = relu(x, "b"); // [H / 2, W / 2, 32]
  const one = atrous(b, "one", 1, true); // [H / 2, W / 2, 4]
  const two = atrous(b, "two", 2); // [H / 2, W / 2, 4]
  const four = atrous(b, "four", 4); // [H / 2, W / 2, 4]
  const tall = groupedConv(b, "tall", 4, [3, 1], {
    useBias: true,
    kernelInitializer: "glorotUniform",
    dilationRate: [3, 1],
  }); // [H / 2, W / 2, 4]

  x = concat([one, two, four, tall], "all/concat1");
  x = conv(x, "all/conv1", 8, 1);
  const all = bilinear(x, "all"); // [H, W, 8]
  x = groupedConv(stem, "joined/conv1", 8, 3, {
    useBias: true,
    dilationRate: 2,
    strides: 2,
  });
  x = nearest(x, "joined/nearest1");
  const joined = concat([all, x], "joined"); // [H, W, 16]

  x = conv(joined, "mask/conv1", 1, 1);
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({
    name: "GroupedConvolutions",
    inputs: image,
    outputs: mask,
  });
}

/** Throws unless GroupedConvolutions can take images of this size. */
export function checkGroupedConvolutionsSize(
  height: number,
  width: number,
): void {
  for (const size of [height, width]) {
    if (size < 2 || size % 2 !== 0) {
      throw new RangeError(
        `GroupedConvolutions takes images whose height and width are multiples of 2; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How GroupedConvolutions sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 */
export const factsOfGroupedConvolutions = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function grouped(input: Tensor, name: string, c: number, g: number): Tensor {
  let y = groupedConv(input, `${name}/x/conv1`, c, 3, { groups: g });
  y = batchNorm(y, `${name}/x/batch_norm1`);
  const x = relu(y, `${name}/x`);
  y = dilatedDepthwiseConv(x, `${name}/depthwise_conv1`, [1, 3]);
  return conv(y, name, c, 1);
}

function atrous(
  input: Tensor,
  name: string,
  rate: number,
  hasConv = false,
): Tensor {
  let x = hasConv
    ? conv(input, `${name}/conv1`, 4, 3, { useBias: false })
    : groupedConv(input, `${name}/conv1`, 4, 3, { dilationRate: rate });
  x = batchNorm(x, `${name}/batch_norm1`);
  return relu(x, name);
}

function groupedConv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number | [number, number],
  options: {
    useBias?: boolean;
    groups?: number;
    kernelInitializer?: "heNormal" | "glorotNormal" | "glorotUniform";
    dilationRate?: number | [number, number];
    strides?: number;
  } = {},
): Tensor {
  const layer = new GroupedConv2D({
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

function dilatedDepthwiseConv(
  x: Tensor,
  name: string,
  kernelSize: number | [number, number],
  options: {
    useBias?: boolean;
    dilationRate?: number | [number, number];
    depthMultiplier?: number;
  } = {},
): Tensor {
  const layer = new DilatedDepthwiseConv2D({
    name,
    kernelSize,
    padding: "same",
    useBias: false,
    dilationRate: [1, 2],
    depthwiseInitializer: "heNormal",
    ...options,
  });
  return layer.apply(x) as Tensor;
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

function maxPool(x: Tensor, name: string): Tensor {
  return tf.layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as Tensor;
}

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function bilinear(x: Tensor, name: string): Tensor {
  return new BilinearUpsampling2D({ name, size: 2 }).apply(x) as Tensor;
}

function nearest(x: Tensor, name: string): Tensor {
  return tf.layers.upSampling2d({ name, size: [2, 2] }).apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
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

/** Configuration of `DilatedDepthwiseConv2D`. */
interface DilatedDepthwiseConv2DConfig {
  name?: string;
  /** Height and width: one number, or a pair; so are strides and dilation. */
  kernelSize: number | [number, number];
  strides?: number | [number, number];
  /** `same` puts the odd pixel below and right; `valid` by default. */
  padding?: "same" | "valid";
  /** Pixels between neighbouring taps of the kernel. */
  dilationRate?: number | [number, number];
  /** Output channels for each input channel; 1 by default. */
  depthMultiplier?: number;
  useBias?: boolean;
  /** `glorotNormal` by default. */
  depthwiseInitializer?:
    "glorotNormal" | "glorotUniform" | "heNormal" | "heUniform";
}

/**
 * Convolution of each channel of images [n, h, w, c] by kernels of its own, with
 * a dilation, which `tf.layers.depthwiseConv2d` cannot train. Weights: depthwise
 * kernel [kh, kw, c, multiplier], bias [c * multiplier].
 */
class DilatedDepthwiseConv2D extends tf.layers.Layer {
  static className = "DilatedDepthwiseConv2D";
  private readonly kernelSize: [number, number];
  private readonly options: ConvolutionOptions;
  private readonly multiplier: number;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(private readonly config: DilatedDepthwiseConv2DConfig) {
    super(config);
    const {
      kernelSize,
      strides = 1,
      padding = "valid",
      dilationRate = 1,
    } = config;
    this.kernelSize = pairOf(kernelSize);
    this.options = {
      strides: pairOf(strides),
      padding,
      dilation: pairOf(dilationRate),
    };
    this.multiplier = config.depthMultiplier ?? 1;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const { useBias = true, depthwiseInitializer = "glorotNormal" } =
      this.config;
    const shape = [...this.kernelSize, channels, this.multiplier];
    const initializer = tf.initializers[depthwiseInitializer]({});
    this.kernel = this.addWeight(
      "depthwise_kernel",
      shape,
      "float32",
      initializer,
    );
    if (useBias) {
      const size = channels * this.multiplier;
      this.bias = this.addWeight(
        "bias",
        [size],
        "float32",
        tf.initializers.zeros(),
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    const windows = convolutionWindows(this.kernelSize, this.options);
    return [
      batch,
      countWindows(height, 0, windows),
      countWindows(width, 1, windows),
      channels === null ? null : channels * this.multiplier,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return tf.tidy(() => {
      const kernel = this.kernel!.read() as tf.Tensor4D;
      const value = convolveDepthwise(image, kernel, this.options);
      return this.bias === undefined ? value : tf.add(value, this.bias.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(DilatedDepthwiseConv2D);

/** Configuration of `GroupedConv2D`. */
interface GroupedConv2DConfig {
  name?: string;
  filters: number;
  /** Height and width: one number, or a pair; so are strides and dilation. */
  kernelSize: number | [number, number];
  strides?: number | [number, number];
  /** `same` puts the odd pixel below and right; `valid` by default. */
  padding?: "same" | "valid";
  /** Pixels between neighbouring taps of the kernel. */
  dilationRate?: number | [number, number];
  /** Parts into which input and output channels are cut, each convolved by itself. */
  groups?: number;
  useBias?: boolean;
  /** `glorotNormal` by default. */
  kernelInitializer?:
    "glorotNormal" | "glorotUniform" | "heNormal" | "heUniform";
}

/**
 * Convolution of images [n, h, w, c] with groups and dilation, which
 * `tf.layers.conv2d` ignores and cannot train. Weights: kernel
 * [kh, kw, c / groups, filters], bias [filters].
 */
class GroupedConv2D extends tf.layers.Layer {
  static className = "GroupedConv2D";
  private readonly kernelSize: [number, number];
  private readonly options: ConvolutionOptions;
  private readonly groups: number;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(private readonly config: GroupedConv2DConfig) {
    super(config);
    const {
      kernelSize,
      strides = 1,
      padding = "valid",
      dilationRate = 1,
    } = config;
    this.kernelSize = pairOf(kernelSize);
    this.options = {
      strides: pairOf(strides),
      padding,
      dilation: pairOf(dilationRate),
    };
    this.groups = config.groups ?? 1;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const {
      filters,
      useBias = true,
      kernelInitializer = "glorotNormal",
    } = this.config;
    for (const parted of [channels, filters]) {
      if (parted > 0 && parted % this.groups === 0) continue;
      throw new RangeError(
        `${this.name} cannot cut ${parted} channels into ${this.groups} equal parts.`,
      );
    }
    const shape = [...this.kernelSize, channels / this.groups, filters];
    const initializer = tf.initializers[kernelInitializer]({});
    this.kernel = this.addWeight("kernel", shape, "float32", initializer);
    if (useBias)
      this.bias = this.addWeight(
        "bias",
        [filters],
        "float32",
        tf.initializers.zeros(),
      );
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null] = inputShape;
    const windows = convolutionWindows(this.kernelSize, this.options);
    return [
      batch,
      countWindows(height, 0, windows),
      countWindows(width, 1, windows),
      this.config.filters,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return tf.tidy(() => {
      const kernel = this.kernel!.read() as tf.Tensor4D;
      const value = convolveGroups(image, kernel, this.groups, (part, own) =>
        convolveDilated(part, own, this.options),
      );
      return this.bias === undefined ? value : tf.add(value, this.bias.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(GroupedConv2D);

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

/** How a convolution moves over an image. */
interface ConvolutionOptions extends Omit<Windows, "size" | "rounding"> {
  /** Pixels between neighbouring taps of the kernel. */
  readonly dilation: Pair;
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

/** Pixels before and after each axis: [[top, bottom], [left, right]]. */
type Edges = [Pair, Pair];

/** A number for both axes, or one for each, as a pair. */
function pairOf(value: number | Pair): Pair {
  return typeof value === "number" ? [value, value] : value;
}

/** The windows of a kernel of that size. */
function convolutionWindows(
  [height = 1, width = 1]: readonly number[],
  { strides, padding, dilation }: ConvolutionOptions,
): Windows {
  const size: Pair = [
    (height - 1) * dilation[0] + 1,
    (width - 1) * dilation[1] + 1,
  ];
  return { size, strides, padding };
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

/**
 * Convolution of each channel of x [n, h, w, c] with its own kernels
 * [kh, kw, c, multiplier], whose taps lie `dilation` pixels apart; a dilated one is done at
 * every pixel, and those that the strides meet are kept.
 */
function convolveDepthwise(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: ConvolutionOptions,
  kernelGradient = depthwiseKernelGradient,
): tf.Tensor4D {
  const { strides, dilation } = options;
  return tf.tidy(() => {
    const padded = padForWindows(x, convolutionWindows(kernel.shape, options));
    const isDense = dilation[0] === 1 && dilation[1] === 1;
    if (isDense) return tf.depthwiseConv2d(padded, kernel, strides, "valid");
    return keepStrides(
      convolveChannels(padded, kernel, dilation, kernelGradient),
      strides,
    );
  });
}

/** dKernel[i, j, c, m] = sum over n, y, x of x[n, y + i d, x + j d, c] dy[n, y, x, c m]. */
function depthwiseKernelGradient(
  x: tf.Tensor4D,
  dy: tf.Tensor4D,
  shape: [number, number, number, number],
  dilation: Pair,
): tf.Tensor {
  const [kernelHeight, kernelWidth, channels, multiplier] = shape;
  const [batch, height, width] = dy.shape;
  const gradients = tf.reshape(dy, [-1, channels, multiplier]);
  const taps: tf.Tensor[] = [];
  for (let i = 0; i < kernelHeight; i++) {
    for (let j = 0; j < kernelWidth; j++) {
      const start: [number, number, number, number] = [
        0,
        i * dilation[0],
        j * dilation[1],
        0,
      ];
      const seen = tf.slice(x, start, [batch, height, width, channels]);
      taps.push(
        tf.sum(tf.mul(tf.reshape(seen, [-1, channels, 1]), gradients), 0),
      );
    }
  }
  return tf.reshape(tf.stack(taps), shape);
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

/** Of a convolution at every pixel, the pixels that its strides meet. */
function keepStrides(dense: tf.Tensor4D, [down, across]: Pair): tf.Tensor4D {
  return down === 1 && across === 1
    ? dense
    : tf.avgPool(dense, 1, [down, across], "valid");
}

/** TensorFlow.js computes dilated convolutions but refuses their gradient. */
function convolveChannels(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  dilation: Pair,
  kernelGradient: typeof depthwiseKernelGradient,
): tf.Tensor4D {
  const convolve = (image: tf.Tensor4D, taps: tf.Tensor4D): tf.Tensor4D =>
    tf.depthwiseConv2d(image, taps, 1, "valid", "NHWC", dilation);
  const differentiable = tf.customGrad((image, taps, save) => {
    (save as tf.GradSaveFunc)([image as tf.Tensor, taps as tf.Tensor]);
    return {
      value: convolve(image as tf.Tensor4D, taps as tf.Tensor4D),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedImage, savedTaps] = saved as [tf.Tensor4D, tf.Tensor4D];
        const [kernelHeight, kernelWidth, channels, multiplier] =
          savedTaps.shape;
        // Each output channel goes back through its own kernel; those of one input channel add up.
        const turned = tf.reshape<tf.Rank.R4>(tf.reverse(savedTaps, [0, 1]), [
          kernelHeight,
          kernelWidth,
          channels * multiplier,
          1,
        ]);
        const back = convolve(
          surround(dy as tf.Tensor4D, savedTaps, dilation),
          turned,
        );
        const parts = [...back.shape.slice(0, 3), channels, multiplier];
        return [
          multiplier === 1 ? back : tf.sum(tf.reshape(back, parts), -1),
          kernelGradient(
            savedImage,
            dy as tf.Tensor4D,
            savedTaps.shape,
            dilation,
          ),
        ];
      },
    };
  });
  return differentiable(x, kernel) as tf.Tensor4D;
}

/** A gradient with zeros around it, as many as the kernel reaches beyond one pixel. */
function surround(
  dy: tf.Tensor4D,
  kernel: tf.Tensor4D,
  dilation: Pair,
): tf.Tensor4D {
  const rows = (kernel.shape[0] - 1) * dilation[0];
  const columns = (kernel.shape[1] - 1) * dilation[1];
  return padImage(dy, [
    [rows, rows],
    [columns, columns],
  ]);
}

/**
 * Convolves each group of channels of x [n, h, w, in] by itself with its part of the kernel
 * [kh, kw, in / groups, out], for TensorFlow.js ignores groups.
 */
function convolveGroups(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  groups: number,
  convolve: (x: tf.Tensor4D, kernel: tf.Tensor4D) => tf.Tensor4D,
): tf.Tensor4D {
  if (groups === 1) return convolve(x, kernel);
  return tf.tidy(() => {
    const kernels: tf.Tensor4D[] = tf.split(kernel, groups, 3);
    const parts: tf.Tensor4D[] = tf.split(x, groups, 3);
    const values = parts.map((part, index) => convolve(part, kernels[index]!));
    return tf.concat(values, 3);
  });
}

/**
 * Convolution of x [n, h, w, in] with kernel [kh, kw, in, out], whose taps lie `dilation`
 * pixels apart; a dilated one is done at every pixel, and those that the strides meet are kept.
 */
function convolveDilated(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  options: ConvolutionOptions,
): tf.Tensor4D {
  const { strides, dilation } = options;
  return tf.tidy(() => {
    const padded = padForWindows(x, convolutionWindows(kernel.shape, options));
    const isDense = dilation[0] === 1 && dilation[1] === 1;
    if (isDense) return tf.conv2d(padded, kernel, strides, "valid");
    return keepStrides(convolveEverywhere(padded, kernel, dilation), strides);
  });
}

/**
 * TensorFlow.js computes dilated convolutions but refuses their gradient. It is made of
 * convolutions: dx is dy, surrounded by zeros, convolved with the turned kernel and the same
 * dilation; dKernel[i, j, c, o] = sum over n, y, x of x[n, y + i d, x + j d, c] dy[n, y, x, o]
 * is a convolution whose images are the channels of x, whose kernel is dy and whose stride
 * is the dilation.
 */
function convolveEverywhere(
  x: tf.Tensor4D,
  kernel: tf.Tensor4D,
  dilation: Pair,
): tf.Tensor4D {
  const differentiable = tf.customGrad((image, taps, save) => {
    (save as tf.GradSaveFunc)([image as tf.Tensor, taps as tf.Tensor]);
    return {
      value: tf.conv2d(
        image as tf.Tensor4D,
        taps as tf.Tensor4D,
        1,
        "valid",
        "NHWC",
        dilation,
      ),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedImage, savedTaps] = saved as [tf.Tensor4D, tf.Tensor4D];
        const turned = tf.transpose(
          tf.reverse(savedTaps, [0, 1]),
          [0, 1, 3, 2],
        );
        const wide = surround(dy as tf.Tensor4D, savedTaps, dilation);
        const byChannel = tf.transpose(savedImage, [3, 1, 2, 0]);
        const asKernel = tf.transpose(dy as tf.Tensor4D, [1, 2, 0, 3]);
        return [
          tf.conv2d(wide, turned, 1, "valid", "NHWC", dilation),
          tf.transpose(
            tf.conv2d(byChannel, asKernel, dilation, "valid"),
            [1, 2, 0, 3],
          ),
        ];
      },
    };
  });
  return differentiable(x, kernel) as tf.Tensor4D;
}

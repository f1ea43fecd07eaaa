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
 * Fixed by its value here, for it decides which layers there are or their
 * sizes: cardinality = 4.
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
  const one = atrousRate1(b, "one"); // [H / 2, W / 2, 4]
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

/** Here rate = 1. */
function atrousRate1(input: Tensor, name: string): Tensor {
  let x = conv(input, `${name}/conv1`, 4, 3, { useBias: false });
  x = batchNorm(x, `${name}/batch_norm1`);
  return relu(x, name);
}

/** Like atrousRate1 of other steps. */
function atrous(input: Tensor, name: string, rate: number): Tensor {
  let x = groupedConv(input, `${name}/conv1`, 4, 3, { dilationRate: rate });
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
 * kernel [kh, kw, c, multiplier], bias [c * multiplier]. A dilated convolution is
 * a plain one over the pixels of each residue of the dilation, and trains as such.
 */
class DilatedDepthwiseConv2D extends tf.layers.Layer {
  static className = "DilatedDepthwiseConv2D";
  private readonly kernelSize: [number, number];
  private readonly strides: [number, number];
  private readonly dilation: [number, number];
  private readonly multiplier: number;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(private readonly config: DilatedDepthwiseConv2DConfig) {
    super(config);
    const {
      kernelSize,
      strides = 1,
      dilationRate = 1,
      depthMultiplier = 1,
    } = config;
    this.kernelSize =
      typeof kernelSize === "number" ? [kernelSize, kernelSize] : kernelSize;
    this.strides = typeof strides === "number" ? [strides, strides] : strides;
    this.dilation =
      typeof dilationRate === "number"
        ? [dilationRate, dilationRate]
        : dilationRate;
    this.multiplier = depthMultiplier;
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
    return [
      batch,
      this.outputSize(height, 0),
      this.outputSize(width, 1),
      channels === null ? null : channels * this.multiplier,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    return tf.tidy(() => {
      const value = this.convolve(image, this.kernel!.read() as tf.Tensor4D);
      return this.bias === undefined ? value : tf.add(value, this.bias.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }

  private convolve(image: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
    const [vertical, horizontal] = this.dilation;
    const [, height, width] = image.shape;
    const [top, bottom, down] = this.edges(height, 0);
    const [left, right, across] = this.edges(width, 1);
    if (vertical === 1 && horizontal === 1) {
      // Padded here: the WASM engine errs for 'same' where a stride exceeds the kernel.
      const padded = tf.pad(image, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]);
      return tf.depthwiseConv2d(
        padded as tf.Tensor4D,
        kernel,
        this.strides,
        "valid",
      );
    }
    const surrounded = [
      [top, bottom + down],
      [left, right + across],
    ];
    const phases = tf.spaceToBatchND(
      image,
      this.dilation,
      surrounded,
    ) as tf.Tensor4D;
    const values = tf.depthwiseConv2d(phases, kernel, 1, "valid");
    const dense = tf.batchToSpaceND(values, this.dilation, [
      [0, down],
      [0, across],
    ]);
    const [rows, columns] = this.strides;
    return rows === 1 && columns === 1
      ? (dense as tf.Tensor4D)
      : tf.avgPool(dense as tf.Tensor4D, 1, this.strides, "valid");
  }

  /** Zeros before and after an axis, and how many more make it a multiple of the dilation. */
  private edges(size: number, axis: 0 | 1): [number, number, number] {
    const total = this.padding(size, axis);
    const before = Math.floor(total / 2);
    const dilation = this.dilation[axis];
    return [
      before,
      total - before,
      (dilation - ((size + total) % dilation)) % dilation,
    ];
  }

  private padding(size: number, axis: 0 | 1): number {
    if (this.config.padding !== "same") return 0;
    const stride = this.strides[axis];
    return Math.max(
      (Math.ceil(size / stride) - 1) * stride + this.reach(axis) - size,
      0,
    );
  }

  /** Pixels from the first to the last tap of the kernel. */
  private reach(axis: 0 | 1): number {
    return (this.kernelSize[axis] - 1) * this.dilation[axis] + 1;
  }

  private outputSize(size: number | null, axis: 0 | 1): number | null {
    if (size === null) return null;
    const room = size + this.padding(size, axis) - this.reach(axis);
    return Math.floor(room / this.strides[axis]) + 1;
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
 * [kh, kw, c / groups, filters], bias [filters]. A dilated convolution is a plain
 * one over the pixels of each residue of the dilation, and trains as such.
 */
class GroupedConv2D extends tf.layers.Layer {
  static className = "GroupedConv2D";
  private readonly kernelSize: [number, number];
  private readonly strides: [number, number];
  private readonly dilation: [number, number];
  private readonly groups: number;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(private readonly config: GroupedConv2DConfig) {
    super(config);
    const { kernelSize, strides = 1, dilationRate = 1, groups = 1 } = config;
    this.kernelSize =
      typeof kernelSize === "number" ? [kernelSize, kernelSize] : kernelSize;
    this.strides = typeof strides === "number" ? [strides, strides] : strides;
    this.dilation =
      typeof dilationRate === "number"
        ? [dilationRate, dilationRate]
        : dilationRate;
    this.groups = groups;
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
    return [
      batch,
      this.outputSize(height, 0),
      this.outputSize(width, 1),
      this.config.filters,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    return tf.tidy(() => {
      const kernel = this.kernel!.read() as tf.Tensor4D;
      const kernels: tf.Tensor4D[] =
        this.groups === 1 ? [kernel] : tf.split(kernel, this.groups, 3);
      const parts: tf.Tensor4D[] =
        this.groups === 1 ? [image] : tf.split(image, this.groups, 3);
      const values = parts.map((part, index) =>
        this.convolve(part, kernels[index]!),
      );
      const value = values.length === 1 ? values[0]! : tf.concat(values, 3);
      return this.bias === undefined ? value : tf.add(value, this.bias.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }

  private convolve(image: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
    const [vertical, horizontal] = this.dilation;
    const [, height, width] = image.shape;
    const [top, bottom, down] = this.edges(height, 0);
    const [left, right, across] = this.edges(width, 1);
    if (vertical === 1 && horizontal === 1) {
      // Padded here: the WASM engine errs for 'same' where a stride exceeds the kernel.
      const padded = tf.pad(image, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]);
      return tf.conv2d(padded as tf.Tensor4D, kernel, this.strides, "valid");
    }
    const surrounded = [
      [top, bottom + down],
      [left, right + across],
    ];
    const phases = tf.spaceToBatchND(
      image,
      this.dilation,
      surrounded,
    ) as tf.Tensor4D;
    const dense = tf.batchToSpaceND(
      tf.conv2d(phases, kernel, 1, "valid"),
      this.dilation,
      [
        [0, down],
        [0, across],
      ],
    );
    const [rows, columns] = this.strides;
    return rows === 1 && columns === 1
      ? (dense as tf.Tensor4D)
      : tf.avgPool(dense as tf.Tensor4D, 1, this.strides, "valid");
  }

  /** Zeros before and after an axis, and how many more make it a multiple of the dilation. */
  private edges(size: number, axis: 0 | 1): [number, number, number] {
    const total = this.padding(size, axis);
    const before = Math.floor(total / 2);
    const dilation = this.dilation[axis];
    return [
      before,
      total - before,
      (dilation - ((size + total) % dilation)) % dilation,
    ];
  }

  private padding(size: number, axis: 0 | 1): number {
    if (this.config.padding !== "same") return 0;
    const stride = this.strides[axis];
    return Math.max(
      (Math.ceil(size / stride) - 1) * stride + this.reach(axis) - size,
      0,
    );
  }

  /** Pixels from the first to the last tap of the kernel. */
  private reach(axis: 0 | 1): number {
    return (this.kernelSize[axis] - 1) * this.dilation[axis] + 1;
  }

  private outputSize(size: number | null, axis: 0 | 1): number | null {
    if (size === null) return null;
    const room = size + this.padding(size, axis) - this.reach(axis);
    return Math.floor(room / this.strides[axis]) + 1;
  }
}
tf.serialization.registerClass(GroupedConv2D);

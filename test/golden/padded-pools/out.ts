// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/**
 * Pools whose windows lie beyond the image.
 *
 * Takes images of 3 channels, of any size; "mask" is as large and holds
 * probabilities (sigmoid) in 1 channel. 2,401 parameters.
 */
export function buildPaddedPools(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]

  let x = paddedConv(image, "stem/conv1", 8, 7);
  x = relu(x, "stem/relu1");
  const stem = paddedMaxPool(x, "stem"); // [ceil(H / 4), ceil(W / 4), 8]
  x = pooled(stem, "a/pooled1", 3);
  const a = pooled(x, "a", 5); // [ceil(H / 4), ceil(W / 4), 8]
  const b = paddedAvgPool(
    a,
    "b",
    [3, 2],
    [
      [1, 1],
      [1, 0],
    ],
  ); // [ceil(H / 4), ceil(W / 4), 8]
  x = paddedMaxPool(b, "c/max_pool1", { rounding: "ceil" });
  x = conv(x, "c/conv1", 4, 1);
  const c = resizeTo([x, b], "c"); // [ceil(H / 4), ceil(W / 4), 4]

  x = concat([b, c], "mask/concat1");
  x = conv(x, "mask/conv1", 1, 1);
  x = resizeTo([x, image], "mask/resize_to1");
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "PaddedPools", inputs: image, outputs: mask });
}

/**
 * How PaddedPools sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 */
export const factsOfPaddedPools = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function pooled(input: Tensor, name: string, size: number): Tensor {
  let x = paddedAvgPool(input, `${name}/avg_pool1`, size, "same");
  x = conv(x, `${name}/conv1`, 8, 3);
  return relu(x, name);
}

function paddedAvgPool(
  x: Tensor,
  name: string,
  poolSize: number | [number, number],
  padding: "same" | [[number, number], [number, number]],
): Tensor {
  const layer = new PaddedPooling2D({
    name,
    poolSize,
    padding,
    strides: 1,
    take: "mean",
  });
  return layer.apply(x) as Tensor;
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

function paddedConv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number,
): Tensor {
  const padded = tf.layers
    .zeroPadding2d({ name: `${name}.pad`, padding: 3 })
    .apply(x) as Tensor;
  const layer = tf.layers.conv2d({
    name,
    filters,
    kernelSize,
    strides: 2,
    kernelInitializer: "heNormal",
  });
  return layer.apply(padded) as Tensor;
}

function paddedMaxPool(
  x: Tensor,
  name: string,
  options: { rounding?: "ceil" } = {},
): Tensor {
  const layer = new PaddedPooling2D({
    name,
    poolSize: 3,
    padding: [
      [1, 1],
      [1, 1],
    ],
    strides: 2,
    take: "max",
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function resizeTo(x: Tensor[], name: string): Tensor {
  return new ResizeTo2D({ name }).apply(x) as Tensor;
}

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

/** Configuration of `PaddedPooling2D`. */
interface PaddedPooling2DConfig {
  name?: string;
  /** What is taken of each window. */
  take: "max" | "mean";
  /** Height and width of a window: one number, or a pair. */
  poolSize: number | [number, number];
  /** Steps between windows; `poolSize` by default. */
  strides?: number | [number, number];
  /** [[top, bottom], [left, right]] in pixels, or `same`: ceil(size / stride) windows. */
  padding: "same" | [[number, number], [number, number]];
  /** `ceil` keeps a last, partial window; `floor` by default. */
  rounding?: "floor" | "ceil";
}

/**
 * The largest or the mean value of each window of images [n, h, w, c], over the
 * pixels that exist: padding only places windows. TensorFlow.js' own pools have
 * wrong gradients for padded windows on some engines.
 */
class PaddedPooling2D extends tf.layers.Layer {
  static className = "PaddedPooling2D";
  private readonly poolSize: [number, number];
  private readonly strides: [number, number];

  constructor(private readonly config: PaddedPooling2DConfig) {
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
      this.edges(height, 0),
      this.edges(width, 1),
      [0, 0],
    ];
    return tf.tidy(() => {
      if (this.config.take === "max") {
        const lowest = -3.4028234663852886e38;
        return tf.maxPool(
          tf.pad(image, edges, lowest),
          this.poolSize,
          this.strides,
          "valid",
        );
      }
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
    return { ...this.config, ...super.getConfig() };
  }

  /** Pixels added before and after an axis, the reach of a last, partial window among them. */
  private edges(size: number, axis: 0 | 1): [number, number] {
    const [before, after] = this.padding(size, axis);
    const reach =
      (this.windows(size, axis) - 1) * this.strides[axis] + this.poolSize[axis];
    return [before, Math.max(after, reach - size - before)];
  }

  private padding(size: number, axis: 0 | 1): [number, number] {
    const { padding } = this.config;
    if (padding !== "same") return padding[axis];
    const stride = this.strides[axis];
    const reach = (Math.ceil(size / stride) - 1) * stride + this.poolSize[axis];
    const total = Math.max(reach - size, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }

  /** Windows along one axis; a last, partial one begins inside. */
  private windows(size: number, axis: 0 | 1): number {
    const [before, after] = this.padding(size, axis);
    const steps =
      (size + before + after - this.poolSize[axis]) / this.strides[axis];
    if (this.config.rounding !== "ceil") return Math.floor(steps) + 1;
    return Math.min(
      Math.ceil(steps) + 1,
      Math.ceil((size + before) / this.strides[axis]),
    );
  }
}
tf.serialization.registerClass(PaddedPooling2D);

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

// Made by unetc from unet-plus-plus.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildUNetPlusPlus. */
export interface UNetPlusPlusOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * U-Net++ (Zhou et al. 2018): nested dense skips, and a head on the full-size
 * node of every column. Maps come up to sizes fixed with the network, so any
 * rows and columns from 16 on will do, but only those.
 *
 * Takes images of 512 x 512 pixels and 3 channels; "mask_x1_1", "mask_x1_2",
 * "mask_x1_3" and "mask" are [512, 512, 1] and hold logits in 1 channel.
 * 36,644,420 parameters.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by their values here, for they decide which
 * layers there are or their sizes: rows = 512, columns = 512.
 */
export function buildUNetPlusPlus({
  classes = 1,
  base = 64,
  channels = 3,
}: UNetPlusPlusOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 4096 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [512, 512, channels] }); // [512, 512, 3]
  const e1 = doubleConv(image, "e1", base); // [512, 512, 64]

  let x = maxPool(e1, "e2/max_pool1");
  const e2 = doubleConv(x, "e2", base * 2); // [256, 256, 128]

  x = maxPool(e2, "e3/max_pool1");
  const e3 = doubleConv(x, "e3", base * 4); // [128, 128, 256]

  x = maxPool(e3, "e4/max_pool1");
  const e4 = doubleConv(x, "e4", base * 8); // [64, 64, 512]

  x = maxPool(e4, "e5/max_pool1");
  const e5 = doubleConv(x, "e5", base * 16); // [32, 32, 1024]

  x = resizeTo([e2, e1], "x1_1/resize_to1");
  x = concat([e1, x], "x1_1/concat1");
  const x1_1 = doubleConv(x, "x1_1", base); // [512, 512, 64]

  x = resizeTo([e3, e2], "x2_1/resize_to1");
  x = concat([e2, x], "x2_1/concat1");
  const x2_1 = doubleConv(x, "x2_1", base * 2); // [256, 256, 128]

  x = resizeTo([e4, e3], "x3_1/resize_to1");
  x = concat([e3, x], "x3_1/concat1");
  const x3_1 = doubleConv(x, "x3_1", base * 4); // [128, 128, 256]

  x = resizeTo([e5, e4], "x4_1/resize_to1");
  x = concat([e4, x], "x4_1/concat1");
  const x4_1 = doubleConv(x, "x4_1", base * 8); // [64, 64, 512]

  x = resizeTo([x2_1, e1], "x1_2/resize_to1");
  x = concat([e1, x1_1, x], "x1_2/concat1");
  const x1_2 = doubleConv(x, "x1_2", base); // [512, 512, 64]

  x = resizeTo([x3_1, e2], "x2_2/resize_to1");
  x = concat([e2, x2_1, x], "x2_2/concat1");
  const x2_2 = doubleConv(x, "x2_2", base * 2); // [256, 256, 128]

  x = resizeTo([x4_1, e3], "x3_2/resize_to1");
  x = concat([e3, x3_1, x], "x3_2/concat1");
  const x3_2 = doubleConv(x, "x3_2", base * 4); // [128, 128, 256]

  x = resizeTo([x2_2, e1], "x1_3/resize_to1");
  x = concat([e1, x1_1, x1_2, x], "x1_3/concat1");
  const x1_3 = doubleConv(x, "x1_3", base); // [512, 512, 64]

  x = resizeTo([x3_2, e2], "x2_3/resize_to1");
  x = concat([e2, x2_1, x2_2, x], "x2_3/concat1");
  const x2_3 = doubleConv(x, "x2_3", base * 2); // [256, 256, 128]

  x = resizeTo([x2_3, e1], "x1_4/resize_to1");
  x = concat([e1, x1_1, x1_2, x1_3, x], "x1_4/concat1");
  const x1_4 = doubleConv(x, "x1_4", base); // [512, 512, 64]

  const mask_x1_1 = conv(x1_1, "mask_x1_1", classes, 1); // [512, 512, 1]
  const mask_x1_2 = conv(x1_2, "mask_x1_2", classes, 1); // [512, 512, 1]
  const mask_x1_3 = conv(x1_3, "mask_x1_3", classes, 1); // [512, 512, 1]
  const mask = conv(x1_4, "mask", classes, 1); // [512, 512, 1]

  return tf.model({
    name: "UNetPlusPlus",
    inputs: image,
    outputs: [mask_x1_1, mask_x1_2, mask_x1_3, mask],
  });
}

/**
 * How UNetPlusPlus sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfUNetPlusPlus = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
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
      prediction: "main",
    },
  ],
} as const;

function doubleConv(input: Tensor, name: string, c: number): Tensor {
  let x = conv(input, `${name}/conv1`, c, 3);
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

function resizeTo(x: Tensor[], name: string): Tensor {
  return new ResizeTo2D({ name, grid: "alignCorners" }).apply(x) as Tensor;
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
    `${name} is a ${kind}${words.join("")}, found ${value}.`,
  );
}

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

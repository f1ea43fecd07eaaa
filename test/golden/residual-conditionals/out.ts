// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildResidualUNet. */
export interface ResidualUNetOptions {
  classes?: number;
}

/**
 * Residual stages whose first step strides and projects its shortcut.
 *
 * Takes images of 3 channels whose height and width are multiples of 4; "mask"
 * is as large and holds logits in 3 channels. 74,747 parameters.
 *
 * Call checkResidualUNetSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by its value here, for it decides which
 * layers there are or their sizes: base = 8.
 */
export function buildResidualUNet({
  classes = 3,
}: ResidualUNetOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]

  let x = conv(image, "stem/conv1", 8, 3, { useBias: true });
  x = batchNorm(x, "stem/batch_norm1");
  const stem = relu(x, "stem"); // [H, W, 8]
  const s1 = residual(stem, "s1", 8); // [H, W, 8]

  x = residualWithShortcut(s1, "s2/residual1", 16, 2);
  const s2 = residual(x, "s2", 16); // [H / 2, W / 2, 16]

  x = residualWithShortcut(s2, "s3/residual1", 32, 2);
  const s3 = residual(x, "s3", 32, 2); // [H / 4, W / 4, 32]

  const u2 = bilinear(s3, "u2"); // [H / 2, W / 2, 32]
  x = concat([s2, u2], "d2/concat1");
  const d2 = residualWithShortcut(x, "d2", 16); // [H / 2, W / 2, 16]

  const u1 = bilinear(d2, "u1"); // [H, W, 16]
  x = concat([s1, u1], "d1/concat1");
  const d1 = residualWithShortcut(x, "d1", 8); // [H, W, 8]

  const mask = conv(d1, "mask", classes, 1, { useBias: true }); // [H, W, 3]

  return tf.model({ name: "ResidualUNet", inputs: image, outputs: mask });
}

/** Throws unless ResidualUNet can take images of this size. */
export function checkResidualUNetSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 4 || size % 4 !== 0) {
      throw new RangeError(
        `ResidualUNet takes images whose height and width are multiples of 4; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How ResidualUNet sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfResidualUNet = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 3, values: "logits", activation: "softmax" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

/**
 * Two convolutions and a shortcut, which is projected where shapes differ.
 *
 * Here without shortcut.
 */
function residual(input: Tensor, name: string, c: number, expand = 1): Tensor {
  let x = conv(input, `${name}/h/conv1`, c * expand, 3);
  x = batchNorm(x, `${name}/h/batch_norm1`);
  const h = relu(x, `${name}/h`);
  x = conv(h, `${name}/h_2/conv1`, c, 3);
  const h_2 = batchNorm(x, `${name}/h_2`);
  x = add([input, h_2], `${name}/add1`);
  return relu(x, name);
}

/** Like residual, here expand = 1, with shortcut. */
function residualWithShortcut(
  input: Tensor,
  name: string,
  c: number,
  stride = 1,
): Tensor {
  let x = conv(input, `${name}/h/conv1`, c, 3, { strides: stride });
  x = batchNorm(x, `${name}/h/batch_norm1`);
  const h = relu(x, `${name}/h`);
  x = conv(h, `${name}/h_2/conv1`, c, 3);
  const h_2 = batchNorm(x, `${name}/h_2`);
  x = conv(input, `${name}/shortcut/conv1`, c, 1, { strides: stride });
  const shortcut = batchNorm(x, `${name}/shortcut`);
  x = add([shortcut, h_2], `${name}/add1`);
  return relu(x, name);
}

function conv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number,
  options: { useBias?: boolean; strides?: number } = {},
): Tensor {
  const layer = tf.layers.conv2d({
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

function add(x: Tensor[], name: string): Tensor {
  return tf.layers.add({ name }).apply(x) as Tensor;
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
    `${name} is a ${kind}${words.join("")}, found ${value}.`,
  );
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

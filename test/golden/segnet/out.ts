// Made by unetc from segnet.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildSegNet. */
export interface SegNetOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * SegNet (Badrinarayanan et al. 2017): the thirteen convolutions of VGG-16
 * down, as many up. No map is carried across: the decoder puts values where the
 * pools found their maxima.
 *
 * Takes images of 3 channels whose height and width are at least 32; "mask" is
 * as large and holds logits in 12 channels. 29,465,804 parameters.
 *
 * Call checkSegNetSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildSegNet({
  classes = 12,
  base = 64,
  channels = 3,
}: SegNetOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 8192 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]

  let x = unit(image, "e1/unit1", base);
  const e1 = unit(x, "e1", base); // [H, W, 64]

  x = maxPool(e1, "e2/max_pool1");
  x = unit(x, "e2/unit1", base * 2);
  const e2 = unit(x, "e2", base * 2); // [floor(H / 2), floor(W / 2), 128]

  x = maxPool(e2, "e3/max_pool1");
  x = unit(x, "e3/unit1", base * 4);
  x = unit(x, "e3/unit2", base * 4);
  const e3 = unit(x, "e3", base * 4); // [floor(H / 4), floor(W / 4), 256]

  x = maxPool(e3, "e4/max_pool1");
  x = unit(x, "e4/unit1", base * 8);
  x = unit(x, "e4/unit2", base * 8);
  const e4 = unit(x, "e4", base * 8); // [floor(H / 8), floor(W / 8), 512]

  x = maxPool(e4, "e5/max_pool1");
  x = unit(x, "e5/unit1", base * 8);
  x = unit(x, "e5/unit2", base * 8);
  const e5 = unit(x, "e5", base * 8); // [floor(H / 16), floor(W / 16), 512]

  x = maxPool(e5, "e6/max_pool1");

  const u5 = maxUnpool([x, e5], "u5"); // [floor(H / 16), floor(W / 16), 512]
  x = unit(u5, "d5/unit1", base * 8);
  x = unit(x, "d5/unit2", base * 8);
  const d5 = unit(x, "d5", base * 8); // [floor(H / 16), floor(W / 16), 512]

  const u4 = maxUnpool([d5, e4], "u4"); // [floor(H / 8), floor(W / 8), 512]
  x = unit(u4, "d4/unit1", base * 8);
  x = unit(x, "d4/unit2", base * 8);
  const d4 = unit(x, "d4", base * 4); // [floor(H / 8), floor(W / 8), 256]

  const u3 = maxUnpool([d4, e3], "u3"); // [floor(H / 4), floor(W / 4), 256]
  x = unit(u3, "d3/unit1", base * 4);
  x = unit(x, "d3/unit2", base * 4);
  const d3 = unit(x, "d3", base * 2); // [floor(H / 4), floor(W / 4), 128]

  const u2 = maxUnpool([d3, e2], "u2"); // [floor(H / 2), floor(W / 2), 128]
  x = unit(u2, "d2/unit1", base * 2);
  const d2 = unit(x, "d2", base); // [floor(H / 2), floor(W / 2), 64]

  const u1 = maxUnpool([d2, e1], "u1"); // [H, W, 64]
  const d1 = unit(u1, "d1", base); // [H, W, 64]

  const mask = conv(d1, "mask", classes, 3); // [H, W, 12]

  return tf.model({ name: "SegNet", inputs: image, outputs: mask });
}

/** Throws unless SegNet can take images of this size. */
export function checkSegNetSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 32) {
      throw new RangeError(
        `SegNet takes images whose height and width are at least 32; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How SegNet sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfSegNet = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 12, values: "logits", activation: "softmax" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function unit(input: Tensor, name: string, c: number): Tensor {
  let x = conv(input, `${name}/conv1`, c, 3);
  x = batchNorm(x, `${name}/batch_norm1`);
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

function maxUnpool(x: Tensor[], name: string): Tensor {
  return new MaxUnpooling2D({ name, poolSize: 2 }).apply(x) as Tensor;
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

/** Configuration of `MaxUnpooling2D`: that of the max pooling that it undoes. */
interface MaxUnpooling2DConfig {
  name?: string;
  /** Height and width of a window: one number, or a pair. */
  poolSize: number | [number, number];
  /** Steps between windows, not below `poolSize`, which is the default. */
  strides?: number | [number, number];
  /** [[top, bottom], [left, right]] in pixels; `same`: ceil(size / stride) windows; none by default. */
  padding?: "same" | [[number, number], [number, number]];
  /** `ceil` keeps a last, partial window; `floor` by default. */
  rounding?: "floor" | "ceil";
}

/**
 * Puts the values of images [n, h, w, c] where a second input has the largest value of each
 * window of a max pooling, and zeros elsewhere; the output is as large as the second input.
 */
class MaxUnpooling2D extends tf.layers.Layer {
  static className = "MaxUnpooling2D";
  private readonly windows: Windows;

  constructor(private readonly config: MaxUnpooling2DConfig) {
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

  override computeOutputShape(inputShapes: tf.Shape[]): tf.Shape {
    const [image = [], pooled = []] = inputShapes;
    return [
      image[0] ?? null,
      pooled[1] ?? null,
      pooled[2] ?? null,
      image[3] ?? null,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image, pooled] = inputs as [tf.Tensor4D, tf.Tensor4D];
    return unpoolMax(image, pooled, this.windows);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(MaxUnpooling2D);

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

/** Two numbers, [vertical, horizontal]. */
type Pair = [number, number];

/** Pixels before and after each axis: [[top, bottom], [left, right]]. */
type Edges = [Pair, Pair];

/** A number for both axes, or one for each, as a pair. */
function pairOf(value: number | Pair): Pair {
  return typeof value === "number" ? [value, value] : value;
}

/**
 * Puts each value of x [n, oh, ow, c] where `image` [n, h, w, c] has the largest value of its
 * window, the first of equals, and zeros elsewhere: [n, h, w, c]. The windows are those of a max
 * pooling of the image that makes maps as large as x; they share no pixel. The gradient of x
 * is dy at these places; none flows to the image, as none flows through places.
 */
function unpoolMax(
  x: tf.Tensor4D,
  image: tf.Tensor4D,
  windows: Windows,
  spread: SpreadValues = spreadBlocks,
): tf.Tensor4D {
  const { size, strides } = windows;
  const { shape } = x;
  const lowest = -3.4028234663852886e38;
  const spreadOver = (values: tf.Tensor4D, read: tf.Tensor4D): tf.Tensor4D => {
    const whole = spread(values, padForWindows(read, windows, lowest), windows);
    return cropWindows(whole, read.shape, windows);
  };
  const unpool = tf.customGrad((values, read, save) => {
    (save as tf.GradSaveFunc)([read as tf.Tensor]);
    return {
      value: spreadOver(values as tf.Tensor4D, read as tf.Tensor4D),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const [savedImage] = saved as [tf.Tensor4D];
        const places = spreadOver(tf.ones(shape), savedImage);
        const taken = padForWindows(tf.mul(dy, places), windows);
        const means = tf.avgPool(taken, size, strides, "valid");
        return [tf.mul(means, size[0] * size[1]), tf.zerosLike(savedImage)];
      },
    };
  });
  return tf.tidy(() => unpool(x, image) as tf.Tensor4D);
}

/**
 * Puts values [n, oh, ow, c] where an image [n, h, w, c] has the largest value of each of the
 * oh x ow windows that lie on it, the first of equals, and zeros elsewhere: [n, h, w, c].
 */
type SpreadValues = (
  values: tf.Tensor4D,
  image: tf.Tensor4D,
  windows: Pick<Windows, "size" | "strides">,
) => tf.Tensor4D;

/**
 * Windows that share no pixel are blocks of an image. TensorFlow.js' kernel for the gradient of
 * max pooling would do the same, but puts some values elsewhere on its WebAssembly engine.
 */
function spreadBlocks(
  values: tf.Tensor4D,
  image: tf.Tensor4D,
  {
    size: [tall, wide],
    strides: [down, across],
  }: Pick<Windows, "size" | "strides">,
): tf.Tensor4D {
  const [batch, rows, columns, channels] = values.shape;
  const fitted = fitImage(image, rows * down, columns * across);
  const seen = cutSecond(
    tf.reshape(cutSecond(tf.reshape(fitted, [batch * rows, down, -1]), tall), [
      -1,
      across,
      channels,
    ]),
    wide,
  );
  const blocks = tf.transpose(
    tf.reshape(seen, [batch, rows, tall, columns, wide, channels]),
    [...[0, 1, 3, 5, 2, 4]],
  );
  const places = tf.argMax(tf.reshape(blocks, [-1, tall * wide]), 1);
  // Marks made as numbers with a fraction are all 0 on the WebAssembly engine.
  const marks = tf.cast(tf.oneHot(places, tall * wide), "float32");
  const spread = tf.mul(marks, tf.reshape(values, [-1, 1]));
  const back = tf.transpose(
    tf.reshape(spread, [batch, rows, columns, channels, tall, wide]),
    [...[0, 1, 4, 2, 5, 3]],
  );
  const broad = growSecond(tf.reshape(back, [-1, wide, channels]), across);
  const whole = growSecond(tf.reshape(broad, [batch * rows, tall, -1]), down);
  const laid: tf.Tensor4D = tf.reshape(whole, [
    batch,
    rows * down,
    columns * across,
    channels,
  ]);
  return fitImage(laid, image.shape[1], image.shape[2]);
}

/** An image [n, h, w, c] cut off, or with zeros, below and right. */
function fitImage(x: tf.Tensor4D, height: number, width: number): tf.Tensor4D {
  const [batch, tall, wide, channels] = x.shape;
  const kept: [number, number] = [
    Math.min(tall, height),
    Math.min(wide, width),
  ];
  const isWhole = kept[0] === tall && kept[1] === wide;
  const cut: tf.Tensor4D = isWhole
    ? x
    : tf.slice(x, [0, 0, 0, 0], [batch, ...kept, channels]);
  const [below, right] = [height - kept[0], width - kept[1]];
  return below === 0 && right === 0
    ? cut
    : padImage(cut, [
        [0, below],
        [0, right],
      ]);
}

/** Adds edges of one value around x [n, h, w, c]. */
function padImage(
  x: tf.Tensor4D,
  [rows, columns]: Edges,
  value = 0,
): tf.Tensor4D {
  return tf.pad(x, [[0, 0], rows, columns, [0, 0]], value);
}

/** The first `count` of the second axis of [a, b, c]. */
function cutSecond(x: tf.Tensor, count: number): tf.Tensor {
  return x.shape[1] === count ? x : tf.slice(x, [0, 0, 0], [-1, count, -1]);
}

/** [a, b, c] with zeros behind until the second axis has `count`. */
function growSecond(x: tf.Tensor, count: number): tf.Tensor {
  const missing = count - x.shape[1]!;
  if (missing === 0) return x;
  return tf.pad(x, [
    [0, 0],
    [0, missing],
    [0, 0],
  ]);
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

/** The part of a padded image that lies over an image of `shape`: the inverse of `padForWindows`. */
function cropWindows(
  padded: tf.Tensor4D,
  shape: tf.Tensor4D["shape"],
  windows: Windows,
): tf.Tensor4D {
  const [top] = windowEdges(shape[1], 0, windows);
  const [left] = windowEdges(shape[2], 1, windows);
  return tf.slice(padded, [0, top, left, 0], shape);
}

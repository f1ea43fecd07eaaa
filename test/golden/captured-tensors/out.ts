// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/**
 * Blocks that read tensors in every way there is.
 *
 * Takes images of 3 channels whose height and width are at least 4. "mask" is
 * as large and holds probabilities (sigmoid) in 1 channel. "copy" is as large
 * and holds logits in 4 channels. 1,185 parameters.
 *
 * Call checkCapturedSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Fixed by its value here, for others may mean other layers or sizes, or fit no
 * network: base = 4.
 */
export function buildCaptured(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]

  let x = conv(image, "e1/conv1", 4, 3);
  const e1 = double(x, "e1", 4); // [H, W, 4]
  x = maxPool(e1, "e2/max_pool1");
  const e2 = around(x, e1, "e2", 3, true); // [H, W, 4]
  const e3 = outer(e2, e1, "e3"); // [H, W, 4]
  const e5 = pick(e3, e1, "e5"); // [H, W, 4]
  const e6 = pair(e5, "e6", e3); // [H, W, 4]
  const e7 = pair(e6, "e7"); // [H, W, 4]
  x = ignore(e7, "e8/ignore1");
  const e8Maybe = maybe(x, "e8/maybe1");
  const e9Conv = conv(e8Maybe, "e9/conv1", 4, 1);
  x = conv(e8Maybe, "e9/conv2", 4, 3);
  const e9Relu = relu(x, "e9/relu1");
  const e9 = add([e9Conv, e9Relu, e8Maybe], "e9"); // [H, W, 4]

  x = conv(e9, "mask/conv1", 1, 1);
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "Captured", inputs: image, outputs: [mask, e9] });
}

/** Throws unless Captured can take images of this size. */
export function checkCapturedSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 4) {
      throw new RangeError(
        `Captured takes images whose height and width are at least 4; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How Captured sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 */
export const factsOfCaptured = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
    { name: "copy", channels: 4, values: "logits", activation: "sigmoid" },
  ],
  heads: [
    { name: "mask", outputs: ["mask"], prediction: "main" },
    { name: "copy", outputs: ["copy"], prediction: "main" },
  ],
} as const;

function double(input: Tensor, name: string, c: number): Tensor {
  let x = conv(input, `${name}/conv2`, c, 3);
  x = relu(x, `${name}/relu1`);
  x = conv(x, `${name}/conv3`, c, 3);
  return relu(x, name);
}

function around(
  input: Tensor,
  other: Tensor,
  name: string,
  kernel: number,
  hasMaxPool = false,
): Tensor {
  let x = relu(input, `${name}/relu1`);
  x = conv(x, `${name}/conv1`, 4, kernel);
  x = hasMaxPool ? maxPool(x, `${name}/max_pool2`) : relu(x, `${name}/relu2`);
  return resizeTo([x, other], name);
}

function outer(input: Tensor, other: Tensor, name: string): Tensor {
  const h = around(input, other, `${name}/h`, 1);
  return add([h, input], name);
}

function pick(input1: Tensor, input2: Tensor, name: string): Tensor {
  const all = concat([input1, input2], `${name}/all`);
  const x = conv(all, `${name}/conv1`, 4, 1);
  return add([x, input2], name);
}

function pair(input: Tensor, name: string, right?: Tensor): Tensor {
  const concat1Again = passThrough(input, `${name}/concat1.again1`);
  const concat1Again2 = right ?? passThrough(input, `${name}/concat1.again2`);
  const x = concat([input, concat1Again, concat1Again2], `${name}/concat1`);
  return conv(x, name, 4, 1);
}

function ignore(input: Tensor, name: string): Tensor {
  return conv(input, name, 4, 3);
}

/** Here really = true. */
function maybe(input: Tensor, name: string): Tensor {
  const x = relu(input, `${name}/relu1`);
  return conv(x, name, 4, 3);
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

function maxPool(x: Tensor, name: string): Tensor {
  return tf.layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as Tensor;
}

function resizeTo(x: Tensor[], name: string): Tensor {
  return new ResizeTo2D({ name }).apply(x) as Tensor;
}

function add(x: Tensor[], name: string): Tensor {
  return tf.layers.add({ name }).apply(x) as Tensor;
}

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function passThrough(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "linear" });
  return layer.apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

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

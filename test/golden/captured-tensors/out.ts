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
 * Fixed by its value here, for it decides which layers there are or their
 * sizes: base = 4.
 */
export function buildCaptured(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]

  let x = conv(image, "e1/conv1", 4, 3);
  const e1 = double(x, "e1", 4); // [H, W, 4]
  x = maxPool(e1, "e2/max_pool1");
  const e2 = aroundWithMaxPool(x, e1, "e2"); // [H, W, 4]
  const e3 = outer(e2, e1, "e3"); // [H, W, 4]
  const e5 = pick(e3, e1, "e5"); // [H, W, 4]
  const e6 = pair(e5, e3, "e6"); // [H, W, 4]
  const e7 = pair2(e6, "e7"); // [H, W, 4]
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

function aroundWithMaxPool(input: Tensor, other: Tensor, name: string): Tensor {
  let x = relu(input, `${name}/relu1`);
  x = conv(x, `${name}/conv1`, 4, 3);
  x = maxPool(x, `${name}/max_pool2`);
  return resizeTo([x, other], name);
}

/** Like aroundWithMaxPool, here without max_pool. */
function around(input: Tensor, other: Tensor, name: string): Tensor {
  let x = relu(input, `${name}/relu1`);
  x = conv(x, `${name}/conv1`, 4, 1);
  x = relu(x, `${name}/relu2`);
  return resizeTo([x, other], name);
}

function outer(input: Tensor, other: Tensor, name: string): Tensor {
  const h = around(input, other, `${name}/h`);
  return add([h, input], name);
}

function pick(input1: Tensor, input2: Tensor, name: string): Tensor {
  const all = concat([input1, input2], `${name}/all`);
  const x = conv(all, `${name}/conv1`, 4, 1);
  return add([x, input2], name);
}

function pair(input: Tensor, right: Tensor, name: string): Tensor {
  let x = passThrough(input, `${name}/concat1.again1`);
  x = concat([input, x, right], `${name}/concat1`);
  return conv(x, name, 4, 1);
}

/** Like pair of other steps. */
function pair2(input: Tensor, name: string): Tensor {
  const concat1Again = passThrough(input, `${name}/concat1.again1`);
  const concat1Again2 = passThrough(input, `${name}/concat1.again2`);
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

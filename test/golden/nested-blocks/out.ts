// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/**
 * Blocks in blocks: arguments, defaults and stages go through.
 *
 * Takes images of 3 channels whose height and width are multiples of 4; "mask"
 * is as large and holds probabilities (sigmoid) in 1 channel. 4,677 parameters.
 *
 * Call checkNestedSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Fixed by its value here, for others may mean other layers or sizes, or fit no
 * network: base = 4.
 */
export function buildNested(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]
  const e1Twice = twice(image, "e1/twice1", 4);

  let x = maxPool(e1Twice, "e2/max_pool1");
  const e2 = twice(x, "e2", 8); // [H / 2, W / 2, 8]

  x = maxPool(e2, "e3/max_pool1");
  const e3 = aroundRate05(x, "e3", 0.5); // [H / 4, W / 4, 8]

  const u2 = nearest(e3, "u2"); // [H / 2, W / 2, 8]
  const d2 = merge(e2, u2, "d2", 8); // [H / 2, W / 2, 8]

  const u1 = nearest(d2, "u1"); // [H, W, 8]
  const d1 = merge(e1Twice, u1, "d1", 4); // [H, W, 4]

  x = aroundRate025(d1, "mask/around1", 0.25);
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "Nested", inputs: image, outputs: mask });
}

/** Throws unless Nested can take images of this size. */
export function checkNestedSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 4 || size % 4 !== 0) {
      throw new RangeError(
        `Nested takes images whose height and width are multiples of 4; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How Nested sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 */
export const factsOfNested = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

/** One step after another, half as wide in between. */
function twice(input: Tensor, name: string, w: number): Tensor {
  const x = step(input, `${name}/step1`, w / 2);
  return step(x, name, w);
}

function step(input: Tensor, name: string, c: number): Tensor {
  let x = conv(input, `${name}/conv1`, 2 * c, 1);
  x = relu(x, `${name}/relu1`);
  x = conv(x, `${name}/conv2`, c, 3);
  return relu(x, name);
}

function merge(
  input1: Tensor,
  input2: Tensor,
  name: string,
  w: number,
): Tensor {
  const x = concat([input1, input2], `${name}/concat1`);
  return twice(x, name, w);
}

function aroundRate05(input: Tensor, name: string, rate: number): Tensor {
  let x = dropout(input, `${name}/inner/dropout1`, rate);
  x = conv(x, `${name}/inner/conv1`, 8, 3);
  const inner = relu(x, `${name}/inner`);
  return spatialDropout(inner, name, rate);
}

/** Like aroundRate05, here rate = 0.25. */
function aroundRate025(input: Tensor, name: string, rate: number): Tensor {
  const x = dropout(input, `${name}/inner/dropout1`, rate);
  const inner = conv(x, `${name}/inner`, 1, 1);
  return spatialDropout(inner, name, rate);
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

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function dropout(x: Tensor, name: string, rate: number): Tensor {
  return tf.layers.dropout({ name, rate }).apply(x) as Tensor;
}

function spatialDropout(x: Tensor, name: string, rate: number): Tensor {
  return new SpatialDropout2D({ name, rate }).apply(x) as Tensor;
}

function maxPool(x: Tensor, name: string): Tensor {
  return tf.layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as Tensor;
}

function nearest(x: Tensor, name: string): Tensor {
  return tf.layers.upSampling2d({ name, size: [2, 2] }).apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

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

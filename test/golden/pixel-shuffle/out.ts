// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/**
 * Channels moved into space in both orders.
 *
 * Takes images of 1 channel whose height and width are 0 or 3 mod 4, from 3 on;
 * "mask" is [2 ceil(H / 2), 2 ceil(W / 2), 1] and holds probabilities (sigmoid)
 * in 1 channel. 3,181 parameters.
 *
 * Call checkPixelShuffleSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 */
export function buildPixelShuffle(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [null, null, 1] }); // [H, W, 1]

  let x = paddedConv(image, "a/conv1", 8, 3);
  const a = relu(x, "a"); // [ceil(H / 2), ceil(W / 2), 8]

  x = shuffled(a, "b/shuffled1", 2);
  const b = conv(x, "b", 4, 1); // [2 ceil(H / 2), 2 ceil(W / 2), 4]
  x = conv(a, "c/conv1", 16, 1);
  const c = pixelShuffle(x, "c", 2, { order: "channelsLast" }); // [2 ceil(H / 2), 2 ceil(W / 2), 4]
  x = maxPool(a, "d/max_pool1");
  x = shuffled(x, "d/shuffled1", 4);
  const d = conv(x, "d", 4, 1); // [2 ceil(H / 2), 2 ceil(W / 2), 4]

  x = concat([b, c, d], "mask/concat1");
  x = conv(x, "mask/conv1", 1, 1);
  const mask = sigmoid(x, "mask"); // [2 ceil(H / 2), 2 ceil(W / 2), 1]

  return tf.model({ name: "PixelShuffle", inputs: image, outputs: mask });
}

/** Throws unless PixelShuffle can take images of this size. */
export function checkPixelShuffleSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 3 || ![0, 3].includes(size % 4)) {
      throw new RangeError(
        `PixelShuffle takes images whose height and width are 0 or 3 mod 4, from 3 on; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How PixelShuffle sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 */
export const factsOfPixelShuffle = {
  scaling: { name: "unit", statistics: { mean: [0], deviation: [1] } },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function shuffled(input: Tensor, name: string, factor: number): Tensor {
  const x = conv(input, `${name}/conv1`, factor * factor * 2, 3);
  return pixelShuffle(x, name, factor);
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

function pixelShuffle(
  x: Tensor,
  name: string,
  factor: number,
  options: { order?: "channelsLast" } = {},
): Tensor {
  return new PixelShuffle2D({ name, factor, ...options }).apply(x) as Tensor;
}

function paddedConv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number,
): Tensor {
  const padded = tf.layers
    .zeroPadding2d({ name: `${name}.pad`, padding: 1 })
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

function relu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "relu" }).apply(x) as Tensor;
}

function maxPool(x: Tensor, name: string): Tensor {
  return tf.layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as Tensor;
}

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

/** Configuration of `PixelShuffle2D`. */
interface PixelShuffle2DConfig {
  name?: string;
  /** How many times taller and wider the output is. */
  factor: number;
  /** Which channels make the block of a pixel; `channelsFirst` by default. */
  order?: "channelsFirst" | "channelsLast";
}

/** Moves channels into space: images [n, h, w, c f f] become [n, h f, w f, c]. */
class PixelShuffle2D extends tf.layers.Layer {
  static className = "PixelShuffle2D";

  constructor(private readonly config: PixelShuffle2DConfig) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const parts = this.config.factor ** 2;
    if (channels % parts !== 0) {
      throw new RangeError(
        `${this.name} cannot cut ${channels} channels into ${parts} equal parts.`,
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    const { factor } = this.config;
    return [
      batch,
      height === null ? null : height * factor,
      width === null ? null : width * factor,
      channels === null ? null : channels / (factor * factor),
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    const { factor, order = "channelsFirst" } = this.config;
    return shufflePixels(image, factor, order);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(PixelShuffle2D);

/**
 * Moves channels into space: x [n, h, w, c f f] becomes [n, h f, w f, c] (Shi et al. 2016).
 * `channelsFirst`: the block of an output channel is made of neighbouring input channels, as
 * in PyTorch; `channelsLast`: as in TensorFlow's depth_to_space. Reshaped and transposed,
 * since `tf.depthToSpace` has no gradient and knows one order.
 */
function shufflePixels(
  x: tf.Tensor4D,
  factor: number,
  order: "channelsFirst" | "channelsLast",
): tf.Tensor4D {
  const [batch, height, width, deep] = x.shape;
  const channels = deep / (factor * factor);
  const isFirst = order === "channelsFirst";
  const block = isFirst
    ? [channels, factor, factor]
    : [factor, factor, channels];
  const places = isFirst ? [0, 1, 4, 2, 5, 3] : [0, 1, 3, 2, 4, 5];
  return tf.tidy(() => {
    const blocks = tf.transpose(
      tf.reshape(x, [batch, height, width, ...block]),
      places,
    );
    return tf.reshape(blocks, [
      batch,
      height * factor,
      width * factor,
      channels,
    ]);
  });
}

// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/**
 * Every normalisation, alone and in blocks that differ in their options.
 *
 * Takes images of 3 channels whose height and width are multiples of 2; "mask"
 * is as large and holds probabilities (sigmoid) in 1 channel. 4,593 parameters.
 *
 * Call checkNormalisationsSize before the model sees an image: at other sizes
 * its layers fail in words of TensorFlow.js.
 *
 * Fixed by its value here, for others may mean other layers or sizes, or fit no
 * network: parts = 4.
 */
export function buildNormalisations(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]

  let x = conv(image, "a/conv1", 8, 3);
  x = instanceNorm(x, "a/instance_norm1");
  const a = relu(x, "a"); // [H, W, 8]
  x = grouped(a, "b/grouped1", 8, 4);
  x = grouped(x, "b/grouped2", 16, 2);
  x = grouped(x, "b/grouped3", 16, 8);
  const b = instanceNorm(x, "b", { affine: false }); // [H, W, 16]

  x = maxPool(b, "c/max_pool1");
  x = conv(x, "c/conv1", 8, 1);
  x = layerNorm(x, "c/layer_norm1");
  const c = gelu(x, "c"); // [H / 2, W / 2, 8]

  x = groupNorm(c, "d/group_norm1", 1, { affine: false });
  x = batchNorm(x, "d/batch_norm1");
  const d = nearest(x, "d"); // [H, W, 8]

  x = concat([a, d], "mask/concat1");
  x = layerNorm(x, "mask/layer_norm1", { epsilon: 1e-5, affine: false });
  x = conv(x, "mask/conv1", 1, 1);
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "Normalisations", inputs: image, outputs: mask });
}

/** Throws unless Normalisations can take images of this size. */
export function checkNormalisationsSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 2 || size % 2 !== 0) {
      throw new RangeError(
        `Normalisations takes images whose height and width are multiples of 2; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How Normalisations sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 */
export const factsOfNormalisations = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function grouped(
  input: Tensor,
  name: string,
  c: number,
  parts: number,
): Tensor {
  let x = conv(input, `${name}/conv1`, c, 3);
  x = groupNorm(x, `${name}/group_norm1`, parts);
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

function groupNorm(
  x: Tensor,
  name: string,
  groups: number,
  options: { affine?: boolean } = {},
): Tensor {
  const layer = new GroupNormalization2D({
    name,
    groups,
    epsilon: 1e-5,
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function relu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "relu" }).apply(x) as Tensor;
}

function instanceNorm(
  x: Tensor,
  name: string,
  options: { affine?: boolean } = {},
): Tensor {
  const layer = new GroupNormalization2D({ name, epsilon: 1e-5, ...options });
  return layer.apply(x) as Tensor;
}

function maxPool(x: Tensor, name: string): Tensor {
  return tf.layers.maxPooling2d({ name, poolSize: 2 }).apply(x) as Tensor;
}

function layerNorm(
  x: Tensor,
  name: string,
  options: { epsilon?: number; affine?: boolean } = {},
): Tensor {
  const layer = new GroupNormalization2D({
    name,
    groups: 1,
    epsilon: 1e-6,
    perPixel: true,
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function gelu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "gelu" }).apply(x) as Tensor;
}

function batchNorm(x: Tensor, name: string): Tensor {
  const layer = tf.layers.batchNormalization({
    name,
    momentum: 0.9,
    epsilon: 1e-5,
  });
  return layer.apply(x) as Tensor;
}

function nearest(x: Tensor, name: string): Tensor {
  return tf.layers.upSampling2d({ name, size: [2, 2] }).apply(x) as Tensor;
}

function concat(x: Tensor[], name: string): Tensor {
  return tf.layers.concatenate({ name }).apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

/** Configuration of `GroupNormalization2D`. */
interface GroupNormalization2DConfig {
  name?: string;
  /** Parts of the channels, each with statistics of its own; one for each channel by default. */
  groups?: number;
  /** Whether each pixel has statistics of its own, rather than each image. */
  perPixel?: boolean;
  /** Added to the variance; 1e-5 by default. */
  epsilon?: number;
  /** Whether each channel is scaled and shifted by weights; true by default. */
  affine?: boolean;
}

/**
 * Instance norm, with a group for each channel of images [n, h, w, c]; group norm, with a few;
 * layer norm, with one for each pixel. Weights: gamma [c], beta [c].
 */
class GroupNormalization2D extends tf.layers.Layer {
  static className = "GroupNormalization2D";
  private gamma?: tf.LayerVariable;
  private beta?: tf.LayerVariable;

  constructor(private readonly config: GroupNormalization2DConfig = {}) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const { groups = channels, affine = true } = this.config;
    if (channels % groups !== 0) {
      throw new RangeError(
        `${this.name} cannot cut ${channels} channels into ${groups} equal parts.`,
      );
    }
    if (affine) {
      this.gamma = this.addWeight(
        "gamma",
        [channels],
        "float32",
        tf.initializers.ones(),
      );
      this.beta = this.addWeight(
        "beta",
        [channels],
        "float32",
        tf.initializers.zeros(),
      );
    }
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    const {
      groups = image.shape[3],
      perPixel = false,
      epsilon = 1e-5,
    } = this.config;
    const [gamma, beta] = [this.gamma?.read(), this.beta?.read()];
    const affine = gamma && beta && { gamma, beta };
    return normalizeGroups(image, affine, { groups, perPixel, epsilon });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(GroupNormalization2D);

/**
 * (x - mean) / sqrt(variance + epsilon) * gamma + beta within each group of channels of
 * x [n, h, w, c], with the biased variance. Instance norm has a group for each channel
 * (Ulyanov et al. 2016), group norm a few (Wu and He 2018), layer norm one for each pixel
 * (Ba et al. 2016).
 */
function normalizeGroups(
  x: tf.Tensor4D,
  affine: Affine | undefined,
  { groups, perPixel, epsilon }: GroupNormOptions,
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const places = perPixel
    ? [batch * height * width, 1, 1]
    : [batch, height, width];
  // Rows first: one long sum in float32 loses digits on the WASM engine.
  const meanOf = (values: tf.Tensor) =>
    tf.mean(tf.mean(values, 2, true), [1, 4], true);
  return tf.tidy(() => {
    const grouped = tf.reshape(x, [...places, groups, channels / groups]);
    const centred = tf.sub(grouped, meanOf(grouped));
    const variance = meanOf(tf.square(centred));
    const normal = tf.div(centred, tf.sqrt(tf.add(variance, epsilon)));
    const values: tf.Tensor4D = tf.reshape(normal, x.shape);
    return affine === undefined
      ? values
      : tf.add(tf.mul(values, affine.gamma), affine.beta);
  });
}

/** Scale and shift of each channel, [c]. */
interface Affine {
  readonly gamma: tf.Tensor;
  readonly beta: tf.Tensor;
}

/** Which values are normalised together. */
interface GroupNormOptions {
  /** Parts of the channels, each with statistics of its own; it divides them. */
  readonly groups: number;
  /** Whether each pixel has statistics of its own, rather than each image. */
  readonly perPixel: boolean;
  /** Added to the variance. */
  readonly epsilon: number;
}

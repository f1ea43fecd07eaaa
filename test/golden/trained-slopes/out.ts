// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildTrainedSlopes. */
export interface TrainedSlopesOptions {
  slope?: number;
}

/**
 * Activations with weights, and those that share a layer.
 *
 * Takes images of 3 channels, of any size; "mask" is as large and holds
 * probabilities (sigmoid) in 1 channel. 1,737 parameters.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options.
 */
export function buildTrainedSlopes({
  slope = 0.1,
}: TrainedSlopesOptions = {}): tf.LayersModel {
  checkOption("slope", slope, "number", { from: 0 });

  const image = tf.input({ name: "image", shape: [null, null, 3] }); // [H, W, 3]

  let x = conv(image, "a/conv1", 8, 3);
  x = prelu(x, "a/prelu1", 0.25);
  x = conv(x, "a/conv2", 8, 3);
  const a = prelu(x, "a", 0); // [H, W, 8]
  x = bent(a, "b/bent1", 8, slope);
  x = bent(x, "b/bent2", 4, 0.5);
  x = softplus(x, "b/softplus1");
  const b = silu(x, "b"); // [H, W, 4]
  x = conv(b, "c/conv1", 4, 1);
  const c = silu(x, "c"); // [H, W, 4]

  x = conv(c, "mask/conv1", 1, 1);
  const mask = sigmoid(x, "mask"); // [H, W, 1]

  return tf.model({ name: "TrainedSlopes", inputs: image, outputs: mask });
}

/**
 * How TrainedSlopes sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfTrainedSlopes = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

function bent(input: Tensor, name: string, c: number, slope: number): Tensor {
  const x = conv(input, `${name}/conv1`, c, 3);
  return prelu(x, name, slope);
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

function prelu(x: Tensor, name: string, start: number): Tensor {
  return new ChannelPReLU({ name, start }).apply(x) as Tensor;
}

function softplus(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "softplus" });
  return layer.apply(x) as Tensor;
}

function silu(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "swish" });
  return layer.apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

/** Throws unless an option is a number of its kind, within its limits. */
function checkOption(
  name: string,
  value: number,
  kind: "number" | "whole number",
  limits: { from?: number } = {},
): void {
  const isOfKind =
    kind === "number" ? Number.isFinite(value) : Number.isInteger(value);
  const { from = -Infinity } = limits;
  if (isOfKind && value >= from) return;
  const words = Object.entries(limits).map((limit) => ` ${limit.join(" ")}`);
  throw new RangeError(
    `${name} is a ${kind}${words.join("")}, found ${typeof value} ${value}.`,
  );
}

/** Configuration of `ChannelPReLU`. */
interface ChannelPReLUConfig {
  name?: string;
  /** The slope that every channel starts with; 0.25 by default. */
  start?: number;
  /** Whether all channels have one slope, alpha [1]; false by default. */
  shared?: boolean;
}

/**
 * x above zero, alpha * x below, with a trained alpha [c] for each channel of
 * images [n, h, w, c] (He et al. 2015, "Delving Deep into Rectifiers").
 */
class ChannelPReLU extends tf.layers.Layer {
  static className = "ChannelPReLU";
  private alpha?: tf.LayerVariable;

  constructor(private readonly config: ChannelPReLUConfig = {}) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const initializer = tf.initializers.constant({
      value: this.config.start ?? 0.25,
    });
    this.alpha = this.addWeight(
      "alpha",
      [this.config.shared ? 1 : channels],
      "float32",
      initializer,
    );
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor];
    return applyPrelu(image, this.alpha!.read());
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(ChannelPReLU);

/** x above zero, alpha * x below: x [n, h, w, c], alpha [c], or [1] for all channels. */
function applyPrelu(x: tf.Tensor, alpha: tf.Tensor): tf.Tensor {
  const channels = x.shape[x.shape.length - 1]!;
  // Kernels of the engines take a slope for each channel.
  return tf.prelu(
    x,
    alpha.shape[0] === channels ? alpha : tf.tile(alpha, [channels]),
  );
}

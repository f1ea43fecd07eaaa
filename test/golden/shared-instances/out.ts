// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/**
 * Two halves of an image through one look, whose map a recurrent step refines.
 *
 * Takes images of 2 channels whose height and width are at least 2; "mask" is
 * [2 floor(H / 2), 2 floor(W / 2), 1] and holds probabilities (sigmoid) in 1
 * channel. 1,229 parameters.
 *
 * Call checkSharedSize before the model sees an image: at other sizes its
 * layers fail in words of TensorFlow.js.
 *
 * Fixed by its value here, for others may mean other layers or sizes, or fit no
 * network: base = 4.
 */
export function buildShared(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [null, null, 2] }); // [H, W, 2]
  const look = makeLook("look", 4);
  const gate = makeGate("gate", 4);
  const up = makeUp("up");

  const left = conv(image, "left", 2, 1); // [H, W, 2]
  const right = conv(image, "right", 2, 3); // [H, W, 2]

  let x = look(left);
  const a = gate(x); // [floor(H / 2), floor(W / 2), 4]
  x = look(right);
  const b = gate(x); // [floor(H / 2), floor(W / 2), 4]
  x = subtract([a, b], "change/subtract1");
  const change = recurrent(x, "change", 8); // [floor(H / 2), floor(W / 2), 8]

  const c = up(change); // [2 floor(H / 2), 2 floor(W / 2), 8]
  x = relu(change, "d/relu1");
  const d = up(x); // [2 floor(H / 2), 2 floor(W / 2), 8]
  const e = add([c, d], "e"); // [2 floor(H / 2), 2 floor(W / 2), 8]

  x = conv(e, "mask/conv1", 1, 1);
  const mask = sigmoid(x, "mask"); // [2 floor(H / 2), 2 floor(W / 2), 1]

  return tf.model({ name: "Shared", inputs: image, outputs: mask });
}

/** Throws unless Shared can take images of this size. */
export function checkSharedSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 2) {
      throw new RangeError(
        `Shared takes images whose height and width are at least 2; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How Shared sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 */
export const factsOfShared = {
  scaling: { name: "unit", statistics: { mean: [0, 0], deviation: [1, 1] } },
  outputs: [
    { name: "mask", channels: 1, values: "sigmoid", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

/**
 * Both halves meet the same layers.
 *
 * Makes the layers once: all that is sent through what it gives meets the same
 * weights.
 */
function makeLook(name: string, base: number): (input: Tensor) => Tensor {
  const doubleConv1 = makeDoubleConv(`${name}/double_conv1`, base);
  const maxPool = makeMaxPool(name);

  return (input) => {
    const x = doubleConv1(input);
    return maxPool(x);
  };
}

/**
 * Makes the layers once: all that is sent through what it gives meets the same
 * weights.
 */
function makeGate(name: string, base: number): (input: Tensor) => Tensor {
  const globalAvgPool1 = makeGlobalAvgPool(`${name}/global_avg_pool1`);
  const conv1 = makeConv(`${name}/conv1`, base, 1);
  const sigmoid1 = makeSigmoid(`${name}/sigmoid1`);
  const multiply = makeMultiply(name);

  return (input) => {
    let x = globalAvgPool1(input);
    x = conv1(x);
    x = sigmoid1(x);
    return multiply(x, input);
  };
}

/**
 * Makes the layers once: all that is sent through what it gives meets the same
 * weights.
 */
function makeUp(name: string): (input: Tensor) => Tensor {
  return makeConvTranspose(name, 8);
}

/**
 * Makes the layers once: all that is sent through what it gives meets the same
 * weights.
 */
function makeDoubleConv(name: string, c: number): (input: Tensor) => Tensor {
  const conv1 = makeConv(`${name}/conv1`, c, 3);
  const batchNorm1 = makeBatchNorm(`${name}/batch_norm1`);
  const relu1 = makeRelu(`${name}/relu1`);
  const convLayer = makeConv(name, c, 3, { useBias: false });

  return (input) => {
    let x = conv1(input);
    x = batchNorm1(x);
    x = relu1(x);
    return convLayer(x);
  };
}

/** One convolution on its own result and what came in. */
function recurrent(input: Tensor, name: string, c: number): Tensor {
  const step = makeStep(`${name}/step`, c);
  const x = conv(input, `${name}/x`, c, 1);
  const h = step(x);
  let y = add([x, h], `${name}/h_1/add1`);
  const h_1 = step(y);
  y = add([x, h_1], `${name}/h_2/add1`);
  return step(y);
}

/**
 * Makes the layers once: all that is sent through what it gives meets the same
 * weights.
 */
function makeStep(name: string, c: number): (input: Tensor) => Tensor {
  const conv1 = makeConv(`${name}/conv1`, c, 3);
  const batchNorm1 = makeBatchNorm(`${name}/batch_norm1`);
  const reluLayer = makeRelu(name);

  return (input) => {
    let x = conv1(input);
    x = batchNorm1(x);
    return reluLayer(x);
  };
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

function add(x: Tensor[], name: string): Tensor {
  return tf.layers.add({ name }).apply(x) as Tensor;
}

function subtract(x: Tensor[], name: string): Tensor {
  return new Subtract({ name }).apply(x) as Tensor;
}

function relu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "relu" }).apply(x) as Tensor;
}

function sigmoid(x: Tensor, name: string): Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return layer.apply(x) as Tensor;
}

function makeMaxPool(name: string): (x: Tensor) => Tensor {
  const layer = tf.layers.maxPooling2d({ name, poolSize: 2 });
  return (x) => layer.apply(x) as Tensor;
}

function makeGlobalAvgPool(name: string): (x: Tensor) => Tensor {
  const mean = tf.layers.globalAveragePooling2d({ name: `${name}.mean` });
  let layer: tf.layers.Layer | undefined;
  return (x) => {
    layer ??= tf.layers.reshape({ name, targetShape: [1, 1, channelsOf(x)] });
    return layer.apply(mean.apply(x) as Tensor) as Tensor;
  };
}

function makeConv(
  name: string,
  filters: number,
  kernelSize: number,
  options: { useBias?: boolean } = {},
): (x: Tensor) => Tensor {
  const layer = tf.layers.conv2d({
    name,
    filters,
    kernelSize,
    padding: "same",
    kernelInitializer: "heNormal",
    ...options,
  });
  return (x) => layer.apply(x) as Tensor;
}

function makeSigmoid(name: string): (x: Tensor) => Tensor {
  const layer = tf.layers.activation({ name, activation: "sigmoid" });
  return (x) => layer.apply(x) as Tensor;
}

function makeMultiply(name: string): (...x: Tensor[]) => Tensor {
  const layer = tf.layers.multiply({ name });
  return (...x) => layer.apply(x) as Tensor;
}

function makeConvTranspose(
  name: string,
  filters: number,
): (x: Tensor) => Tensor {
  const layer = tf.layers.conv2dTranspose({
    name,
    filters,
    kernelSize: 2,
    strides: 2,
    kernelInitializer: "heNormal",
  });
  return (x) => layer.apply(x) as Tensor;
}

function makeBatchNorm(name: string): (x: Tensor) => Tensor {
  const layer = tf.layers.batchNormalization({
    name,
    momentum: 0.9,
    epsilon: 1e-5,
  });
  return (x) => layer.apply(x) as Tensor;
}

function makeRelu(name: string): (x: Tensor) => Tensor {
  const layer = tf.layers.activation({ name, activation: "relu" });
  return (x) => layer.apply(x) as Tensor;
}

function channelsOf(x: Tensor): number {
  return x.shape[3]!;
}

/** The first of several tensors of one shape less all others. */
class Subtract extends tf.layers.Layer {
  static className = "Subtract";

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape[]).map((shape) => shape[3]);
    if (new Set(channels).size > 1) {
      throw new RangeError(
        `${this.name} takes tensors of one number of channels, found ${channels.join(" and ")}.`,
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShapes: tf.Shape[]): tf.Shape {
    // A height or width that one of them leaves open is open.
    return inputShapes.reduce((shape, other) =>
      shape.map((size, axis) => (other[axis] === null ? null : size)),
    );
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    return subtractAll([inputs].flat());
  }
}
tf.serialization.registerClass(Subtract);

/** The first of tensors of one shape less all others. */
function subtractAll<T extends tf.Tensor>(tensors: readonly T[]): T {
  const [first, ...others] = tensors;
  return tf.tidy(() =>
    others.reduce((rest, other) => tf.sub(rest, other), tf.clone(first!)),
  );
}

// Made by unetc from unet-three-modes.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/** Options of buildUNetThreeModes. */
export interface UNetThreeModesOptions {
  classes?: number;
  base?: number;
  channels?: number;
}

/**
 * One U-Net, three answers to sizes that differ at a skip: cut the skip, pad
 * what comes up, or pad every convolution so that they never differ.
 *
 * Takes images of 3 channels whose height and width are at least 188; "mask" is
 * [16 floor((H + 4) / 16) - 188, W alike, 10] and holds logits in 10 channels.
 * 31,055,882 parameters.
 *
 * Call checkUNetThreeModesSize before the model sees an image: at other sizes
 * its layers fail in words of TensorFlow.js.
 *
 * Numbers of channels and of parameters are those of the defaults; sizes are
 * the same for all options. Fixed by its value here, for others may mean other
 * layers or sizes, or fit no network: mode = crop.
 */
export function buildUNetThreeModes({
  classes = 10,
  base = 64,
  channels = 3,
}: UNetThreeModesOptions = {}): tf.LayersModel {
  checkOption("classes", classes, "whole number", { from: 1, to: 65536 });
  checkOption("base", base, "whole number", { from: 1, to: 4096 });
  checkOption("channels", channels, "whole number", { from: 1, to: 65536 });

  const image = tf.input({ name: "image", shape: [null, null, channels] }); // [H, W, 3]
  const e1 = doubleConv(image, "e1", base); // [H - 4, W - 4, 64]

  let x = maxPool(e1, "e2/max_pool1");
  const e2 = doubleConv(x, "e2", base * 2); // [floor(H / 2) - 6, floor(W / 2) - 6, 128]

  x = maxPool(e2, "e3/max_pool1");
  const e3 = doubleConv(x, "e3", base * 4); // [floor(H / 4) - 7, floor(W / 4) - 7, 256]

  x = maxPool(e3, "e4/max_pool1");
  const e4 = doubleConv(x, "e4", base * 8); // [floor((H + 4) / 8) - 8, W alike, 512]

  x = maxPool(e4, "e5/max_pool1");
  const e5 = doubleConv(x, "e5", base * 16); // [floor((H + 4) / 16) - 8, W alike, 1024]

  const u4 = convTranspose(e5, "u4", base * 8); // [2 floor((H + 4) / 16) - 16, W alike, 512]
  x = cropTo([e4, u4], "d4/crop_to1");
  x = concat([x, u4], "d4/concat1");
  const d4 = doubleConv(x, "d4", base * 8); // [2 floor((H + 4) / 16) - 20, W alike, 512]

  const u3 = convTranspose(d4, "u3", base * 4); // [4 floor((H + 4) / 16) - 40, W alike, 256]
  x = cropTo([e3, u3], "d3/crop_to1");
  x = concat([x, u3], "d3/concat1");
  const d3 = doubleConv(x, "d3", base * 4); // [4 floor((H + 4) / 16) - 44, W alike, 256]

  const u2 = convTranspose(d3, "u2", base * 2); // [8 floor((H + 4) / 16) - 88, W alike, 128]
  x = cropTo([e2, u2], "d2/crop_to1");
  x = concat([x, u2], "d2/concat1");
  const d2 = doubleConv(x, "d2", base * 2); // [8 floor((H + 4) / 16) - 92, W alike, 128]

  const u1 = convTranspose(d2, "u1", base); // [16 floor((H + 4) / 16) - 184, W alike, 64]
  x = cropTo([e1, u1], "d1/crop_to1");
  x = concat([x, u1], "d1/concat1");
  const d1 = doubleConv(x, "d1", base); // [16 floor((H + 4) / 16) - 188, W alike, 64]

  const mask = conv(d1, "mask", classes, 1); // [16 floor((H + 4) / 16) - 188, W alike, 10]

  return tf.model({ name: "UNetThreeModes", inputs: image, outputs: mask });
}

/** Throws unless UNetThreeModes can take images of this size. */
export function checkUNetThreeModesSize(height: number, width: number): void {
  for (const size of [height, width]) {
    if (size < 188) {
      throw new RangeError(
        `UNetThreeModes takes images whose height and width are at least 188; found ${height} x ${width}.`,
      );
    }
  }
}

/**
 * How UNetThreeModes sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 *
 * As built with the default options.
 */
export const factsOfUNetThreeModes = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 10, values: "logits", activation: "softmax" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

/** Here padding = valid. */
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

function convTranspose(x: Tensor, name: string, filters: number): Tensor {
  const layer = tf.layers.conv2dTranspose({
    name,
    filters,
    kernelSize: 2,
    strides: 2,
    kernelInitializer: "heNormal",
  });
  return layer.apply(x) as Tensor;
}

function cropTo(x: Tensor[], name: string): Tensor {
  return new CropTo2D({ name, rounding: "halfEven" }).apply(x) as Tensor;
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
    `${name} is a ${kind}${words.join("")}, found ${typeof value} ${value}.`,
  );
}

/** Configuration of `CropTo2D`. */
interface CropTo2DConfig {
  name?: string;
  /** How half of an odd number of pixels is rounded; `floor` by default. */
  rounding?: "floor" | "halfEven";
}

/** Cuts the centre of images [n, h, w, c] to the height and width of a second input. */
class CropTo2D extends tf.layers.Layer {
  static className = "CropTo2D";
  private readonly rounding: "floor" | "halfEven";

  constructor(config: CropTo2DConfig = {}) {
    super(config);
    this.rounding = config.rounding ?? "floor";
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
    return cropToSize(image, target, this.rounding);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rounding: this.rounding };
  }
}
tf.serialization.registerClass(CropTo2D);

/**
 * Cuts the centre of x [n, h, w, c] to the height and width of `target`. Of d rows that
 * are cut, floor(d / 2) lie above, or d / 2 rounded half to even as torchvision's
 * CenterCrop does; of columns as many to the left.
 */
function cropToSize(
  x: tf.Tensor4D,
  target: tf.Tensor4D,
  rounding: "floor" | "halfEven",
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [, outHeight, outWidth] = target.shape;
  const halve = (size: number): number => {
    const half = Math.floor(size / 2);
    const isUp = rounding === "halfEven" && size % 2 === 1 && half % 2 === 1;
    return isUp ? half + 1 : half;
  };
  const [top, left] = [halve(height - outHeight), halve(width - outWidth)];
  return tf.slice(x, [0, top, left, 0], [batch, outHeight, outWidth, channels]);
}

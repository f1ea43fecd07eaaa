// Made by unetc from spec.unet; edits are lost.
import * as tf from "@tensorflow/tfjs";

/** What flows between layers while a network is put together. */
type Tensor = tf.SymbolicTensor;

/**
 * Attention over all pixels, with fewer keys, in windows, and a table of
 * places.
 *
 * Takes images of 48 x 32 pixels and 3 channels; "mask" is [48, 32, 1] and
 * holds logits in 1 channel. 4,653 parameters.
 *
 * Fixed by their values here, for others may mean other layers or sizes, or fit
 * no network: c = 8, heads = 2.
 */
export function buildAttention(): tf.LayersModel {
  const image = tf.input({ name: "image", shape: [48, 32, 3] }); // [48, 32, 3]

  let x = conv(image, "patches/conv1", 8, 4, { strides: 4 });
  const patches = layerNorm(x, "patches"); // [12, 8, 8]
  x = reduced(patches, "wide/reduced1", 8, 2);
  const wide = add([patches, x], "wide"); // [12, 8, 8]
  x = windowed(wide, "still/windowed1", 8, 0);
  const still = add([wide, x], "still"); // [12, 8, 8]
  x = windowed(still, "moved/windowed1", 8, 2);
  x = add([still, x], "moved/add1");
  const moved = mix(x, "moved", 8); // [12, 8, 8]

  x = spaceToDepth(moved, "places/space_to_depth1");
  x = conv(x, "places/conv1", 16, 1);
  const places = positions(x, "places"); // [6, 4, 16]
  x = whole(places, "merged/whole1", 16);
  const merged = add([places, x], "merged"); // [6, 4, 16]

  x = conv(merged, "up/conv1", 32, 1);
  x = pixelShuffle(x, "up/pixel_shuffle1");
  const up = add([moved, x], "up"); // [12, 8, 8]

  x = bilinear(up, "mask/bilinear1");
  const mask = conv(x, "mask", 1, 1); // [48, 32, 1]

  return tf.model({ name: "Attention", inputs: image, outputs: mask });
}

/**
 * How Attention sees images, and what its outputs mean.
 *
 * Values are divided by the largest of their type (255 for 8 bits).
 */
export const factsOfAttention = {
  scaling: {
    name: "unit",
    statistics: { mean: [0, 0, 0], deviation: [1, 1, 1] },
  },
  outputs: [
    { name: "mask", channels: 1, values: "logits", activation: "sigmoid" },
  ],
  heads: [{ name: "mask", outputs: ["mask"], prediction: "main" }],
} as const;

/**
 * Keys and values of a smaller image (Xie et al. 2021, SegFormer).
 *
 * Here heads = 2.
 */
function reduced(
  input: Tensor,
  name: string,
  c: number,
  ratio: number,
): Tensor {
  const x = layerNorm(input, `${name}/x`);
  let y = conv(x, `${name}/few/conv1`, c, ratio, { strides: ratio });
  const few = layerNorm(y, `${name}/few`);
  const keys = conv(few, `${name}/keys`, c, 1);
  const values = conv(few, `${name}/values`, c, 1);
  y = conv(x, `${name}/conv1`, c, 1);
  y = attention([y, keys, values], `${name}/attention1`, 2);
  return conv(y, name, c, 1);
}

/**
 * Windows of 4 x 4 pixels (Liu et al. 2021, Swin).
 *
 * Here heads = 2.
 */
function windowed(
  input: Tensor,
  name: string,
  c: number,
  shift: number,
): Tensor {
  const x = layerNorm(input, `${name}/x`);
  const keys = conv(x, `${name}/keys`, c, 1);
  const values = conv(x, `${name}/values`, c, 1);
  let y = conv(x, `${name}/taken/conv1`, c, 1);
  const taken =
    shift === 0
      ? attention([y, keys, values], `${name}/taken`, 2, {
          window: 4,
          position: "relative",
        })
      : attention([y, keys, values], `${name}/taken`, 2, {
          window: 4,
          position: "relative",
          shift: 2,
        });
  y = conv(taken, `${name}/conv1`, c, 1);
  return dropPath(y, name, 0.1);
}

function whole(input: Tensor, name: string, c: number): Tensor {
  const keys = conv(input, `${name}/keys`, c, 1);
  const values = conv(input, `${name}/values`, c / 2, 1);
  let x = conv(input, `${name}/conv1`, c, 1);
  x = attention([x, keys, values], `${name}/attention1`, 1, { scaled: false });
  return conv(x, name, c, 1);
}

function mix(input: Tensor, name: string, c: number): Tensor {
  let x = layerNorm(input, `${name}/layer_norm1`);
  x = conv(x, `${name}/conv1`, 4 * c, 1);
  x = gelu(x, `${name}/gelu1`);
  return conv(x, name, c, 1);
}

function layerNorm(x: Tensor, name: string): Tensor {
  const layer = new GroupNormalization2D({
    name,
    groups: 1,
    epsilon: 1e-5,
    perPixel: true,
  });
  return layer.apply(x) as Tensor;
}

function conv(
  x: Tensor,
  name: string,
  filters: number,
  kernelSize: number,
  options: { strides?: number } = {},
): Tensor {
  const layer = tf.layers.conv2d({
    name,
    filters,
    kernelSize,
    kernelInitializer: "heNormal",
    ...options,
  });
  return layer.apply(x) as Tensor;
}

function attention(
  x: Tensor[],
  name: string,
  heads: number,
  options: {
    window?: number;
    position?: "relative";
    shift?: number;
    scaled?: boolean;
  } = {},
): Tensor {
  return new Attention2D({ name, heads, ...options }).apply(x) as Tensor;
}

function dropPath(x: Tensor, name: string, rate: number): Tensor {
  return new DropPath({ name, rate }).apply(x) as Tensor;
}

function gelu(x: Tensor, name: string): Tensor {
  return tf.layers.activation({ name, activation: "gelu" }).apply(x) as Tensor;
}

function add(x: Tensor[], name: string): Tensor {
  return tf.layers.add({ name }).apply(x) as Tensor;
}

function spaceToDepth(x: Tensor, name: string): Tensor {
  return new SpaceToDepth2D({ name, factor: 2 }).apply(x) as Tensor;
}

function positions(x: Tensor, name: string): Tensor {
  return new PositionTable2D({ name, size: [6, 4] }).apply(x) as Tensor;
}

function pixelShuffle(x: Tensor, name: string): Tensor {
  const layer = new PixelShuffle2D({ name, factor: 2, order: "channelsLast" });
  return layer.apply(x) as Tensor;
}

function bilinear(x: Tensor, name: string): Tensor {
  return new BilinearUpsampling2D({ name, size: 4 }).apply(x) as Tensor;
}

/** Configuration of `Attention2D`. */
interface Attention2DConfig {
  name?: string;
  /** Parts of the channels, each with weights of its own. */
  heads: number;
  /** Height and width of windows in which pixels look at each other; without, each looks at all. */
  window?: number;
  /** How far the grid of windows lies below and right of the corner; 0 by default. */
  shift?: number;
  /** Whether a weight is added for the difference of two places in a window; `none` by default. */
  position?: "none" | "relative";
  /** Whether products are divided by the root of the channels of a head; true by default. */
  scaled?: boolean;
}

/**
 * Multi-head attention of queries, keys and values, images [n, h, w, c], the last two of one
 * size (Vaswani et al. 2017; in windows Liu et al. 2021). Weight of relative positions: table
 * [(2 window - 1)^2, heads].
 */
class Attention2D extends tf.layers.Layer {
  static className = "Attention2D";
  private table?: tf.LayerVariable;

  constructor(private readonly config: Attention2DConfig) {
    super(config);
  }

  override build(): void {
    const { heads, window = 1, position } = this.config;
    if (position === "relative") {
      const shape = [(2 * window - 1) ** 2, heads];
      this.table = this.addWeight(
        "table",
        shape,
        "float32",
        tf.initializers.zeros(),
      );
    }
    this.built = true;
  }

  override computeOutputShape(inputShapes: tf.Shape[]): tf.Shape {
    const [queries = [], , values = []] = inputShapes;
    return [...queries.slice(0, 3), values[3] ?? null];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [queries, keys, values] = inputs as [
      tf.Tensor4D,
      tf.Tensor4D,
      tf.Tensor4D,
    ];
    const { heads, window, shift = 0, scaled = true } = this.config;
    const windows = window === undefined ? undefined : { size: window, shift };
    const table = this.table?.read() as tf.Tensor2D | undefined;
    return attend(queries, keys, values, { heads, scaled, windows }, table);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(Attention2D);

/** Configuration of `BilinearUpsampling2D`. */
interface BilinearUpsampling2DConfig {
  name?: string;
  /** Whole factor, or [vertical, horizontal] factors. */
  size: number | [number, number];
  /** `halfPixel` by default; `tf.layers.upSampling2d` has `legacy` alone. */
  grid?: Grid;
}

/** Enlarges images [n, h, w, c] by whole factors with bilinear interpolation. */
class BilinearUpsampling2D extends tf.layers.Layer {
  static className = "BilinearUpsampling2D";
  private readonly factors: [number, number];
  private readonly grid: Grid;

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
    const [image] = [inputs].flat() as [tf.Tensor4D];
    const [, height, width] = image.shape;
    const [vertical, horizontal] = this.factors;
    return resizeBilinear(
      image,
      [height * vertical, width * horizontal],
      this.grid,
    );
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), size: this.factors, grid: this.grid };
  }
}
tf.serialization.registerClass(BilinearUpsampling2D);

/** Configuration of `DropPath`. */
interface DropPathConfig {
  name?: string;
  /** Probability that an image is dropped. */
  rate: number;
}

/**
 * In training makes whole images of [n, h, w, c] zero and divides the others by 1 - rate
 * (stochastic depth, Huang et al. 2016). Otherwise does nothing.
 */
class DropPath extends tf.layers.Layer {
  static className = "DropPath";
  private readonly rate: number;

  constructor(config: DropPathConfig) {
    super(config);
    this.rate = config.rate;
  }

  override call(
    inputs: tf.Tensor | tf.Tensor[],
    kwargs: Record<string, unknown> = {},
  ): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    if (kwargs["training"] !== true || this.rate === 0) return tf.clone(image);
    return tf.dropout(image, this.rate, [image.shape[0], 1, 1, 1]);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), rate: this.rate };
  }
}
tf.serialization.registerClass(DropPath);

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

/** Configuration of `PositionTable2D`. */
interface PositionTable2DConfig {
  name?: string;
  /** Height and width of the table: one number, or [vertical, horizontal]. */
  size: number | [number, number];
}

/** Adds a weight for each channel of every pixel, table [h, w, c], to images [n, h, w, c]. */
class PositionTable2D extends tf.layers.Layer {
  static className = "PositionTable2D";
  private table?: tf.LayerVariable;

  constructor(private readonly config: PositionTable2DConfig) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { size } = this.config;
    const [height, width] = typeof size === "number" ? [size, size] : size;
    const shape = [height, width, (inputShape as tf.Shape)[3] ?? 0];
    this.table = this.addWeight(
      "table",
      shape,
      "float32",
      tf.initializers.zeros(),
    );
    this.built = true;
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor];
    return tf.add(image, this.table!.read());
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(PositionTable2D);

/** Configuration of `SpaceToDepth2D`. */
interface SpaceToDepth2DConfig {
  name?: string;
  /** Height and width of the blocks. */
  factor: number;
  /** Which channels a block makes; `channelsFirst` by default. */
  order?: "channelsFirst" | "channelsLast";
}

/** Moves space into channels: images [n, h, w, c] become [n, h / f, w / f, c f f]. */
class SpaceToDepth2D extends tf.layers.Layer {
  static className = "SpaceToDepth2D";

  constructor(private readonly config: SpaceToDepth2DConfig) {
    super(config);
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] =
      inputShape;
    const { factor } = this.config;
    return [
      batch,
      height === null ? null : height / factor,
      width === null ? null : width / factor,
      channels === null ? null : channels * factor * factor,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    const { factor, order = "channelsFirst" } = this.config;
    return unshufflePixels(image, factor, order);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(SpaceToDepth2D);

/**
 * Multi-head attention (Vaswani et al. 2017) of queries [n, h, w, c], keys [n, y, x, c] and
 * values [n, y, x, v]: [n, h, w, v]. A table [(2 s - 1)^2, heads] adds to products of pixels
 * in windows of s x s what it has for the difference of their places (Liu et al. 2021).
 */
function attend(
  queries: tf.Tensor4D,
  keys: tf.Tensor4D,
  values: tf.Tensor4D,
  options: AttentionOptions,
  table?: tf.Tensor2D,
): tf.Tensor4D {
  const { windows } = options;
  const { shape } = queries;
  return tf.tidy(() => {
    if (windows === undefined) {
      const taken = attendRows(
        rowsOf(queries),
        rowsOf(keys),
        rowsOf(values),
        options,
      );
      return tf.reshape(taken, [shape[0], shape[1], shape[2], values.shape[3]]);
    }
    const [q, k, v] = [queries, keys, values].map((each) =>
      cutWindows(each, windows),
    );
    const added = [
      ...(table === undefined
        ? []
        : [tf.expandDims(relativeWeights(table, windows.size), 0)]),
      ...[sidesApart(shape, windows) ?? []]
        .flat()
        .map((sides) => tf.expandDims(sides, 1)),
    ];
    return joinWindows(attendRows(q!, k!, v!, options, added), shape, windows);
  });
}

/** How pixels attend. */
interface AttentionOptions {
  /** Parts of the channels, each with weights of its own. */
  readonly heads: number;
  /** Whether products are divided by the root of the channels of a head. */
  readonly scaled: boolean;
  /** Windows in which pixels look at each other; without, each looks at all. */
  readonly windows?: AttentionWindows | undefined;
}

/** Windows of `size` x `size` pixels, whose grid lies `shift` pixels below and right of the corner. */
interface AttentionWindows {
  readonly size: number;
  readonly shift: number;
}

/**
 * Of [n, l, c], [n, m, c] and [n, m, v]. What is added to products is [w, heads, l, m], where
 * axes of length 1 are stretched, for the w windows of each image.
 */
function attendRows(
  queries: tf.Tensor3D,
  keys: tf.Tensor3D,
  values: tf.Tensor3D,
  { heads, scaled }: AttentionOptions,
  added: readonly tf.Tensor[] = [],
): tf.Tensor3D {
  const [count, length, channels] = queries.shape;
  const scale = scaled ? 1 / Math.sqrt(channels / heads) : 1;
  const scaledQueries = tf.mul(partsOf(queries, heads), scale);
  let products = tf.matMul(scaledQueries, partsOf(keys, heads), false, true);
  for (const each of added) {
    const [windows = 1] = each.shape;
    const byImage = [count / windows, windows, ...products.shape.slice(1)];
    const sum = tf.add(tf.reshape(products, byImage), tf.expandDims(each, 0));
    products = tf.reshape(sum, products.shape);
  }
  const taken = tf.matMul(tf.softmax(products, -1), partsOf(values, heads));
  const shape: [number, number, number] = [count, length, values.shape[2]];
  return tf.reshape(tf.transpose(taken, [0, 2, 1, 3]), shape);
}

/** [n, l, c] as [n, heads, l, c / heads]. */
const partsOf = (x: tf.Tensor3D, heads: number): tf.Tensor4D => {
  const [count, length, channels] = x.shape;
  const shape: [number, number, number, number] = [
    count,
    length,
    heads,
    channels / heads,
  ];
  return tf.transpose(tf.reshape(x, shape), [0, 2, 1, 3]);
};

/** The pixels of an image in a row: [n, h * w, c]. */
const rowsOf = (x: tf.Tensor4D): tf.Tensor3D =>
  tf.reshape(x, [x.shape[0], x.shape[1] * x.shape[2], x.shape[3]]);

/** The windows of x [n, h, w, c]: [n * windows, size * size, c]. */
function cutWindows(x: tf.Tensor4D, windows: AttentionWindows): tf.Tensor3D {
  const { size } = windows;
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = [height / size, width / size];
  const cut = tf.reshape(rolled(x, windows, 1), [
    batch,
    rows,
    size,
    columns,
    size,
    channels,
  ]);
  const shape: [number, number, number] = [
    batch * rows * columns,
    size * size,
    channels,
  ];
  return tf.reshape(tf.transpose(cut, [0, 1, 3, 2, 4, 5]), shape);
}

/** Moves rows and columns by the shift; those that leave on one side come back on the other. */
function rolled(
  x: tf.Tensor4D,
  windows: AttentionWindows,
  sign: 1 | -1,
): tf.Tensor4D {
  let moved = x;
  for (const axis of [1, 2] as const) {
    const length = x.shape[axis];
    const by = (length + sign * shiftOf(length, windows)) % length;
    if (by === 0) continue;
    const [first, last] = tf.split(moved, [by, length - by], axis);
    moved = tf.concat([last!, first!], axis) as tf.Tensor4D;
  }
  return moved;
}

/** How far the windows of an axis are shifted: not at all where it is one window long. */
const shiftOf = (length: number, { size, shift }: AttentionWindows): number =>
  length > size ? shift : 0;

/**
 * The weights of a table [(2 s - 1)^2, heads] for every two pixels of a window, [heads, s^2, s^2]:
 * row (i1 - i2 + s - 1) (2 s - 1) + j1 - j2 + s - 1. By products with a matrix of each axis,
 * which every engine differentiates.
 */
function relativeWeights(table: tf.Tensor2D, size: number): tf.Tensor3D {
  const heads = table.shape[1];
  const offsets = 2 * size - 1;
  const pairs = new Float32Array(size * size * offsets);
  for (let one = 0; one < size; one++) {
    for (let other = 0; other < size; other++) {
      pairs[(one * size + other) * offsets + one - other + size - 1] = 1;
    }
  }
  const matrix = tf.tensor2d(pairs, [size * size, offsets]);
  const byRow = tf.matMul(
    matrix,
    tf.reshape(table, [offsets, offsets * heads]),
  );
  const turned = tf.transpose(
    tf.reshape(byRow, [size * size, offsets, heads]),
    [1, 0, 2],
  );
  const both = tf.matMul(
    matrix,
    tf.reshape(turned, [offsets, size * size * heads]),
  );
  // [j1, j2, i1, i2, heads]
  const places = tf.reshape(both, [size, size, size, size, heads]);
  const shape: [number, number, number] = [heads, size * size, size * size];
  return tf.reshape(tf.transpose(places, [4, 2, 0, 3, 1]), shape);
}

/**
 * What is added to the products of pixels of each window, [windows, size^2, size^2]: much less
 * than 0 where one came from the other side of the image; undefined where none did.
 */
function sidesApart(
  [, height, width]: readonly number[],
  windows: AttentionWindows,
): tf.Tensor3D | undefined {
  const { size } = windows;
  const sides = ([height, width] as number[]).map((length) => {
    const shift = shiftOf(length, windows);
    return Array.from({ length }, (_, at) => (at >= length - shift ? 1 : 0));
  }) as [number[], number[]];
  if (!sides.some((axis) => axis.includes(1))) return undefined;
  const [rows, columns] = [height! / size, width! / size];
  const area = size * size;
  const sum = new Float32Array(rows * columns * area * area);
  let at = 0;
  for (let window = 0; window < rows * columns; window++) {
    const [top, left] = [
      Math.floor(window / columns) * size,
      (window % columns) * size,
    ];
    const side = Array.from({ length: area }, (_, pixel) => {
      const row = sides[0][top + Math.floor(pixel / size)]!;
      return 2 * row + sides[1][left + (pixel % size)]!;
    });
    for (const one of side)
      for (const other of side) sum[at++] = one === other ? 0 : apart;
  }
  return tf.tensor3d(sum, [rows * columns, area, area]);
}

/** Beside it no product of two pixels is anything in float32, and it is finite in float16. */
const apart = -30_000;

/** The image [n, h, w, c] of those windows. */
function joinWindows(
  cut: tf.Tensor3D,
  [batch, height, width]: readonly number[],
  windows: AttentionWindows,
): tf.Tensor4D {
  const { size } = windows;
  const channels = cut.shape[2];
  const [rows, columns] = [height! / size, width! / size];
  const whole = tf.reshape(cut, [batch!, rows, columns, size, size, channels]);
  const shape: [number, number, number, number] = [
    batch!,
    height!,
    width!,
    channels,
  ];
  const image = tf.reshape<tf.Rank.R4>(
    tf.transpose(whole, [0, 1, 3, 2, 4, 5]),
    shape,
  );
  return rolled(image, windows, -1);
}

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

/** Moves space into channels: undoes `shufflePixels` of the same factor and order. */
function unshufflePixels(
  x: tf.Tensor4D,
  factor: number,
  order: "channelsFirst" | "channelsLast",
): tf.Tensor4D {
  const [batch, height, width, channels] = x.shape;
  const [rows, columns] = [height / factor, width / factor];
  const places =
    order === "channelsFirst" ? [0, 1, 3, 5, 2, 4] : [0, 1, 3, 2, 4, 5];
  return tf.tidy(() => {
    const blocks = tf.reshape(x, [
      batch,
      rows,
      factor,
      columns,
      factor,
      channels,
    ]);
    const deep = channels * factor * factor;
    return tf.reshape(tf.transpose(blocks, places), [
      batch,
      rows,
      columns,
      deep,
    ]);
  });
}

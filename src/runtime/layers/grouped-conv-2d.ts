import * as tf from '@tensorflow/tfjs';

/** Configuration of `GroupedConv2D`. */
export interface GroupedConv2DConfig {
  name?: string;
  filters: number;
  /** Height and width: one number, or a pair; so are strides and dilation. */
  kernelSize: number | [number, number];
  strides?: number | [number, number];
  /** `same` puts the odd pixel below and right; `valid` by default. */
  padding?: 'same' | 'valid';
  /** Pixels between neighbouring taps of the kernel. */
  dilationRate?: number | [number, number];
  /** Parts into which input and output channels are cut, each convolved by itself. */
  groups?: number;
  useBias?: boolean;
  /** `glorotNormal` by default. */
  kernelInitializer?: 'glorotNormal' | 'glorotUniform' | 'heNormal' | 'heUniform';
}

/**
 * Convolution of images [n, h, w, c] with groups and dilation, which
 * `tf.layers.conv2d` ignores and cannot train. Weights: kernel
 * [kh, kw, c / groups, filters], bias [filters]. A dilated convolution is a plain
 * one over the pixels of each residue of the dilation, and trains as such.
 */
export class GroupedConv2D extends tf.layers.Layer {
  static className = 'GroupedConv2D';
  private readonly kernelSize: [number, number];
  private readonly strides: [number, number];
  private readonly dilation: [number, number];
  private readonly groups: number;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(private readonly config: GroupedConv2DConfig) {
    super(config);
    const { kernelSize, strides = 1, dilationRate = 1, groups = 1 } = config;
    this.kernelSize = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize;
    this.strides = typeof strides === 'number' ? [strides, strides] : strides;
    this.dilation = typeof dilationRate === 'number' ? [dilationRate, dilationRate] : dilationRate;
    this.groups = groups;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const { filters, useBias = true, kernelInitializer = 'glorotNormal' } = this.config;
    for (const parted of [channels, filters]) {
      if (parted > 0 && parted % this.groups === 0) continue;
      throw new RangeError(
        `${this.name} cannot cut ${parted} channels into ${this.groups} equal parts.`,
      );
    }
    const shape = [...this.kernelSize, channels / this.groups, filters];
    const initializer = tf.initializers[kernelInitializer]({});
    this.kernel = this.addWeight('kernel', shape, 'float32', initializer);
    if (useBias) this.bias = this.addWeight('bias', [filters], 'float32', tf.initializers.zeros());
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null] = inputShape;
    return [batch, this.outputSize(height, 0), this.outputSize(width, 1), this.config.filters];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    return tf.tidy(() => {
      const kernel = this.kernel!.read() as tf.Tensor4D;
      const kernels: tf.Tensor4D[] =
        this.groups === 1 ? [kernel] : tf.split(kernel, this.groups, 3);
      const parts: tf.Tensor4D[] = this.groups === 1 ? [image] : tf.split(image, this.groups, 3);
      const values = parts.map((part, index) => this.convolve(part, kernels[index]!));
      const value = values.length === 1 ? values[0]! : tf.concat(values, 3);
      return this.bias === undefined ? value : tf.add(value, this.bias.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }

  private convolve(image: tf.Tensor4D, kernel: tf.Tensor4D): tf.Tensor4D {
    const [vertical, horizontal] = this.dilation;
    const [, height, width] = image.shape;
    const [top, bottom, down] = this.edges(height, 0);
    const [left, right, across] = this.edges(width, 1);
    if (vertical === 1 && horizontal === 1) {
      // Padded here: the WASM engine errs for 'same' where a stride exceeds the kernel.
      const padded = tf.pad(image, [
        [0, 0],
        [top, bottom],
        [left, right],
        [0, 0],
      ]);
      return tf.conv2d(padded as tf.Tensor4D, kernel, this.strides, 'valid');
    }
    const surrounded = [
      [top, bottom + down],
      [left, right + across],
    ];
    const phases = tf.spaceToBatchND(image, this.dilation, surrounded) as tf.Tensor4D;
    const dense = tf.batchToSpaceND(tf.conv2d(phases, kernel, 1, 'valid'), this.dilation, [
      [0, down],
      [0, across],
    ]);
    const [rows, columns] = this.strides;
    return rows === 1 && columns === 1
      ? (dense as tf.Tensor4D)
      : tf.avgPool(dense as tf.Tensor4D, 1, this.strides, 'valid');
  }

  /** Zeros before and after an axis, and how many more make it a multiple of the dilation. */
  private edges(size: number, axis: 0 | 1): [number, number, number] {
    const total = this.padding(size, axis);
    const before = Math.floor(total / 2);
    const dilation = this.dilation[axis];
    return [before, total - before, (dilation - ((size + total) % dilation)) % dilation];
  }

  private padding(size: number, axis: 0 | 1): number {
    if (this.config.padding !== 'same') return 0;
    const stride = this.strides[axis];
    return Math.max((Math.ceil(size / stride) - 1) * stride + this.reach(axis) - size, 0);
  }

  /** Pixels from the first to the last tap of the kernel. */
  private reach(axis: 0 | 1): number {
    return (this.kernelSize[axis] - 1) * this.dilation[axis] + 1;
  }

  private outputSize(size: number | null, axis: 0 | 1): number | null {
    if (size === null) return null;
    const room = size + this.padding(size, axis) - this.reach(axis);
    return Math.floor(room / this.strides[axis]) + 1;
  }
}
tf.serialization.registerClass(GroupedConv2D);

import * as tf from '@tensorflow/tfjs';

/** Configuration of `DilatedDepthwiseConv2D`. */
export interface DilatedDepthwiseConv2DConfig {
  name?: string;
  /** Height and width: one number, or a pair; so are strides and dilation. */
  kernelSize: number | [number, number];
  strides?: number | [number, number];
  /** `same` puts the odd pixel below and right; `valid` by default. */
  padding?: 'same' | 'valid';
  /** Pixels between neighbouring taps of the kernel. */
  dilationRate?: number | [number, number];
  /** Output channels for each input channel; 1 by default. */
  depthMultiplier?: number;
  useBias?: boolean;
  /** `glorotNormal` by default. */
  depthwiseInitializer?: 'glorotNormal' | 'glorotUniform' | 'heNormal' | 'heUniform';
}

/**
 * Convolution of each channel of images [n, h, w, c] by kernels of its own, with
 * a dilation, which `tf.layers.depthwiseConv2d` cannot train. Weights: depthwise
 * kernel [kh, kw, c, multiplier], bias [c * multiplier]. A dilated convolution is
 * a plain one over the pixels of each residue of the dilation, and trains as such.
 */
export class DilatedDepthwiseConv2D extends tf.layers.Layer {
  static className = 'DilatedDepthwiseConv2D';
  private readonly kernelSize: [number, number];
  private readonly strides: [number, number];
  private readonly dilation: [number, number];
  private readonly multiplier: number;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(private readonly config: DilatedDepthwiseConv2DConfig) {
    super(config);
    const { kernelSize, strides = 1, dilationRate = 1, depthMultiplier = 1 } = config;
    this.kernelSize = typeof kernelSize === 'number' ? [kernelSize, kernelSize] : kernelSize;
    this.strides = typeof strides === 'number' ? [strides, strides] : strides;
    this.dilation = typeof dilationRate === 'number' ? [dilationRate, dilationRate] : dilationRate;
    this.multiplier = depthMultiplier;
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const channels = (inputShape as tf.Shape)[3] ?? 0;
    const { useBias = true, depthwiseInitializer = 'glorotNormal' } = this.config;
    const shape = [...this.kernelSize, channels, this.multiplier];
    const initializer = tf.initializers[depthwiseInitializer]({});
    this.kernel = this.addWeight('depthwise_kernel', shape, 'float32', initializer);
    if (useBias) {
      const size = channels * this.multiplier;
      this.bias = this.addWeight('bias', [size], 'float32', tf.initializers.zeros());
    }
    this.built = true;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    return [
      batch,
      this.outputSize(height, 0),
      this.outputSize(width, 1),
      channels === null ? null : channels * this.multiplier,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    return tf.tidy(() => {
      const value = this.convolve(image, this.kernel!.read() as tf.Tensor4D);
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
      return tf.depthwiseConv2d(padded as tf.Tensor4D, kernel, this.strides, 'valid');
    }
    const surrounded = [
      [top, bottom + down],
      [left, right + across],
    ];
    const phases = tf.spaceToBatchND(image, this.dilation, surrounded) as tf.Tensor4D;
    const values = tf.depthwiseConv2d(phases, kernel, 1, 'valid');
    const dense = tf.batchToSpaceND(values, this.dilation, [
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
tf.serialization.registerClass(DilatedDepthwiseConv2D);

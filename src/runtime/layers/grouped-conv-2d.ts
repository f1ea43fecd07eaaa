import * as tf from '../tensorflow.js';
import { convolutionWindows, type ConvolutionOptions } from '../values/convolution-windows.js';
import { convolveDilated } from '../values/convolve-dilated.js';
import { convolveGroups } from '../values/convolve-groups.js';
import { pairOf } from '../values/pair.js';
import { countWindows } from '../values/windows.js';

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
 * [kh, kw, c / groups, filters], bias [filters].
 */
export class GroupedConv2D extends tf.layers.Layer {
  static className = 'GroupedConv2D';
  private readonly kernelSize: [number, number];
  private readonly options: ConvolutionOptions;
  private readonly groups: number;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(private readonly config: GroupedConv2DConfig) {
    super(config);
    const { kernelSize, strides = 1, padding = 'valid', dilationRate = 1 } = config;
    this.kernelSize = pairOf(kernelSize);
    this.options = { strides: pairOf(strides), padding, dilation: pairOf(dilationRate) };
    this.groups = config.groups ?? 1;
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
    const windows = convolutionWindows(this.kernelSize, this.options);
    return [
      batch,
      countWindows(height, 0, windows),
      countWindows(width, 1, windows),
      this.config.filters,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return tf.tidy(() => {
      const kernel = this.kernel!.read() as tf.Tensor4D;
      const value = convolveGroups(image, kernel, this.groups, (part, own) =>
        convolveDilated(part, own, this.options),
      );
      return this.bias === undefined ? value : tf.add(value, this.bias.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(GroupedConv2D);

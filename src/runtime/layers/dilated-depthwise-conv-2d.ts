import * as tf from '../tensorflow.js';
import { convolutionWindows, type ConvolutionOptions } from '../values/convolution-windows.js';
import { convolveDepthwise } from '../values/convolve-depthwise.js';
import { pairOf } from '../values/pair.js';
import { countWindows } from '../values/windows.js';

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
 * kernel [kh, kw, c, multiplier], bias [c * multiplier].
 */
export class DilatedDepthwiseConv2D extends tf.layers.Layer {
  static className = 'DilatedDepthwiseConv2D';
  private readonly kernelSize: [number, number];
  private readonly options: ConvolutionOptions;
  private readonly multiplier: number;
  private kernel?: tf.LayerVariable;
  private bias?: tf.LayerVariable;

  constructor(private readonly config: DilatedDepthwiseConv2DConfig) {
    super(config);
    const { kernelSize, strides = 1, padding = 'valid', dilationRate = 1 } = config;
    this.kernelSize = pairOf(kernelSize);
    this.options = { strides: pairOf(strides), padding, dilation: pairOf(dilationRate) };
    this.multiplier = config.depthMultiplier ?? 1;
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
    const windows = convolutionWindows(this.kernelSize, this.options);
    return [
      batch,
      countWindows(height, 0, windows),
      countWindows(width, 1, windows),
      channels === null ? null : channels * this.multiplier,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image] = [inputs].flat() as [tf.Tensor4D];
    return tf.tidy(() => {
      const kernel = this.kernel!.read() as tf.Tensor4D;
      const value = convolveDepthwise(image, kernel, this.options);
      return this.bias === undefined ? value : tf.add(value, this.bias.read());
    });
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...this.config, ...super.getConfig() };
  }
}
tf.serialization.registerClass(DilatedDepthwiseConv2D);

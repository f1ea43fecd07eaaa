import * as tf from '@tensorflow/tfjs';

/** Configuration of `BilinearUpsampling2D`. */
export interface BilinearUpsampling2DConfig {
  name?: string;
  /** Whole factor, or [vertical, horizontal] factors. */
  size: number | [number, number];
  /** Placement of sample points; `halfPixel` by default. */
  grid?: 'halfPixel' | 'alignCorners' | 'legacy';
}

/**
 * Enlarges images [n, h, w, c] by whole factors with bilinear interpolation.
 * `halfPixel` is the grid of Keras and of PyTorch with align_corners=False;
 * `legacy` is that of TensorFlow 1, the only one `tf.layers.upSampling2d` has.
 * The gradient is the layer's own: TensorFlow.js' is wrong for half-pixel grids.
 */
export class BilinearUpsampling2D extends tf.layers.Layer {
  static className = 'BilinearUpsampling2D';
  private readonly factors: [number, number];
  private readonly grid: 'halfPixel' | 'alignCorners' | 'legacy';

  constructor(config: BilinearUpsampling2DConfig) {
    super(config);
    const { size, grid = 'halfPixel' } = config;
    this.factors = typeof size === 'number' ? [size, size] : size;
    this.grid = grid;
  }

  override computeOutputShape(inputShape: tf.Shape): tf.Shape {
    const [batch = null, height = null, width = null, channels = null] = inputShape;
    const [vertical, horizontal] = this.factors;
    return [
      batch,
      height === null ? null : height * vertical,
      width === null ? null : width * horizontal,
      channels,
    ];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const image = (Array.isArray(inputs) ? inputs[0] : inputs) as tf.Tensor4D;
    return this.resize(image);
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), size: this.factors, grid: this.grid };
  }

  private readonly resize = tf.customGrad((image) => {
    const [batch, height, width, channels] = (image as tf.Tensor4D).shape;
    const outHeight = height * this.factors[0];
    const outWidth = width * this.factors[1];
    const value = tf.image.resizeBilinear(
      image as tf.Tensor4D,
      [outHeight, outWidth],
      this.grid === 'alignCorners',
      this.grid === 'halfPixel',
    );
    // Resizing multiplies rows and columns by fixed matrices; its gradient by their transposes.
    const gradFunc = (dy: tf.Tensor) =>
      tf.tidy(() => {
        const byRow = dy.transpose([1, 0, 2, 3]).reshape([outHeight, -1]);
        const byColumn = tf
          .matMul(this.samplingMatrix(height, outHeight), byRow, true)
          .reshape([height, batch, outWidth, channels])
          .transpose([2, 1, 0, 3])
          .reshape([outWidth, -1]);
        return tf
          .matMul(this.samplingMatrix(width, outWidth), byColumn, true)
          .reshape([width, batch, height, channels])
          .transpose([1, 2, 0, 3]);
      });
    return { value, gradFunc };
  });

  /** [outSize, size]: row i holds the weights of the source pixels of output i. */
  private samplingMatrix(size: number, outSize: number): tf.Tensor2D {
    const weights = new Float32Array(outSize * size);
    for (let i = 0; i < outSize; i++) {
      const position = Math.min(this.sourcePosition(i, size, outSize), size - 1);
      const below = Math.floor(position);
      const above = Math.min(below + 1, size - 1);
      weights[i * size + below]! += 1 - (position - below);
      weights[i * size + above]! += position - below;
    }
    return tf.tensor2d(weights, [outSize, size]);
  }

  private sourcePosition(index: number, size: number, outSize: number): number {
    switch (this.grid) {
      case 'halfPixel':
        return Math.max(0, ((index + 0.5) * size) / outSize - 0.5);
      case 'alignCorners':
        return outSize > 1 ? (index * (size - 1)) / (outSize - 1) : 0;
      case 'legacy':
        return (index * size) / outSize;
    }
  }
}
tf.serialization.registerClass(BilinearUpsampling2D);

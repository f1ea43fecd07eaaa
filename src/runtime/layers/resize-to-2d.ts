import * as tf from '../tensorflow.js';
import { resizeBilinear } from '../values/resize-bilinear.js';
import { resizeNearest } from '../values/resize-nearest.js';
import type { Grid } from '../values/sample-gradient.js';

type Method = 'bilinear' | 'nearest' | 'nearestHalfPixel' | 'nearestAlignCorners';

/** Configuration of `ResizeTo2D`. */
export interface ResizeTo2DConfig {
  name?: string;
  /** `bilinear` by default; nearest on the legacy, half-pixel and aligned grid. */
  method?: Method;
  /** Of bilinear resizing; `halfPixel` by default. */
  grid?: Grid;
}

/** Resizes images [n, h, w, c] to the height and width of a second input. */
export class ResizeTo2D extends tf.layers.Layer {
  static className = 'ResizeTo2D';
  private readonly method: Method;
  private readonly grid: Grid;

  constructor(config: ResizeTo2DConfig = {}) {
    super(config);
    const { method = 'bilinear', grid = 'halfPixel' } = config;
    this.method = method;
    this.grid = grid;
  }

  override computeOutputShape(inputShapes: tf.Shape[]): tf.Shape {
    const [image = [], target = []] = inputShapes;
    return [image[0] ?? null, target[1] ?? null, target[2] ?? null, image[3] ?? null];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [image, target] = inputs as [tf.Tensor4D, tf.Tensor4D];
    const size: [number, number] = [target.shape[1], target.shape[2]];
    switch (this.method) {
      case 'bilinear':
        return resizeBilinear(image, size, this.grid);
      case 'nearest':
        return resizeNearest(image, size, 'legacy');
      case 'nearestHalfPixel':
        return resizeNearest(image, size, 'halfPixel');
      case 'nearestAlignCorners':
        return resizeNearest(image, size, 'alignCorners');
    }
  }

  override getConfig(): tf.serialization.ConfigDict {
    return { ...super.getConfig(), method: this.method, grid: this.grid };
  }
}
tf.serialization.registerClass(ResizeTo2D);

import * as tf from '../tensorflow.js';
import { attend } from '../values/attend.js';

/** Configuration of `Attention2D`. */
export interface Attention2DConfig {
  name?: string;
  /** Parts of the channels, each with weights of its own. */
  heads: number;
  /** Height and width of windows in which pixels look at each other; without, each looks at all. */
  window?: number;
  /** How far the grid of windows lies below and right of the corner; 0 by default. */
  shift?: number;
  /** Whether a weight is added for the difference of two places in a window; `none` by default. */
  position?: 'none' | 'relative';
  /** Whether products are divided by the root of the channels of a head; true by default. */
  scaled?: boolean;
}

/**
 * Multi-head attention of queries, keys and values, images [n, h, w, c], the last two of one
 * size (Vaswani et al. 2017; in windows Liu et al. 2021). Weight of relative positions: table
 * [(2 window - 1)^2, heads].
 */
export class Attention2D extends tf.layers.Layer {
  static className = 'Attention2D';
  private table?: tf.LayerVariable;

  constructor(private readonly config: Attention2DConfig) {
    super(config);
  }

  override build(): void {
    const { heads, window = 1, position } = this.config;
    if (position === 'relative') {
      const shape = [(2 * window - 1) ** 2, heads];
      this.table = this.addWeight('table', shape, 'float32', tf.initializers.zeros());
    }
    this.built = true;
  }

  override computeOutputShape(inputShapes: tf.Shape[]): tf.Shape {
    const [queries = [], , values = []] = inputShapes;
    return [...queries.slice(0, 3), values[3] ?? null];
  }

  override call(inputs: tf.Tensor | tf.Tensor[]): tf.Tensor {
    const [queries, keys, values] = inputs as [tf.Tensor4D, tf.Tensor4D, tf.Tensor4D];
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

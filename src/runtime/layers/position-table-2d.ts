import * as tf from '../tensorflow.js';

/** Configuration of `PositionTable2D`. */
export interface PositionTable2DConfig {
  name?: string;
  /** Height and width of the table: one number, or [vertical, horizontal]. */
  size: number | [number, number];
}

/** Adds a weight for each channel of every pixel, table [h, w, c], to images [n, h, w, c]. */
export class PositionTable2D extends tf.layers.Layer {
  static className = 'PositionTable2D';
  private table?: tf.LayerVariable;

  constructor(private readonly config: PositionTable2DConfig) {
    super(config);
  }

  override build(inputShape: tf.Shape | tf.Shape[]): void {
    const { size } = this.config;
    const [height, width] = typeof size === 'number' ? [size, size] : size;
    const shape = [height, width, (inputShape as tf.Shape)[3] ?? 0];
    this.table = this.addWeight('table', shape, 'float32', tf.initializers.zeros());
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

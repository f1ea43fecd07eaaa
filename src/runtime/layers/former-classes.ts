import * as tf from '../tensorflow.js';
import { PaddedPooling2D, type PaddedPooling2DConfig } from './padded-pooling-2d.js';

/** What saved models of earlier versions call a `PaddedPooling2D` that keeps a last, partial window. */
class CeilMaxPooling2D extends PaddedPooling2D {
  static override className = 'CeilMaxPooling2D';

  constructor(config: PaddedPooling2DConfig) {
    super({ ...config, take: 'max', rounding: 'ceil' });
  }
}
tf.serialization.registerClass(CeilMaxPooling2D);

/** As above, of the mean. */
class CeilAveragePooling2D extends PaddedPooling2D {
  static override className = 'CeilAveragePooling2D';

  constructor(config: PaddedPooling2DConfig) {
    super({ ...config, take: 'mean', rounding: 'ceil' });
  }
}
tf.serialization.registerClass(CeilAveragePooling2D);

import type * as tf from '../tensorflow.js';

/**
 * The number in a loss, whose tensor is freed. Waits for engines that read asynchronously;
 * rejects with `EngineFailure` where the engine failed on the way to it.
 */
export async function readLoss(loss: tf.Scalar): Promise<number> {
  try {
    return (await loss.data<'float32'>())[0]!;
  } finally {
    loss.dispose();
  }
}

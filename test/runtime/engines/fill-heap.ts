import * as tf from '../../../src/runtime/tensorflow.js';

/**
 * Takes the whole heap of the wasm engine but for `left` bytes in one piece. The
 * memory stays untouched, so none of the machine's goes.
 */
export function fillHeap(left: number): void {
  const { wasm } = tf.backend() as unknown as {
    readonly wasm: {
      // Beside the guarded function, which ends the engine at the first refusal.
      readonly asm: { malloc(bytes: number): number };
      _free(address: number): void;
    };
  };
  const kept = wasm.asm.malloc(left);
  for (let bytes = 2 ** 28; bytes >= 2 ** 12; bytes /= 2) {
    while (wasm.asm.malloc(bytes) !== 0);
  }
  wasm._free(kept);
}

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { EngineFailure } from '../../../src/runtime/engines/engine.js';
import { failureOfEngine } from '../../../src/runtime/engines/guard.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { fillHeap } from './fill-heap.js';

/** Memory of that size on the heap, untouched, so that no memory of the machine goes. */
function take(bytes: number): void {
  const backend = tf.backend() as unknown as {
    makeOutput(shape: number[], dtype: string): unknown;
  };
  backend.makeOutput([bytes], 'bool');
}

function failureOf(work: () => unknown): EngineFailure {
  try {
    work();
  } catch (error) {
    if (error instanceof EngineFailure) return error;
    throw error;
  }
  throw new Error('there was a result');
}

const image = (size: number): tf.Tensor4D => tf.ones([1, size, size, 1]);

describe('a failure of the wasm engine', () => {
  beforeEach(async () => {
    await startEngine('wasm');
  });
  afterEach(async () => {
    await startEngine('wasm');
    expect(failureOfEngine()).toBeUndefined();
  });

  test('a tensor for which the heap has no room', () => {
    fillHeap(2 ** 24);
    const failure = failureOf(() => take(2 ** 25));
    expect(failure.kind).toBe('out-of-memory');
    expect(failure.message).toContain('no room for 32.0 MiB more');
  });

  test('a tensor larger than any address', () => {
    const failure = failureOf(() => take(2 ** 33));
    expect(failure.kind).toBe('out-of-memory');
  });

  test('a kernel that only prints that it failed', () => {
    const x = image(1200);
    // Two kernels for a channel are left to XNNPACK.
    const kernel = tf.ones<tf.Rank.R4>([3, 3, 1, 2]);
    // The output fits, XNNPACK's table of 36 bytes a pixel does not.
    fillHeap(2 ** 24);
    const failure = failureOf(() => tf.depthwiseConv2d(x, kernel, 1, 'same'));
    expect(failure.kind).toBe('out-of-memory');
    expect(failure.reason).toMatch(
      /DepthwiseConv2dNative says "XNN status for xnn_.* Got status 6/,
    );
  });

  test('after it no operation and no reading gives a value, and disposing is safe', async () => {
    const x = image(8);
    failureOf(() => take(2 ** 33));
    expect(failureOfEngine()?.kind).toBe('out-of-memory');
    failureOf(() => tf.add(x, 1));
    failureOf(() => x.dataSync());
    failureOf(() => tf.tensor([1]));
    await expect(x.data()).rejects.toBeInstanceOf(EngineFailure);
    expect(() => x.dispose()).not.toThrow();
  });

  test('a tidy frees what it made, and the failure comes through', () => {
    const failure = failureOf(() =>
      tf.tidy(() => {
        tf.add(image(8), 1);
        take(2 ** 33);
      }),
    );
    expect(failure.kind).toBe('out-of-memory');
  });

  test('a fresh start computes again', async () => {
    failureOf(() => take(2 ** 33));
    await startEngine('wasm');
    expect([...tf.add(tf.tensor([1, 2]), 1).dataSync()]).toEqual([2, 3]);
  });

  test('wrong arguments are no failure of the engine', () => {
    expect(() => tf.conv2d(image(4), tf.ones<tf.Rank.R4>([3, 3, 5, 1]), 1, 'same')).toThrow();
    expect(failureOfEngine()).toBeUndefined();
  });
});

test('the cpu engine fails where JavaScript has no room', async () => {
  await startEngine('cpu');
  const far = tf.ones([2 ** 20, 1]);
  const failure = failureOf(() => tf.matMul(far, far, false, true));
  expect(failure).toMatchObject({ backend: 'cpu', kind: 'out-of-memory' });
});

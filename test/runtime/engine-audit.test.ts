import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../src/runtime/tensorflow.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { batchNormTraining } from '../../src/runtime/primitives/batch-normalization.js';
import { conv2d } from '../../src/runtime/primitives/convolution.js';
import { dropout } from '../../src/runtime/primitives/dropout.js';
import { initialiseWeights } from '../../src/runtime/network/weights.js';
import { Random } from '../../src/runtime/random.js';
import { traps, type Trap } from './engine-traps.js';
import { GraphBuilder, plain } from './graph-builder.js';
import { differentiate, distinctValues, normalValues, relativeError } from './numeric.js';
import type { Image } from './reference-operations.js';
import { describeOn } from './webgpu.js';

/**
 * What TensorFlow.js computes wrongly, ignores or refuses on some engine, and that
 * our own path gives the right value and gradient on each: against definitions in
 * float64 and their differences, not against another engine.
 */

/** Central differences of sum(w * output), with the weights that `differentiate` takes. */
function differences(
  trap: Trap,
  image: Float32Array,
  kernel: Float32Array,
): { output: Float64Array; image: Float64Array; kernel: Float64Array } {
  const step = 1e-4;
  const run = (values: ArrayLike<number>, taps: ArrayLike<number>): Image =>
    trap.defined({ shape: trap.shape, values: Float64Array.from(values) }, taps);
  const whole = run(image, kernel);
  const weights = normalValues([1, ...whole.shape], 99);
  const total = (values: ArrayLike<number>, taps: ArrayLike<number>): number =>
    run(values, taps).values.reduce((sum, value, at) => sum + value * weights[at]!, 0);
  const along = (values: Float32Array, evaluate: (moved: Float64Array) => number): Float64Array =>
    Float64Array.from(values, (value, at) => {
      const moved = Float64Array.from(values);
      moved[at] = value + step;
      const above = evaluate(moved);
      moved[at] = value - step;
      return (above - evaluate(moved)) / (2 * step);
    });
  return {
    output: whole.values,
    image: along(image, (moved) => total(moved, kernel)),
    kernel: along(kernel, (moved) => total(image, moved)),
  };
}

beforeAll(async () => {
  await startEngine('wasm');
});

describeOn(['cpu', 'wasm', 'webgpu', 'tensorflow'], 'right in value and gradient', (engine) => {
  test.each(traps.map((trap) => [trap.title, trap] as const))('%s', async (_title, trap) => {
    const image = distinctValues(trap.shape, 1);
    const kernel = trap.kernel ? normalValues(trap.kernel, 2) : new Float32Array();
    const args = [
      { shape: [1, ...trap.shape], values: image },
      ...(trap.kernel ? [{ shape: trap.kernel, values: kernel }] : []),
    ];
    const expected = differences(trap, image, kernel);
    const found = await differentiate(
      engine,
      (x, taps) => trap.ours(x as tf.Tensor4D, taps as tf.Tensor4D),
      args,
    );
    expect(relativeError(found.output, expected.output)).toBeLessThan(1e-5);
    expect(relativeError(found.gradients[0]!, expected.image)).toBeLessThan(1e-4);
    if (trap.kernel === undefined) return;
    expect(relativeError(found.gradients[1]!, expected.kernel)).toBeLessThan(1e-4);
  });
});

describeOn(['tensorflow'], 'what ends the process', (backend) => {
  test('the gradient of a filter of one tap with strides, of few channels', async () => {
    const args = [
      { shape: [1, 64, 64, 8], values: normalValues([1, 64, 64, 8], 5) },
      { shape: [1, 1, 8, 16], values: normalValues([1, 1, 8, 16], 6) },
    ];
    const run = (x: tf.Tensor, kernel: tf.Tensor): tf.Tensor =>
      conv2d(x as tf.Tensor4D, kernel as tf.Tensor4D, {
        ...{ stride: [2, 2], padding: 'same' },
        ...plain,
      });
    const expected = await differentiate('cpu', run, args);
    for (let round = 0; round < 5; round++) {
      const found = await differentiate(backend, run, args);
      expect(relativeError(found.gradients[1]!, expected.gradients[1]!)).toBeLessThan(1e-5);
    }
  });
});

describe('on wasm', () => {
  beforeAll(async () => {
    await tf.setBackend('wasm');
  });

  test('statistics of values far from 0 stay exact', () => {
    const values = normalValues([2, 8, 8, 3], 4).map((value) => Math.fround(value + 1000));
    const mean = [0, 1, 2].map(
      (c) => values.filter((_, at) => at % 3 === c).reduce((sum, value) => sum + value, 0) / 128,
    );
    const variance = mean.map(
      (centre, c) =>
        values
          .filter((_, at) => at % 3 === c)
          .reduce((sum, value) => sum + (value - centre) ** 2, 0) / 128,
    );
    const x = tf.tensor4d(values, [2, 8, 8, 3]);
    const batch = batchNormTraining(x, tf.ones([3]), tf.zeros([3]), 1e-5, false);
    expect(relativeError(batch.mean.dataSync(), mean)).toBeLessThan(1e-7);
    expect(relativeError(batch.variance.dataSync(), variance)).toBeLessThan(1e-6);
  });

  test('a weight that is assigned anew is used anew', () => {
    const x = tf.ones<tf.Rank.R4>([1, 4, 4, 1]);
    const kernel = tf.variable(tf.fill([1, 1, 1, 1], 2)) as tf.Variable<tf.Rank.R4>;
    const run = (): number => {
      const options = { stride: [1, 1], padding: 'same', ...plain } as const;
      return conv2d(x, kernel, options).dataSync()[0]!;
    };
    expect(run()).toBe(2);
    kernel.assign(tf.fill([1, 1, 1, 1], 3));
    expect(run()).toBe(3);
  });

  test('the gradient of a gather adds up what was taken twice', () => {
    const gradient = tf.grad((x) => tf.sum(tf.gather(x, tf.tensor1d([0, 2, 2], 'int32'))));
    expect([...gradient(tf.tensor1d([1, 2, 3])).dataSync()]).toEqual([1, 0, 2]);
  });

  test('dropout draws a new mask each time, the same ones from the same seed', () => {
    const x = tf.ones<tf.Rank.R4>([1, 8, 8, 4]);
    const masks = (): string[] => {
      const random = new Random(5);
      return [0, 1].map(() => dropout(x, 0.5, 'values', random).dataSync().join());
    };
    const [first, second] = masks();
    expect(first).not.toBe(second);
    expect(masks()).toEqual([first, second]);
  });

  test("normal initial values have He's deviation, and no two weights the same values", () => {
    const graph = new GraphBuilder(64);
    const a = graph.conv('a', graph.image, 64);
    const weights = initialiseWeights(
      graph.output('mask', graph.conv('b', a, 64)).build(),
      new Random(1),
    );
    const [first, second] = ['a', 'b'].map((name) =>
      Float32Array.from(weights.get(`${name}/kernel`).dataSync()),
    );
    const deviation = Math.sqrt(
      first!.reduce((sum, value) => sum + value * value, 0) / first!.length,
    );
    expect(deviation / Math.sqrt(2 / (9 * 64))).toBeCloseTo(1, 1);
    expect(first).not.toEqual(second);
    weights.dispose();
  });
});

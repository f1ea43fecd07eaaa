import { beforeEach, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { runMany, runOne } from '../../../src/runtime/kernels/gradients.js';
import { kernelNames } from '../../../src/runtime/kernels/names.js';
import { adam } from '../../../src/runtime/network/optimizers/adam.js';
import type { UpdateRule } from '../../../src/runtime/network/optimizers/optimizer.js';
import { rmsprop } from '../../../src/runtime/network/optimizers/rmsprop.js';
import { sgd } from '../../../src/runtime/network/optimizers/sgd.js';
import {
  batchNormTraining,
  movingAverage,
} from '../../../src/runtime/primitives/batch-normalization.js';
import { addBias } from '../../../src/runtime/primitives/convolution.js';
import { differentiate, normalValues, relativeError, type TensorFunction } from '../numeric.js';
import { describeOnWebgpu } from '../webgpu.js';

/** Shapes with few and many channels, odd ones, and more rows than a workgroup adds. */
const shapes = [
  [2, 3, 5, 3],
  [1, 3, 1, 1],
  [2, 7, 5, 24],
  [1, 2, 3, 33],
  [2, 5, 3, 70],
  [3, 64, 50, 8],
  [2, 120, 90, 5],
];
const shown = shapes.map((shape) => [shape.join(' x '), shape] as const);

/** What a function gives, and the gradients of it, on both engines. */
async function onBoth(run: TensorFunction, args: readonly (readonly number[])[], centre = 0) {
  const given = args.map((shape, at) => ({
    shape,
    values: normalValues(shape, at + 1).map((value) => Math.fround(value + centre)),
  }));
  const cpu = await differentiate('cpu', run, given);
  return { cpu, card: await differentiate('webgpu', run, given) };
}

describeOnWebgpu('kernels of the webgpu engine are right:', () => {
  beforeEach(async () => {
    await startEngine('webgpu');
  });

  describe.each([true, false])('a batch norm, with a ReLU: %p', (relu) => {
    test.each(shown)('%s', async (_title, shape) => {
      const channels = shape[3]!;
      const run: TensorFunction = (x, gamma, beta) =>
        batchNormTraining(x as tf.Tensor4D, gamma as tf.Tensor1D, beta as tf.Tensor1D, 1e-3, relu)
          .output;
      const { cpu, card } = await onBoth(run, [shape, [channels], [channels]]);
      expect(relativeError(card.output, cpu.output)).toBeLessThan(1e-5);
      cpu.gradients.forEach((expected, at) => {
        expect(relativeError(card.gradients[at]!, expected)).toBeLessThan(1e-4);
      });
    });
  });

  test('statistics of values far from 0 stay exact', async () => {
    const shape = [2, 40, 40, 3];
    const values = normalValues(shape, 4).map((value) => Math.fround(value + 1000));
    const rows = values.length / 3;
    const mean = [0, 1, 2].map(
      (c) => values.filter((_, at) => at % 3 === c).reduce((sum, value) => sum + value, 0) / rows,
    );
    const variance = mean.map(
      (centre, c) =>
        values
          .filter((_, at) => at % 3 === c)
          .reduce((sum, value) => sum + (value - centre) ** 2, 0) / rows,
    );
    const x = tf.tensor4d(values, shape as [number, number, number, number]);
    const batch = batchNormTraining(x, tf.ones([3]), tf.zeros([3]), 1e-5, false);
    expect(relativeError(await batch.mean.data(), mean)).toBeLessThan(1e-7);
    expect(relativeError(await batch.variance.data(), variance)).toBeLessThan(1e-6);
  });

  test.each(shown)('the gradient of a bias: %s', async (_title, shape) => {
    const run: TensorFunction = (x, bias) => addBias(x as tf.Tensor4D, bias as tf.Tensor1D);
    const { cpu, card } = await onBoth(run, [shape, [shape[3]!]]);
    expect(relativeError(card.gradients[1]!, cpu.gradients[1]!)).toBeLessThan(1e-5);
  });

  const rules: readonly (readonly [string, UpdateRule])[] = [
    ['adam', adam()],
    ['adamw', adam({ weightDecay: 0.1 })],
    ['sgd', sgd({ momentum: 0.9 })],
    ['sgd with Nesterov momentum', sgd({ momentum: 0.9, nesterov: true })],
    ['rmsprop', rmsprop({ momentum: 0.5 })],
  ];
  test.each(rules)('a step of %s', async (_title, rule) => {
    const shape = [3, 3, 31, 9];
    const stepOn = async (engine: string): Promise<readonly Float32Array[]> => {
      await tf.setBackend(engine);
      const tensors = [1, 2, 3, 4].map((seed) => tf.tensor(normalValues(shape, seed), shape));
      const [weight, gradient, ...slots] = tensors.map((tensor, at) =>
        at < 2 ? tensor : tf.square(tensor),
      );
      const call = { learningRate: 0.01, step: 3, decays: true };
      const { slots: used } = { slots: slots.slice(0, rule.slots.length) };
      const after = rule.update(weight!, gradient!, used, call);
      return Promise.all([after.weight, ...after.slots].map((each) => each.data<'float32'>()));
    };
    const expected = await stepOn('cpu');
    const found = await stepOn('webgpu');
    expect(found).toHaveLength(expected.length);
    expected.forEach((values, at) => {
      expect(relativeError(found[at]!, values)).toBeLessThan(1e-6);
    });
  });

  test('a moving average', async () => {
    const next = movingAverage(tf.tensor1d([1, 2, 3]), tf.tensor1d([5, 5, 5]), 0.75);
    expect([...(await next.data())]).toEqual([2, 2.75, 3.5]);
  });

  test('truth values and whole numbers become numbers that every kernel moves', async () => {
    const x = tf.tensor2d([1, 2, 3, 3, 2, 1], [2, 3]);
    const marks = tf.cast(tf.greater(x, 1), 'float32');
    expect([...(await tf.transpose(marks).data())]).toEqual([0, 1, 1, 1, 1, 0]);
    const whole = tf.cast(tf.tensor2d([1, -2, 3, 4], [2, 2], 'int32'), 'float32');
    expect([...(await tf.transpose(whole).data())]).toEqual([1, 3, -2, 4]);
    expect((await tf.cast(tf.zeros([0, 2], 'int32'), 'float32').data()).length).toBe(0);
  });

  test('the same values give the same bits, and nothing is left on the device', async () => {
    const shape = [3, 64, 50, 8];
    const x = tf.tensor(normalValues(shape, 1), shape);
    const dy = tf.tensor(normalValues(shape, 2), shape);
    const [gamma, beta] = [tf.ones([8]), tf.zeros([8])];
    const once = async (): Promise<string> => {
      const made = tf.tidy(() => {
        const attributes = { epsilon: 1e-3, relu: true };
        const norm = runMany(kernelNames.batchNormTraining, { x, gamma, beta }, attributes);
        const [y, mean, variance] = norm as [tf.Tensor, tf.Tensor, tf.Tensor];
        const inputs = { dy, x, y, gamma, mean, variance };
        return [
          ...norm,
          ...runMany(kernelNames.batchNormTrainingGradient, inputs, attributes),
          runOne(kernelNames.channelSum, { x }),
        ];
      });
      const values = await Promise.all(made.map((each) => each.data()));
      tf.dispose(made);
      return values.map((each) => each.join()).join(';');
    };
    const first = await once();
    const { numTensors } = tf.memory();
    const held = tf.engine().backend.numDataIds();
    for (let round = 0; round < 3; round++) expect(await once()).toBe(first);
    expect(tf.memory().numTensors).toBe(numTensors);
    expect(tf.engine().backend.numDataIds()).toBe(held);
  });
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import type { LossExpression, LossName } from '../../../src/ir/recipe.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import type { Head } from '../../../src/runtime/losses/head.js';
import { lossOfHead } from '../../../src/runtime/losses/loss.js';
import { makeTarget } from '../../../src/runtime/losses/target.js';

beforeAll(async () => {
  await startEngine('wasm');
});

const head = (channels: number, activation: Head['activation']): Head => ({
  name: 'm',
  channels,
  classCount: Math.max(2, channels),
  activation,
  gives: 'probabilities',
  form: 'classes',
  classifiesImages: false,
});

/** Two pixels, of the classes 1 and 0. */
function value(
  name: LossName,
  options: Readonly<Record<string, unknown>>,
  { channels, ...rest }: Head,
  probabilities: readonly number[],
): number {
  const loss: LossExpression = {
    kind: 'loss',
    loss: { name, options, origin: { file: '', start: 0, end: 0 } },
  };
  return tf.tidy(() => {
    const of: Head = { channels, ...rest };
    const target = makeTarget(of, {
      count: 1,
      height: 1,
      width: 2,
      masks: Uint8Array.of(1, 0),
      weights: Float32Array.of(1, 1),
    });
    const output = tf.tensor4d([...probabilities], [1, 1, 2, channels]);
    return lossOfHead(loss, of, output, target).dataSync()[0]!;
  });
}

describe('class weights', () => {
  test('one channel: background and foreground', () => {
    const found = value('bce', { class_weights: [3, 5] }, head(1, 'sigmoid'), [0.9, 0.2]);
    expect(found).toBeCloseTo((-5 * Math.log(0.9) - 3 * Math.log(0.8)) / 2, 6);
  });
  test('exclusive classes: by what is true', () => {
    const options = { class_weights: [3, 5, 7] };
    const probabilities = [0.2, 0.5, 0.3, 0.6, 0.3, 0.1];
    const found = value('cross_entropy', options, head(3, 'softmax'), probabilities);
    expect(found).toBeCloseTo((-5 * Math.log(0.5) - 3 * Math.log(0.6)) / 2, 6);
  });
  test('independent channels: each its own', () => {
    const found = value('bce', { class_weights: [3, 5] }, head(2, 'sigmoid'), [0.2, 0.5, 0.6, 0.3]);
    const channels = [-Math.log(0.8) - Math.log(0.6), -Math.log(0.5) - Math.log(0.7)];
    expect(found).toBeCloseTo((3 * channels[0]! + 5 * channels[1]!) / 4, 6);
  });
  test.each(['batch', 'image'])('regions: a weighted mean over classes, per %s', (per) => {
    const options = { epsilon: 0, per, class_weights: [1, 3] };
    const found = value('dice', options, head(2, 'softmax'), [0.2, 0.8, 0.6, 0.4]);
    const [background, object] = [1 - 1.2 / 1.8, 1 - 1.6 / 2.2];
    expect(found).toBeCloseTo((background + 3 * object) / 4, 6);
  });
});

test('alpha of a focal loss: the foreground, every class but the first, against the rest', () => {
  const focal = (p: number): number => -((1 - p) ** 2) * Math.log(p);
  const options = { gamma: 2, alpha: 0.25 };
  const three = [0.2, 0.5, 0.3, 0.6, 0.3, 0.1];
  const exclusive = value('focal', options, head(3, 'softmax'), three);
  expect(exclusive).toBeCloseTo((0.25 * focal(0.5) + 0.75 * focal(0.6)) / 2, 6);
  const single = value('focal', options, head(1, 'sigmoid'), [0.9, 0.2]);
  expect(single).toBeCloseTo((0.25 * focal(0.9) + 0.75 * focal(0.8)) / 2, 6);
});

describe('label smoothing', () => {
  test('two classes get half of it each', () => {
    const found = value('bce', { label_smoothing: 0.2 }, head(1, 'sigmoid'), [0.9, 0.2]);
    const first = -0.9 * Math.log(0.9) - 0.1 * Math.log(0.1);
    const second = -0.9 * Math.log(0.8) - 0.1 * Math.log(0.2);
    expect(found).toBeCloseTo((first + second) / 2, 6);
  });
  test('three exclusive classes get a third of it each', () => {
    const probabilities = [0.2, 0.5, 0.3, 0.6, 0.3, 0.1];
    const found = value(
      'cross_entropy',
      { label_smoothing: 0.3 },
      head(3, 'softmax'),
      probabilities,
    );
    const first = -0.8 * Math.log(0.5) - 0.1 * Math.log(0.2 * 0.3);
    const second = -0.8 * Math.log(0.6) - 0.1 * Math.log(0.3 * 0.1);
    expect(found).toBeCloseTo((first + second) / 2, 6);
  });
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { readFileSync } from 'node:fs';
import type { LossExpression, LossName } from '../../../src/ir/recipe.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import type { Head } from '../../../src/runtime/losses/head.js';
import { lossOfHead } from '../../../src/runtime/losses/loss.js';
import { makeTarget, type LossTarget } from '../../../src/runtime/losses/target.js';
import { computeMetric } from '../../../src/runtime/metrics/metrics.js';
import { ConfusionCounter } from '../../../src/runtime/metrics/counts.js';

interface OracleValue {
  readonly loss: string;
  readonly fixture: string;
  readonly value: number | string;
  readonly params?: Readonly<Record<string, number>>;
}
interface BinaryFixture {
  readonly y_pred: readonly number[];
  readonly y_true: readonly number[];
}
interface ClassFixture {
  readonly shape_logits: readonly [number, number, number, number];
  readonly logits: readonly number[];
  readonly labels: readonly number[];
}
const oracle = JSON.parse(readFileSync('test/oracles/losses.json', 'utf8')) as {
  readonly fixtures: Readonly<Record<string, BinaryFixture & ClassFixture>>;
  readonly values: readonly OracleValue[];
  readonly s000_dice_backward: { readonly true_grad: readonly number[] };
};

type Options = Readonly<Record<string, number | string | boolean>>;

/** Ours for the oracle's names, with what turns our loss into their value. */
const ours: Readonly<Record<string, readonly [LossName, Options, (loss: number) => number]>> = {
  's000.dice_coef': ['dice', { epsilon: 1 }, (loss) => 1 - loss],
  's000.dice_coef_loss': ['dice', { epsilon: 1 }, (loss) => loss],
  's000.dice_coeff': ['dice', { epsilon: 1e-4, per: 'image' }, (loss) => 1 - loss],
  's000.iou': ['iou', { epsilon: 1e-15 }, (loss) => 1 - loss],
  's000.tversky': ['tversky', { alpha: 0.7, epsilon: 1 }, (loss) => 1 - loss],
  's000.tversky_loss': ['tversky', { alpha: 0.7, epsilon: 1 }, (loss) => loss],
  's000.focal_tversky_loss': [
    'focal_tversky',
    { alpha: 0.7, gamma: 0.75, epsilon: 1 },
    (loss) => loss,
  ],
  's001.bce': ['bce', {}, (loss) => loss],
  'keras.binary_crossentropy': ['bce', { clip: 1e-7 }, (loss) => loss],
  's001.bce_iou': ['bce_iou', { epsilon: 1e-7 }, (loss) => loss],
  cross_entropy: ['cross_entropy', {}, (loss) => loss],
  'unetpp.hybrid.ce_term': ['cross_entropy', {}, (loss) => loss],
  'unetpp.hybrid': ['soft_dice_hybrid', {}, (loss) => loss],
  'unetpp.hybrid.binary_two_channel': ['soft_dice_hybrid', {}, (loss) => loss],
  'unetpp.hybrid.binary_one_channel': ['soft_dice_hybrid', { background: false }, (loss) => loss],
  'focal.binary': ['focal', { gamma: 2 }, (loss) => loss],
  'focal.softmax': ['focal', { gamma: 2 }, (loss) => loss],
  'focal.keras_unet3plus_port': ['focal', { gamma: 2 }, (loss) => 4 * loss],
  'unet3plus.iou_loss': ['iou', { epsilon: 0, per: 'image' }, (loss) => loss],
  'unet3plus.iou_loss_smooth1': ['iou', { epsilon: 1, per: 'image' }, (loss) => loss],
};

/** Values that are measured otherwise, below. */
const elsewhere = [
  's000.dice_coeff.sample0',
  's000.dice_coeff.sample1',
  's001.accu_iou',
  'unetpp.hybrid.dice_term',
  'unetpp.hybrid_2018',
];

test('every value of the oracle is compared', () => {
  const names = new Set(oracle.values.map(({ loss }) => loss));
  expect([...names].sort()).toEqual([...Object.keys(ours), ...elsewhere].sort());
});

const expression = (name: LossName, options: Options): LossExpression => ({
  kind: 'loss',
  loss: { name, options, origin: { file: '', start: 0, end: 0 } },
});

const binaryHead = (gives: Head['gives']): Head => ({
  name: 'mask',
  channels: 1,
  classCount: 2,
  activation: 'sigmoid',
  gives,
  form: 'classes',
  classifiesImages: false,
});
const classHead = (gives: Head['gives']): Head => ({
  name: 'mask',
  channels: 3,
  classCount: 3,
  activation: 'softmax',
  gives,
  form: 'classes',
  classifiesImages: false,
});

const binaryTarget = (truth: readonly number[], count = 2): LossTarget => ({
  ...makeTarget(binaryHead('logits'), {
    ...{ count, height: 4, width: 4 },
    masks: Uint8Array.from(truth),
    weights: new Float32Array(truth.length).fill(1),
  }),
  // One fixture has halves.
  truth: tf.tensor4d([...truth], [count, 4, 4, 1]),
});

/** Fixture B, channels last. */
function classLogits({ shape_logits: [n, c, h, w], logits }: ClassFixture): tf.Tensor4D {
  return tf.transpose(tf.tensor4d([...logits], [n, c, h, w]), [0, 2, 3, 1]);
}
const classTarget = ({ labels }: ClassFixture): LossTarget =>
  makeTarget(classHead('logits'), {
    ...{ count: 2, height: 4, width: 4 },
    masks: Uint8Array.from(labels),
    weights: new Float32Array(labels.length).fill(1),
  });

const known = oracle.values.filter(({ loss }) => ours[loss] !== undefined);

describe.each(['wasm', 'cpu'] as const)('losses on %s', (engine) => {
  beforeAll(async () => {
    await startEngine(engine);
  });

  const titled = known.map(
    (value) =>
      [`${value.loss} of ${value.fixture}${value.params?.['alpha'] ?? ''}`, value] as const,
  );
  test.each(titled)('%s, from probabilities', (_title, { loss, fixture, value, params }) => {
    const [name, options, toTheirs] = ours[loss]!;
    const data = oracle.fixtures[fixture]!;
    const actual = tf.tidy(() => {
      const isBinary = fixture !== 'B';
      const output = isBinary
        ? tf.tensor4d([...data.y_pred], [2, 4, 4, 1])
        : tf.softmax(classLogits(data), -1);
      const head = isBinary ? binaryHead('probabilities') : classHead('probabilities');
      const target = isBinary ? binaryTarget(data.y_true) : classTarget(data);
      const call = expression(name, {
        ...options,
        ...(name === 'focal' && loss === 'focal.binary' && params),
      });
      return lossOfHead(call, head, output as tf.Tensor4D, target).dataSync()[0]!;
    });
    if (value === '-inf') expect(actual).toBe(-Infinity);
    else if (value === 'nan') expect(actual).toBeNaN();
    else expectClose(toTheirs(actual), value as number);
  });

  const interior = titled.filter(([, { fixture }]) => fixture === 'A' || fixture === 'B');
  test.each(interior)('%s, from logits', (_title, { loss, fixture, value, params }) => {
    const [name, options, toTheirs] = ours[loss]!;
    const data = oracle.fixtures[fixture]!;
    const actual = tf.tidy(() => {
      const isBinary = fixture !== 'B';
      const logits = isBinary
        ? tf.tensor4d(
            data.y_pred.map((p) => Math.log(p / (1 - p))),
            [2, 4, 4, 1],
          )
        : classLogits(data);
      const head = isBinary ? binaryHead('logits') : classHead('logits');
      const target = isBinary ? binaryTarget(data.y_true) : classTarget(data);
      const call = expression(name, {
        ...options,
        ...(name === 'focal' && loss === 'focal.binary' && params),
      });
      return lossOfHead(call, head, logits, target).dataSync()[0]!;
    });
    expectClose(toTheirs(actual), value as number);
  });
});

/** The value of an expression, from the fixture's probabilities. */
function valueOf(loss: LossExpression, fixture: string): number {
  const data = oracle.fixtures[fixture]!;
  return tf.tidy(() => {
    const isBinary = fixture !== 'B';
    const output = isBinary
      ? tf.tensor4d([...data.y_pred], [2, 4, 4, 1])
      : tf.softmax(classLogits(data), -1);
    const head = isBinary ? binaryHead('probabilities') : classHead('probabilities');
    const target = isBinary ? binaryTarget(data.y_true) : classTarget(data);
    return lossOfHead(loss, head, output as tf.Tensor4D, target).dataSync()[0]!;
  });
}

const valueInOracle = (name: string, fixture: string): number =>
  oracle.values.find(({ loss, fixture: of }) => loss === name && of === fixture)!.value as number;

describe('values that are made of several losses', () => {
  test('the hybrid of the 2018 paper is half a cross-entropy and a bare dice', () => {
    const sum: LossExpression = {
      kind: 'sum',
      terms: [
        { kind: 'scale', factor: 0.5, loss: expression('cross_entropy', {}) },
        expression('dice', { epsilon: 0 }),
      ],
    };
    expectClose(valueOf(sum, 'B') - 1, valueInOracle('unetpp.hybrid_2018', 'B'));
  });

  test('the hybrid is a cross-entropy less its dice term', () => {
    const dice =
      valueOf(expression('cross_entropy', {}), 'B') -
      valueOf(expression('soft_dice_hybrid', {}), 'B');
    expectClose(dice, valueInOracle('unetpp.hybrid.dice_term', 'B'));
  });

  test('dice by sample is the mean of the samples', () => {
    const { y_pred, y_true } = oracle.fixtures['A']!;
    const samples = [0, 1].map((i) =>
      tf.tidy(() => {
        const half = (values: readonly number[]): tf.Tensor4D =>
          tf.tensor4d(values.slice(16 * i, 16 * i + 16), [1, 4, 4, 1]);
        const target = binaryTarget(y_true.slice(16 * i, 16 * i + 16), 1);
        const loss = expression('dice', { epsilon: 1e-4 });
        const value = lossOfHead(loss, binaryHead('probabilities'), half(y_pred), target);
        return 1 - value.dataSync()[0]!;
      }),
    );
    expectClose(samples[0]!, valueInOracle('s000.dice_coeff.sample0', 'A'));
    expectClose(samples[1]!, valueInOracle('s000.dice_coeff.sample1', 'A'));
  });

  test('the gradient of dice over the batch', () => {
    const { y_pred, y_true } = oracle.fixtures['A']!;
    const gradient = tf.tidy(() => {
      const loss = (output: tf.Tensor): tf.Scalar =>
        lossOfHead(
          expression('dice', { epsilon: 1e-4 }),
          binaryHead('probabilities'),
          output as tf.Tensor4D,
          binaryTarget(y_true),
        );
      return tf
        .grad(loss)(tf.tensor4d([...y_pred], [2, 4, 4, 1]))
        .dataSync();
    });
    oracle.s000_dice_backward.true_grad.forEach((value, i) => expectClose(-gradient[i]!, value));
  });
});

/** Within 1e-6, of the value where that is above 1. */
function expectClose(actual: number, expected: number): void {
  expect(Math.abs(actual - expected)).toBeLessThan(1e-6 * Math.max(1, Math.abs(expected)));
}

test('the metric iou on hard predictions is the ratio of counts', () => {
  const { y_pred, y_true } = oracle.fixtures['A']!;
  const counter = new ConfusionCounter(2);
  const mask = (values: readonly number[]): Parameters<ConfusionCounter['add']>[0] => ({
    height: 8,
    width: 4,
    data: Uint8Array.from(values, (value) => (value > 0.5 ? 1 : 0)),
  });
  counter.add(mask(y_pred), mask(y_true));
  const both = y_pred.filter((p, i) => p > 0.5 && y_true[i]! > 0.5).length;
  const either = y_pred.filter((p, i) => p > 0.5 || y_true[i]! > 0.5).length;
  expect(computeMetric('iou', counter.counts()).mean).toBe(both / either);
});

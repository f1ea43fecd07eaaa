import { beforeAll, describe, expect, test } from '@jest/globals';
import type * as tf from '../../../src/runtime/tensorflow.js';
import type { ComponentCall, LossExpression, LossName } from '../../../src/ir/recipe.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import type { Head } from '../../../src/runtime/losses/head.js';
import { lossOfHead } from '../../../src/runtime/losses/loss.js';
import { makeTarget, type LossTarget } from '../../../src/runtime/losses/target.js';
import { Random } from '../../../src/runtime/random.js';
import { differentiate, finiteDifferences, normalValues, relativeError } from '../numeric.js';
import { describeOn, describeOnWebgpu } from '../webgpu.js';

beforeAll(async () => {
  await startEngine('wasm');
});

const origin = { file: '', start: 0, end: 0 };
type Options = Readonly<Record<string, number | string | boolean | readonly number[]>>;
const call = (name: LossName, options: Options = {}): LossExpression => ({
  kind: 'loss',
  loss: { name, options, origin },
});
const borders: ComponentCall<'borders'> = { name: 'borders', options: {}, origin };

const regions: readonly LossExpression[] = [
  call('dice', { epsilon: 1 }),
  call('iou', { epsilon: 1e-7 }),
  call('tversky', { alpha: 0.7, epsilon: 1 }),
  call('focal_tversky', { alpha: 0.7, gamma: 0.75, epsilon: 1 }),
];
const regionsBySample: readonly LossExpression[] = [
  call('dice', { epsilon: 1e-4, per: 'image' }),
  call('iou', { epsilon: 1, per: 'image' }),
  call('tversky', { alpha: 0.3, epsilon: 1, per: 'image' }),
  call('focal_tversky', { alpha: 0.7, gamma: 0.75, epsilon: 1, per: 'image' }),
];
const hybrids = [call('soft_dice_hybrid'), call('soft_dice_hybrid', { background: false })];
/** The same losses with weights of classes. */
const weigh = (losses: readonly LossExpression[], ...weights: number[]): LossExpression[] =>
  losses.map((loss) =>
    loss.kind === 'loss'
      ? call(loss.loss.name, { ...(loss.loss.options as Options), class_weights: weights })
      : loss,
  );
const focals = [call('focal', { gamma: 2 }), call('focal', { gamma: 0.5, alpha: 0.25 })];
const binary: readonly LossExpression[] = [
  call('bce'),
  call('bce_iou', { epsilon: 1e-7 }),
  call('bce', { clip: 1e-4, label_smoothing: 0.1 }),
  ...focals,
  ...hybrids,
  ...weigh([call('bce'), ...focals, ...hybrids], 0.5, 3),
  ...regions,
  ...regionsBySample,
  { kind: 'map', loss: call('bce'), map: borders },
  {
    kind: 'sum',
    terms: [{ kind: 'scale', factor: 0.5, loss: call('bce') }, call('dice', { epsilon: 1 })],
  },
];
const exclusive: readonly LossExpression[] = [
  call('cross_entropy'),
  call('cross_entropy', { label_smoothing: 0.1 }),
  ...focals,
  ...hybrids,
  ...regions,
  ...regionsBySample,
  ...weigh([call('cross_entropy'), ...focals, ...hybrids, ...regions, ...regionsBySample], 0, 2, 3),
];
/** Losses with kinks, whose gradients are held to those of their definitions elsewhere. */
const kinked: readonly LossExpression[] = [
  call('mse'),
  call('mae'),
  call('huber', { delta: 0.3 }),
  call('topk_cross_entropy', { share: 0.4 }),
  call('generalized_dice', { epsilon: 1e-7 }),
  call('lovasz_softmax'),
  call('boundary'),
  call('cl_dice', { iterations: 3, epsilon: 1 }),
];
const independent = [call('bce'), call('bce', { label_smoothing: 0.1 }), ...focals, ...hybrids];

const size = { count: 2, height: 3, width: 5 };
const pixels = 30;

function target(head: Head): LossTarget {
  const random = new Random(4);
  return makeTarget(head, {
    ...size,
    masks: Uint8Array.from({ length: pixels }, () => random.integer(head.classCount)),
    weights: Float32Array.from({ length: pixels }, () => (random.uniform() < 0.2 ? 0 : 1)),
    maps: [Float32Array.from({ length: pixels }, () => random.uniform(0.5, 3))],
  });
}

function title(loss: LossExpression): string {
  return JSON.stringify(loss, (key, value: unknown) => (key === 'origin' ? undefined : value));
}

const given = ['logits', 'probabilities'] as const;

/** Heads of every kind, with the losses that fit them. */
function casesOf(gives: Head['gives']): readonly (readonly [string, Head, LossExpression])[] {
  const heads: readonly (readonly [Head, readonly LossExpression[]])[] = [
    [
      {
        name: 'm',
        channels: 1,
        classCount: 2,
        activation: 'sigmoid',
        gives,
        form: 'classes',
        classifiesImages: false,
      },
      binary,
    ],
    [
      {
        name: 'm',
        channels: 3,
        classCount: 3,
        activation: 'softmax',
        gives,
        form: 'classes',
        classifiesImages: false,
      },
      exclusive,
    ],
    [
      {
        name: 'm',
        channels: 3,
        classCount: 3,
        activation: 'sigmoid',
        gives,
        form: 'classes',
        classifiesImages: false,
      },
      [...independent, ...weigh(independent, 0.5, 1, 2)],
    ],
  ];
  return heads.flatMap(([head, losses]) =>
    losses.map((loss) => [`${head.activation} ${title(loss)}`, head, loss] as const),
  );
}

/** An output of a head, and the loss as a function of it. */
function lossCase(head: Head, loss: LossExpression) {
  const shape = [2, 3, 5, head.channels];
  const drawn = normalValues(shape, 8, 1.5);
  const values =
    head.gives === 'logits' ? drawn : drawn.map((x) => 0.05 + 0.9 / (1 + Math.exp(-x)));
  const run = (output: tf.Tensor): tf.Tensor =>
    lossOfHead(loss, head, output as tf.Tensor4D, target(head));
  return { run, args: [{ values, shape }] };
}

describe.each(given)('gradients from %s', (gives) => {
  test.each(casesOf(gives))('%s', async (_title, head, loss) => {
    const { run, args } = lossCase(head, loss);
    const step = gives === 'logits' ? 1e-2 : 2e-3;
    const [numeric] = await finiteDifferences('cpu', run, args, step);
    for (const engine of ['cpu', 'wasm']) {
      const { gradients } = await differentiate(engine, run, args);
      expect(relativeError(gradients[0]!, numeric!)).toBeLessThan(1e-2);
    }
  });
});

describeOnWebgpu('on webgpu, as on cpu', () => {
  test.each(given.flatMap(casesOf).map((each) => [each[1].gives, ...each] as const))(
    'from %s: %s',
    async (_gives, _title, head, loss) => {
      const { run, args } = lossCase(head, loss);
      const onCpu = await differentiate('cpu', run, args);
      const onCard = await differentiate('webgpu', run, args);
      expect(relativeError(onCard.output, onCpu.output)).toBeLessThan(1e-5);
      expect(relativeError(onCard.gradients[0]!, onCpu.gradients[0]!)).toBeLessThan(1e-4);
    },
  );
});

describeOn(['wasm', 'webgpu'], 'extreme logits', (engine) => {
  const head: Head = {
    name: 'm',
    channels: 1,
    classCount: 2,
    activation: 'sigmoid',
    gives: 'logits',
    form: 'classes',
    classifiesImages: false,
  };
  const three: Head = { ...head, channels: 3, classCount: 3, activation: 'softmax' };
  const cases = [
    ...[...binary, ...kinked, call('lovasz_hinge')].map(
      (loss) => [title(loss), head, loss] as const,
    ),
    ...[...exclusive, ...kinked].map((loss) => [title(loss), three, loss] as const),
  ];
  test.each(cases)('%s stays finite with a finite gradient', async (_title, each, loss) => {
    const shape = [2, 3, 5, each.channels];
    const values = Float32Array.from(
      { length: pixels * each.channels },
      (_, i) => [-200, -30, 0, 30, 200][i % 5]!,
    );
    const run = (output: tf.Tensor): tf.Tensor =>
      lossOfHead(loss, each, output as tf.Tensor4D, target(each));
    const { output, gradients } = await differentiate(engine, run, [{ values, shape }]);
    expect(Number.isFinite(output[0])).toBe(true);
    expect(gradients[0]!.every(Number.isFinite)).toBe(true);
  });
});

test('pixels of weight 0 have neither value nor gradient', async () => {
  const head: Head = {
    name: 'm',
    channels: 1,
    classCount: 2,
    activation: 'sigmoid',
    gives: 'logits',
    form: 'classes',
    classifiesImages: false,
  };
  const random = new Random(4);
  const weights = Float32Array.from({ length: pixels }, (_, i) => (i % 3 === 0 ? 0 : 1));
  const masks = Uint8Array.from({ length: pixels }, () => random.integer(2));
  const plain = binary.filter(({ kind }) => kind !== 'map');
  for (const loss of [...plain, ...kinked, call('lovasz_hinge')]) {
    const run = (output: tf.Tensor): tf.Tensor =>
      lossOfHead(loss, head, output as tf.Tensor4D, makeTarget(head, { ...size, masks, weights }));
    const values = normalValues([2, 3, 5, 1], 3);
    const moved = values.map((x, i) => (i % 3 === 0 ? x + 5 : x));
    const one = await differentiate('wasm', run, [{ values, shape: [2, 3, 5, 1] }]);
    const other = await differentiate('wasm', run, [{ values: moved, shape: [2, 3, 5, 1] }]);
    expect(other.output).toEqual(one.output);
    expect(one.gradients[0]!.filter((_, i) => i % 3 === 0).every((g) => g === 0)).toBe(true);
  }
});

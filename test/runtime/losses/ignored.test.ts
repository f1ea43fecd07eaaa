import { beforeAll, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import type { LossExpression, LossName } from '../../../src/ir/recipe.js';
import { IGNORED } from '../../../src/runtime/data/pixels.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import type { Head } from '../../../src/runtime/losses/head.js';
import { lossOfHead } from '../../../src/runtime/losses/loss.js';
import { makeTarget } from '../../../src/runtime/losses/target.js';
import { normalValues } from '../numeric.js';

beforeAll(async () => {
  await startEngine('wasm');
});

const origin = { file: '', start: 0, end: 0 };
const losses = {
  bce: {},
  cross_entropy: {},
  dice: { epsilon: 1 },
  iou: { epsilon: 1 },
  tversky: { alpha: 0.7, epsilon: 1 },
  focal: { gamma: 2 },
  focal_tversky: { alpha: 0.7, gamma: 0.75, epsilon: 1 },
  bce_iou: { epsilon: 1 },
  soft_dice_hybrid: {},
  ms_ssim: { window: 3, sigma: 1.5 },
  mse: {},
  mae: {},
  huber: { delta: 0.5 },
  topk_cross_entropy: { share: 0.2 },
  generalized_dice: { epsilon: 1 },
  lovasz_hinge: {},
  lovasz_softmax: {},
  boundary: {},
  cl_dice: { iterations: 3, epsilon: 1 },
} satisfies Record<LossName, Readonly<Record<string, number>>>;

/** Those that a weight map can multiply. */
const pixelwise: readonly LossName[] = [
  ...(['bce', 'cross_entropy', 'focal', 'soft_dice_hybrid'] as const),
  ...(['mse', 'mae', 'huber'] as const),
];

const size = 48;
const pixels = size * size;
const ignored = (i: number): boolean => i % size < 12;

test.each(Object.keys(losses) as LossName[])(
  '%s: what is predicted and mapped below ignored pixels changes nothing',
  async (name) => {
    const isExclusive = name === 'cross_entropy';
    const channels = isExclusive ? 3 : 1;
    const head: Head = {
      ...{ name: 'm', channels, classCount: isExclusive ? 3 : 2, gives: 'logits' },
      form: 'classes',
      classifiesImages: false,
      activation: isExclusive ? 'softmax' : 'sigmoid',
    };
    const plain: LossExpression = { kind: 'loss', loss: { name, options: losses[name], origin } };
    const borders = { name: 'borders', options: {}, origin } as const;
    const value = async (
      noise: number,
      hidden: 'class' | 'weight',
      map: boolean,
    ): Promise<number> => {
      const values = normalValues([1, size, size, channels], 3);
      for (let i = 0; i < values.length; i++) {
        if (ignored(Math.floor(i / channels))) values[i]! += noise;
      }
      const target = makeTarget(head, {
        ...{ count: 1, height: size, width: size },
        masks: Uint8Array.from({ length: pixels }, (_, i) => {
          if (!ignored(i)) return i % head.classCount;
          return hidden === 'class' ? IGNORED : noise > 0 ? 1 : 0;
        }),
        weights: Float32Array.from({ length: pixels }, (_, i) =>
          hidden === 'weight' && ignored(i) ? 0 : 1,
        ),
        maps: map
          ? [
              Float32Array.from({ length: pixels }, (_, i) =>
                ignored(i) ? 1 + 50 * noise : 1 + (i % 5),
              ),
            ]
          : [],
      });
      const loss = tf.tidy(() =>
        lossOfHead(
          map ? { kind: 'map', loss: plain, map: borders } : plain,
          head,
          tf.tensor4d(values, [1, size, size, channels]),
          target,
        ),
      );
      return (await loss.data())[0]!;
    };
    for (const map of pixelwise.includes(name) ? [false, true] : [false]) {
      for (const hidden of ['class', 'weight'] as const) {
        const quiet = await value(0, hidden, map);
        expect(Number.isFinite(quiet)).toBe(true);
        expect(await value(9, hidden, map)).toBeCloseTo(quiet, 6);
      }
    }
  },
);

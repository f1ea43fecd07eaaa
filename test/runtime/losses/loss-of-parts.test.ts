import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { losses } from '../../../src/catalog/losses.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import type { Head } from '../../../src/runtime/losses/head.js';
import { lossOfHead } from '../../../src/runtime/losses/loss.js';
import { weightMapsOf } from '../../../src/runtime/losses/loss-terms.js';
import { LossOfParts } from '../../../src/runtime/losses/loss-of-parts.js';
import { makeTarget, type LossTarget } from '../../../src/runtime/losses/target.js';
import { compiled, smallSpec } from '../training/support.js';

beforeAll(async () => {
  await startEngine('wasm');
});

const [height, width] = [23, 17];
/** A pixel in eleven has no class; the first rows have none at all. */
const masks = Uint8Array.from({ length: height * width }, (_, i) =>
  i < 2 * width || i % 11 === 3 ? 255 : (i >> 3) % 3 === 0 ? 1 : 0,
);
const mapValues = Float32Array.from(masks, (_, i) => 1 + (i % 5));

function head(channels: number): Head {
  const activation = channels === 1 ? 'sigmoid' : 'softmax';
  return {
    name: 'mask',
    channels,
    classCount: 2,
    activation,
    gives: 'probabilities',
    form: 'classes',
    classifiesImages: false,
  };
}

/** Probabilities and target of the rows from `first` to before `end`. */
function rows(of: Head, maps: number, first: number, end: number): [tf.Tensor4D, LossTarget] {
  const { channels } = of;
  const [from, to] = [first * width, end * width];
  const data = Float32Array.from({ length: (to - from) * channels }, (_, i) => {
    const pixel = from + Math.floor(i / channels);
    const p = 0.02 + 0.96 * (((pixel * 7919) % 257) / 257);
    return channels === 1 || i % 2 === 1 ? p : 1 - p;
  });
  const plane = mapValues.subarray(from, to);
  const target = makeTarget(of, {
    ...{ count: 1, height: end - first, width },
    masks: masks.subarray(from, to),
    weights: new Float32Array(to - from).fill(1),
    maps: Array.from({ length: maps }, () => plane),
  });
  return [tf.tensor4d(data, [1, end - first, width, channels]), target];
}

/** Losses that look at more than single pixels and sums. */
const ofWholes = [
  ...['ms_ssim', 'topk_cross_entropy', 'lovasz_hinge', 'lovasz_softmax'],
  ...['boundary', 'cl_dice'],
];
const names = Object.keys(losses).filter((name) => !ofWholes.includes(name));
const mixed = '0.5 * bce + borders * (2 * soft_dice_hybrid + focal) + 0.25 * focal_tversky';
const sampled = 'dice(per: image) + iou(class_weights: [1, 3])';

describe('the loss of the parts of an image is that of the whole', () => {
  test.each([...names, mixed, sampled])('%s', async (text) => {
    const channels = /cross_entropy|class_weights/.test(text) ? 2 : 1;
    const spec = smallSpec
      .replace('conv(1, 1) -> sigmoid', `conv(${channels}, 1)`)
      .replace('bce + dice', text);
    const loss = compiled(spec).recipe.losses['mask']!;
    const maps = weightMapsOf(loss).length;
    const of = head(channels);
    const numTensors = tf.memory().numTensors;
    const [output, target] = rows(of, maps, 0, height);
    const whole = tf.tidy(() => lossOfHead(loss, of, output, target).dataSync()[0]!);
    for (const ends of [[height], [1, 9, 10, height]]) {
      const parts = LossOfParts.of(loss, of)!;
      let first = 0;
      for (const end of ends) {
        const [part, partTarget] = rows(of, maps, first, end);
        await parts.add(part, partTarget);
        tf.dispose([part, partTarget.truth, partTarget.weights, ...partTarget.maps]);
        first = end;
      }
      expect(await parts.value()).toBeCloseTo(whole, 5);
    }
    tf.dispose([output, target.truth, target.weights, ...target.maps]);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test.each(ofWholes)('there is none where a term looks at the whole: %s', (name) => {
    const loss = compiled(smallSpec.replace('bce + dice', `bce + 0.5 * ${name}`)).recipe.losses;
    expect(LossOfParts.of(loss['mask']!, head(1))).toBeUndefined();
  });
});

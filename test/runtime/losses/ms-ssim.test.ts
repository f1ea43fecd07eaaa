import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { readFileSync } from 'node:fs';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import type { Head } from '../../../src/runtime/losses/head.js';
import {
  gaussianWindow,
  msSsim,
  msSsimLoss,
  type MsSsimOptions,
} from '../../../src/runtime/losses/ms-ssim.js';
import type { LossTarget } from '../../../src/runtime/losses/target.js';
import { Random } from '../../../src/runtime/random.js';
import { differentiate, normalValues, relativeError } from '../numeric.js';

interface OracleRun {
  readonly size: number;
  readonly standard: number;
  readonly standard_normalized: number;
  readonly paper_all_scales: number;
  readonly authors_code_raw: number;
  readonly authors_code_normalized: number;
}
const { ms_ssim: oracle } = JSON.parse(readFileSync('test/oracles/losses.json', 'utf8')) as {
  readonly ms_ssim: { readonly runs: readonly OracleRun[] };
};
type Variant = Exclude<keyof OracleRun, 'size'>;

const usual: MsSsimOptions = {
  window: 11,
  sigma: 1.5,
  luminance: 'last',
  normalize: false,
  classWeights: undefined,
};
const variants: Readonly<Record<Variant, Partial<MsSsimOptions>>> = {
  standard: {},
  standard_normalized: { normalize: true },
  paper_all_scales: { luminance: 'every' },
  authors_code_raw: { luminance: 'repeated' },
  authors_code_normalized: { luminance: 'repeated', normalize: true },
};

/** The oracle's images: a wave, and where a shifted one is above 0. */
function image(size: number, pixel: (phase: number) => number): Float32Array {
  return Float32Array.from({ length: size * size }, (_, i) =>
    pixel(0.11 * Math.floor(i / size) + 0.07 * (i % size)),
  );
}
const wave = (phase: number): number => 0.5 + 0.4 * Math.sin(phase);
const bars = (phase: number): number => (Math.sin(phase + 0.4) > 0 ? 1 : 0);

beforeAll(async () => {
  await startEngine('wasm');
});

const cases = oracle.runs.flatMap((run) =>
  (Object.keys(variants) as Variant[]).map((variant) => [variant, run.size, run[variant]] as const),
);

// Plain JavaScript takes seconds for a large image.
const quick = cases.filter(([, size]) => size <= 64);

describe.each([
  ['wasm', cases],
  ['cpu', quick],
] as const)('MS-SSIM on %s', (engine, compared) => {
  test.each(compared)('%s at %i pixels', async (variant, size, expected) => {
    await tf.setBackend(engine);
    const value = tf.tidy(
      () =>
        msSsim(
          tf.tensor4d(image(size, wave), [1, size, size, 1]),
          tf.tensor4d(image(size, bars), [1, size, size, 1]),
          { ...usual, ...variants[variant] },
        ).dataSync()[0]!,
    );
    expect(Math.abs(value - expected)).toBeLessThan(1e-6);
  });
});

test('the window: symmetric where odd, its centre right of the middle where even', () => {
  const odd = gaussianWindow(5, 1.5);
  expect(odd[0]).toBe(odd[4]);
  const [first, second, third, fourth] = gaussianWindow(4, 1.5);
  expect(third).toBeGreaterThan(second!);
  expect(second).toBe(fourth);
  expect(first! + second! + third! + fourth!).toBeCloseTo(1, 12);
});

describe('the loss', () => {
  const head = (channels: number, gives: Head['gives']): Head => ({
    name: 'm',
    channels,
    classCount: Math.max(2, channels),
    activation: channels === 1 ? 'sigmoid' : 'softmax',
    gives,
    form: 'classes',
    classifiesImages: false,
  });

  /** A smooth truth-like pattern in blocks, and weights that leave out a corner. */
  function target(
    channels: number,
    height: number,
    width: number,
    whole = true,
  ): Pick<LossTarget, 'truth' | 'weights'> {
    const truth = new Float32Array(2 * height * width * channels);
    const weights = new Float32Array(2 * height * width);
    for (let at = 0; at < weights.length; at++) {
      const [y, x] = [Math.floor(at / width) % height, at % width];
      if (!whole && y < 4 && x < 4) continue;
      weights[at] = 1;
      const found = (Math.floor(y / 5) + Math.floor(x / 6)) % Math.max(2, channels);
      if (channels > 1) truth[at * channels + found] = 1;
      else truth[at] = found;
    }
    return {
      truth: tf.tensor4d(truth, [2, height, width, channels]),
      weights: tf.tensor4d(weights, [2, height, width, 1]),
    };
  }

  const run = (
    channels: number,
    size: readonly [number, number],
    options: Partial<MsSsimOptions> = {},
    whole = true,
  ): ((output: tf.Tensor) => tf.Tensor) => {
    return (output) =>
      msSsimLoss(
        output as tf.Tensor4D,
        target(channels, ...size, whole),
        head(channels, 'logits'),
        { ...usual, ...options },
      );
  };

  /** Logits that lean towards the truth, so that no similarity is negative. */
  function logits(channels: number, [height, width]: readonly [number, number]): Float32Array {
    const shape = [2, height, width, channels];
    const truth = tf.tidy(() => target(channels, height, width).truth.dataSync());
    return normalValues(shape, 5, 0.7).map((value, i) => value + 2 * truth[i]! - 1);
  }

  const sizes: readonly (readonly [number, readonly [number, number], Partial<MsSsimOptions>])[] = [
    [1, [17, 22], {}],
    [1, [16, 19], { luminance: 'every' }],
    [1, [16, 16], { luminance: 'repeated', normalize: true }],
    [3, [16, 18], { classWeights: [1, 0, 2] }],
    [1, [9, 6], {}],
  ];
  test.each(sizes)('gradients of %i channels at %j, %j', async (channels, size, options) => {
    const shape = [2, ...size, channels];
    const values = logits(channels, size);
    const loss = run(channels, size, options);
    const places = new Random(3).permutation(values.length).slice(0, 60);
    const numeric = await slopesAt(loss, values, shape, places);
    for (const engine of ['cpu', 'wasm']) {
      const { gradients } = await differentiate(engine, loss, [{ values, shape }]);
      const found = [...places].map((at) => gradients[0]![at]!);
      expect(relativeError(found, numeric)).toBeLessThan(1e-2);
    }
  });

  /** Central differences of some values alone: all of them would take minutes. */
  async function slopesAt(
    loss: (output: tf.Tensor) => tf.Tensor,
    values: Float32Array,
    shape: readonly number[],
    places: ArrayLike<number>,
  ): Promise<readonly number[]> {
    const single = (step: tf.Tensor): tf.Tensor =>
      loss(tf.add(tf.tensor(values, [...shape]), tf.reshape(step, [...shape])));
    await tf.setBackend('wasm');
    const factor = normalValues([], 99)[0]!;
    const step = 5e-2;
    return Array.from(places, (place) => {
      const moved = (by: number): number =>
        tf.tidy(() => {
          const steps = new Float32Array(values.length);
          steps[place] = by;
          return single(tf.tensor1d(steps)).dataSync()[0]!;
        });
      return (factor * (moved(step) - moved(-step))) / (2 * step);
    });
  }

  test('1 x 1 to 15 x 15 pixels have fewer scales; the best is still 0', async () => {
    await tf.setBackend('wasm');
    for (const size of [1, 2, 3, 7, 8, 15]) {
      const value = tf.tidy(() => {
        const given = target(1, size, size);
        return msSsimLoss(given.truth, given, head(1, 'probabilities'), usual).dataSync()[0]!;
      });
      expect(value).toBeCloseTo(0, 6);
    }
  });

  test('negative similarities count as 0, without gradient unless normalized', async () => {
    const size = [16, 16] as const;
    const values = logits(1, size).map((value) => -4 * value);
    const args = [{ values, shape: [2, 16, 16, 1] }];
    const bare = await differentiate('wasm', run(1, size), args);
    expect(bare.output[0]).toBe(1);
    expect(bare.gradients[0]!.every((value) => value === 0)).toBe(true);
    const mapped = await differentiate('wasm', run(1, size, { normalize: true }), args);
    expect(mapped.output[0]).toBeLessThan(1);
    expect(mapped.gradients[0]!.some((value) => value !== 0)).toBe(true);
  });

  test('pixels of weight 0 have neither value nor gradient', async () => {
    const size = [16, 16] as const;
    const values = logits(1, size);
    const inCorner = (i: number): boolean => Math.floor(i / 16) % 16 < 4 && i % 16 < 4;
    const moved = values.map((value, i) => (inCorner(i) ? value + 5 : value));
    const loss = run(1, size, {}, false);
    const one = await differentiate('wasm', loss, [{ values, shape: [2, 16, 16, 1] }]);
    const other = await differentiate('wasm', loss, [{ values: moved, shape: [2, 16, 16, 1] }]);
    expect(other.output).toEqual(one.output);
    expect(one.gradients[0]!.filter((_, i) => inCorner(i)).every((value) => value === 0)).toBe(
      true,
    );
  });
});

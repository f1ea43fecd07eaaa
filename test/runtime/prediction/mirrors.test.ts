import { beforeAll, describe, expect, test } from '@jest/globals';
import { joinRows } from '../../../src/runtime/data/join-rows.js';
import { sourceOf } from '../../../src/runtime/data/pixel-source.js';
import type { Pixels } from '../../../src/runtime/data/pixels.js';
import type { ExactPart } from '../../../src/runtime/data/tiling.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { startOnnx } from '../../../src/runtime/onnx/start-onnx.js';
import { mirrored, mirrorsOf } from '../../../src/runtime/prediction/mirrors.js';
import { runWindows } from '../../../src/runtime/prediction/run-windows.js';
import { tilingRules } from '../../../src/runtime/prediction/tiling.js';
import {
  trainedNetwork,
  type PredictionWishes,
  type TrainedNetwork,
} from '../../../src/runtime/prediction/trained-network.js';
import type { WindowNetwork } from '../../../src/runtime/prediction/window-network.js';
import { Random } from '../../../src/runtime/random.js';
import { runtimeForPages } from '../onnx/runtime-for-pages.js';
import { compiled, smallSpec } from '../training/support.js';

beforeAll(async () => {
  await startEngine('wasm');
});

const place = { file: 'image.png', start: 0, end: 0 };

async function networkOf(text: string): Promise<TrainedNetwork> {
  const run = compiled(text);
  const store = initialiseWeights(run.model.graph, new Random(4));
  const values = await store.values();
  store.dispose();
  return trainedNetwork(run, values, {});
}

function image(height: number, width: number): Pixels {
  const random = new Random(9);
  const data = Float32Array.from({ length: height * width }, () => random.uniform());
  return { height, width, channels: 1, data };
}

async function predicted(
  network: TrainedNetwork,
  pixels: Pixels,
  wishes: PredictionWishes = {},
): Promise<Pixels> {
  const predictor = await network.createPredictor(wishes);
  const { value, diagnostics } = await predictor.predict(pixels, place);
  predictor.dispose();
  expect(diagnostics).toEqual([]);
  return value!.probabilities;
}

/** The mean over mirror images by its definition: the image is turned, predicted, turned back. */
async function meanByHand(network: TrainedNetwork, pixels: Pixels): Promise<Float32Array> {
  let sum: Float64Array | undefined;
  for (const rows of [false, true]) {
    for (const columns of [false, true]) {
      const mirror = { rows, columns };
      const found = await predicted(network, { ...pixels, data: mirrored(pixels, mirror) });
      const back = mirrored(found, mirror);
      sum = Float64Array.from(back, (value, at) => value + (sum?.[at] ?? 0));
    }
  }
  return Float32Array.from(sum!, (value) => value / 4);
}

const apart = (one: Float32Array, other: Float32Array): number => {
  expect(one).toHaveLength(other.length);
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at]!)), 0);
};

const several = smallSpec
  .replace('conv(1, 1) -> sigmoid', 'conv(3, 1)')
  .replace('loss: bce + dice', 'loss: cross_entropy');
/** What its pixels see is not the same on both sides. */
const lopsided = smallSpec.replace('down: max_pool(2)', 'down: conv(width, 3, stride: 2)');

describe.each([
  ['one channel', smallSpec],
  ['three classes', several],
  ['a lopsided network', lopsided],
])('the mean over mirror images of %s', (_name, text) => {
  test('is what turning the image by hand gives, and not the plain prediction', async () => {
    const network = await networkOf(text);
    const pixels = image(24, 32);
    const { data } = await predicted(network, pixels, { tta: 'flips' });
    expect(apart(data, await meanByHand(network, pixels))).toBeLessThan(1e-6);
    expect(apart(data, (await predicted(network, pixels)).data)).toBeGreaterThan(1e-3);
  });

  test('is the same in tiles', async () => {
    const network = await networkOf(text);
    const pixels = image(96, 80);
    const tiles = { height: 40, width: 48 };
    const whole = await predicted(network, pixels, { tta: 'flips' });
    const parts = await predicted(network, pixels, { tta: 'flips', tiles });
    expect(apart(parts.data, whole.data)).toBeLessThan(2e-6);
  });

  const inPages = runtimeForPages === undefined ? test.skip : test;
  inPages('is the same on ONNX Runtime', async () => {
    const network = await networkOf(text);
    const engine = await startOnnx({ runtime: runtimeForPages! });
    const pixels = image(24, 32);
    const [one, other] = [
      await predicted(network, pixels, { tta: 'flips' }),
      await predicted(network, pixels, { tta: 'flips', engine }),
    ];
    expect(apart(one.data, other.data)).toBeLessThan(1e-5);
  });
});

test('what is exact of a tile that runs mirrored too is exact in both forms', () => {
  const { model } = compiled(lopsided);
  const limits = { most: 2 ** 40, comfortable: 2 ** 40 };
  const partOf = (isMirrored: boolean): ExactPart => {
    const rules = tilingRules({ graph: model.graph, sizes: model.sizes, limits, isMirrored });
    return rules.exactPart('height', 96, 40) as ExactPart;
  };
  const [plain, both] = [partOf(false), partOf(true)];
  expect(plain.begin).not.toBe(40 - plain.end);
  expect(both.begin).toBe(Math.max(plain.begin, 40 - plain.end));
  expect(both.end).toBe(40 - both.begin);
});

test.each([1, 3, 16])('windows run %i at a time and keep their order', async (together) => {
  const counts: number[] = [];
  // Gives the first channel of the input, and twice the second.
  const network: WindowNetwork = {
    run: ({ count, height, width, data }) => {
      counts.push(count);
      const pixels = count * height * width;
      const channel = (c: number, factor: number): Float32Array =>
        Float32Array.from({ length: pixels }, (_, at) => factor * data[2 * at + c]!);
      return Promise.resolve(
        new Map([
          ['a', channel(0, 1)],
          ['b', channel(1, 2)],
        ]),
      );
    },
    dispose: () => undefined,
  };
  const random = new Random(2);
  const windows = Array.from({ length: 5 }, () => ({
    ...{ height: 3, width: 4, channels: 2 },
    data: Float32Array.from({ length: 24 }, () => random.uniform()),
  }));
  const heads = [
    { name: 'a', channels: 1 },
    { name: 'b', channels: 1 },
  ];
  const output = { height: 3, width: 4 };
  for (const tta of [undefined, 'flips'] as const) {
    counts.length = 0;
    const mirrors = mirrorsOf(tta);
    const found = await runWindows(windows, {
      networks: [network],
      heads,
      output,
      mirrors,
      together,
    });
    const forms = 5 * mirrors.length;
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(forms);
    expect(counts).toHaveLength(Math.ceil(forms / together));
    for (const [at, { data }] of windows.entries()) {
      const [a, b] = found[at]!;
      expect(
        apart(
          a!,
          data.filter((_, i) => i % 2 === 0),
        ),
      ).toBeLessThan(1e-6);
      expect(
        apart(
          b!,
          data.filter((_, i) => i % 2 === 1).map((value) => 2 * value),
        ),
      ).toBeLessThan(1e-6);
    }
  }
});

describe.each([
  ['one class', smallSpec, 1],
  [
    'three classes',
    smallSpec
      .replace('conv(1, 1) -> sigmoid', 'conv(3, 1) -> softmax')
      .replace('bce', 'cross_entropy'),
    3,
  ],
])('the spread over mirror images, of %s', (_, text, channels) => {
  test('is the standard deviation by its definition, of the class where it is largest', async () => {
    const network = await networkOf(text);
    const pixels = image(32, 48);
    const forms: Float32Array[] = [];
    for (const mirror of mirrorsOf('flips')) {
      const found = await predicted(network, { ...pixels, data: mirrored(pixels, mirror) });
      expect(found.channels).toBe(channels);
      forms.push(mirrored(found, mirror));
    }
    const deviations = Array.from(forms[0]!, (_value, at) => {
      const values = forms.map((form) => form[at]!);
      const mean = values.reduce((sum, value) => sum + value, 0) / 4;
      return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 4);
    });
    const expected = Array.from({ length: deviations.length / channels }, (_value, pixel) =>
      Math.max(...deviations.slice(pixel * channels, (pixel + 1) * channels)),
    );
    const predictor = await network.createPredictor({ tta: 'flips', spread: true });
    const strips: Pixels[] = [];
    await predictor.predictRows(sourceOf(pixels), place, (outputs) => {
      expect(outputs).toHaveLength(2);
      strips.push(outputs[1]!);
      return Promise.resolve();
    });
    predictor.dispose();
    const { data, channels: planes } = joinRows(strips);
    expect([planes, data.length]).toEqual([1, 32 * 48]);
    expect(Math.max(...expected)).toBeGreaterThan(0.001);
    for (const [at, value] of expected.entries()) expect(data[at]).toBeCloseTo(value, 5);
  });
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { compileText, type CompiledModel } from '../../../src/compile.js';
import { axisSizes } from '../../../src/ir/sizes/sizes.js';
import type { Pixels } from '../../../src/runtime/data/pixels.js';
import { sourceOf } from '../../../src/runtime/data/pixel-source.js';
import type { TilingRules, WantedTiles } from '../../../src/runtime/data/tiling.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { predictionMemory } from '../../../src/runtime/memory/prediction-memory.js';
import { initialiseWeights, weightsFromValues } from '../../../src/runtime/network/weights.js';
import { functionalWindows } from '../../../src/runtime/prediction/functional-windows.js';
import { graphToPredict } from '../../../src/runtime/prediction/predicted-graph.js';
import { createPredictor, type Predictor } from '../../../src/runtime/prediction/predictor.js';
import { tilingRules } from '../../../src/runtime/prediction/tiling.js';
import { Random } from '../../../src/runtime/random.js';

beforeAll(async () => {
  await startEngine('wasm');
});

const place = { file: 'image.png', start: 0, end: 0 };

function model(text: string): CompiledModel {
  const { models, diagnostics } = compileText('net.unet', text);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return models[0]!;
}

function unet(lines: {
  readonly stage?: string;
  readonly down?: string;
  readonly up?: string;
  readonly skip?: string;
  readonly align?: string;
  readonly size?: string;
}): string {
  const {
    stage = 'conv(width, 3) -> batch_norm -> relu',
    down = 'max_pool(2)',
    up = 'conv_transpose(width, 2, stride: 2)',
    align = '',
    size = 'H, W',
  } = lines;
  return `model M {
  input image: [${size}, 1]
  encoder plain {
    widths: [4, 6, 8]
    stage: ${stage}
    down: ${down}
  }
  skip plain { merge: [skip, up] -> concat ${align} }
  decoder {
    up: ${up}
    stage: ${stage}
  }
  head mask: conv(1, 1) -> sigmoid
}
train M { loss: bce }
`;
}

function predictorOf(
  text: string,
  options: { readonly wanted?: WantedTiles; readonly rules?: Partial<TilingRules> } = {},
): Predictor {
  const compiled = model(text);
  const { graph, head } = graphToPredict(compiled, compiled.recipe);
  const weights = initialiseWeights(compiled.graph, new Random(3));
  const { sizes } = compiled;
  const limits = { most: 2 ** 40, comfortable: 2 ** 40 };
  const tiling = {
    ...tilingRules({ graph, sizes, limits, wanted: options.wanted }),
    ...options.rules,
  };
  const predictor = createPredictor({
    network: functionalWindows(graph, weights),
    head,
    sizes: {
      height: axisSizes(compiled.graph, sizes.height),
      width: axisSizes(compiled.graph, sizes.width),
      output: head.name,
      classifiesImages: false,
    },
    policy: { kind: 'pad' },
    scaling: { order: undefined, statistics: undefined, range: undefined },
    tiling,
  });
  weights.dispose();
  return predictor;
}

function picture(height: number, width: number): Pixels {
  const data = Float32Array.from({ length: height * width }, (_, i) => ((i * 7919) % 257) / 256);
  return { height, width, channels: 1, data };
}

async function predicted(predictor: Predictor, image: Pixels): Promise<[Pixels, string]> {
  const { value, diagnostics } = await predictor.predict(image, place);
  expect(diagnostics).toEqual([]);
  predictor.dispose();
  return [value!.probabilities, value!.description];
}

function largestDifference(one: Pixels, other: Pixels): number {
  expect([one.height, one.width]).toEqual([other.height, other.width]);
  return one.data.reduce((most, value, i) => Math.max(most, Math.abs(value - other.data[i]!)), 0);
}

describe('tiles give what the whole image gives', () => {
  const valid = 'conv(width, 3, padding: valid) -> relu';
  test.each<[string, string, number]>([
    ['same padding', unet({}), 64],
    [
      'two convolutions a stage',
      unet({ stage: 'conv(width, 3) -> relu -> conv(width, 3) -> relu' }),
      96,
    ],
    ['valid padding', unet({ stage: valid, align: ', align: crop' }), 78],
    ['bilinear resizing', unet({ up: 'bilinear(2) -> conv(width, 3)' }), 64],
    ['nearest resizing', unet({ up: 'nearest(2) -> conv(width, 3)' }), 64],
    ['strided convolutions', unet({ down: 'conv(width, 3, stride: 2)' }), 64],
    ['overlapping pools', unet({ down: 'max_pool(3, stride: 2, padding: same)' }), 64],
    ['average pools', unet({ down: 'avg_pool(2)' }), 64],
    ['dilation', unet({ stage: 'conv(width, 3, dilation: 2) -> relu' }), 96],
    ['depthwise convolutions', unet({ stage: 'depthwise_conv(3) -> conv(width, 1) -> relu' }), 64],
    [
      'wide transposed convolutions',
      unet({ up: 'conv_transpose(width, 4, stride: 2, padding: same)' }),
      64,
    ],
    [
      'strides of three',
      unet({ down: 'max_pool(3)', up: 'conv_transpose(width, 3, stride: 3)' }),
      81,
    ],
    [
      'convolutions of stride three',
      unet({ down: 'conv(width, 5, stride: 3)', up: 'conv_transpose(width, 3, stride: 3)' }),
      90,
    ],
    ['dilation by three', unet({ stage: 'conv(width, 3, dilation: 3) -> relu' }), 108],
    ['layer norm', unet({ stage: 'conv(width, 3) -> layer_norm -> relu' }), 64],
  ])('%s', async (_name, text, tile) => {
    for (const [height, width] of [
      [149, 203],
      [113, 64],
    ] as const) {
      const image = picture(height, width);
      const [whole] = await predicted(predictorOf(text), image);
      const tiles = predictorOf(text, { wanted: { height: tile, width: tile } });
      const [tiled, description] = await predicted(tiles, image);
      expect(description).toMatch(/^cut .* equal to the whole at once$/);
      // Kernels by Winograd's tiles round by where an image begins.
      expect(largestDifference(whole, tiled)).toBeLessThan(2e-6);
    }
  });

  test('also in strips of rows, whose heights sum up', async () => {
    const image = picture(149, 90);
    const [whole] = await predicted(predictorOf(unet({})), image);
    const predictor = predictorOf(unet({}), { wanted: { height: 64, width: 48 } });
    const strips: Pixels[] = [];
    await predictor.predictRows(sourceOf(image), place, ([strip]) => {
      strips.push(strip!);
      return Promise.resolve();
    });
    predictor.dispose();
    expect(strips.length).toBeGreaterThan(2);
    const data = Float32Array.from(strips.flatMap((strip) => [...strip.data]));
    expect(largestDifference(whole, { ...image, data })).toBeLessThan(2e-6);
  });
});

/** A network of one pipeline. */
const line = (steps: string): string => `model M {
  input image: [H, W, 1]
  wires { a = image -> ${steps} }
  head mask: a -> conv(1, 1) -> sigmoid
}
train M { loss: bce }
`;

describe('what is said to be equal is equal', () => {
  test.each<[string, number, number, number]>([
    // A border that is cut off is no part of what a tile gives.
    ['conv(8, 3) -> relu -> conv(8, 3) -> relu -> crop(8)', 40, 40, 24],
    ['conv(4, 3) -> max_pool(2) -> conv(4, 3) -> nearest(2) -> crop(4)', 90, 100, 64],
    ['conv(4, 3) -> pad_to(image) -> crop([0, 1, 2, 0]) -> pad_to(image)', 54, 45, 28],
    // Outputs that are larger than the image, and are resized to it.
    ['conv(8, 3) -> max_pool(2) -> conv_transpose(8, 4, stride: 2) -> relu', 171, 151, 66],
    ['conv(4, 3) -> pad(1)', 90, 80, 40],
    ['conv(4, 3, padding: 2)', 90, 80, 40],
    // Nearest pixels on grids that move with the size, and on ones half a pixel ahead.
    ['conv(8, 3) -> max_pool(3) -> resize_to(image, nearest, grid: align_corners)', 171, 150, 66],
    ['conv(4, 3) -> max_pool(2) -> conv(4, 3) -> max_pool(2) -> nearest(4)', 96, 120, 48],
  ])('%s', async (steps, height, width, tile) => {
    const image = picture(height, width);
    const [whole] = await predicted(predictorOf(line(steps)), image);
    const tiles = predictorOf(line(steps), { wanted: { height: tile, width: tile } });
    const [tiled, description] = await predicted(tiles, image);
    expect(description).toMatch(/^cut /);
    if (!description.includes('equal to the whole at once')) {
      expect(description).toContain('not as the whole at once: ');
      return;
    }
    // Kernels by Winograd's tiles round by where an image begins.
    expect(largestDifference(whole, tiled)).toBeLessThan(2e-6);
  });
});

describe('where tiles cannot give the same', () => {
  const squeezed = `block squeeze() = [in, (in -> global_avg_pool -> conv(4, 1) -> sigmoid)] -> multiply
model M {
  input image: [H, W, 1]
  wires { a = image -> conv(4, 3) -> relu -> squeeze -> conv(4, 3) }
  head mask: a -> conv(1, 1) -> sigmoid
}
train M { loss: bce }
`;
  test.each<[string, string, string]>([
    ['squeeze and excitation', squeezed, 'looks at the whole image'],
    [
      'instance norm',
      unet({ stage: 'conv(width, 3) -> instance_norm -> relu' }),
      'looks at the whole image',
    ],
    [
      'aligned corners',
      unet({ up: 'bilinear(2, grid: align_corners) -> conv(width, 3)' }),
      'depends on the size of the image',
    ],
  ])('%s: says so', async (_name, text, reason) => {
    const tiles = predictorOf(text, { wanted: { height: 64, width: 64 } });
    const [tiled, description] = await predicted(tiles, picture(150, 150));
    expect(description).toMatch(/^cut .* blended over \d+ pixels; not as the whole at once: /);
    expect(description).toContain(reason);
    expect(tiled.data.every((p) => p >= 0 && p <= 1)).toBe(true);
  });

  test('a whole image that fits is not cut; one that does not is', async () => {
    const fits = (height: number, width: number): boolean => height * width <= 4096;
    const rules = { fits, mayFit: () => true };
    const [, whole] = await predicted(predictorOf(squeezed, { rules }), picture(150, 150));
    expect(whole).toBe('took 150 x 150 as it is');
    const strict = { fits, mayFit: fits };
    const [, cut] = await predicted(predictorOf(squeezed, { rules: strict }), picture(150, 150));
    expect(cut).toMatch(/^cut 150 x 150 into \d+ tiles of 64 x 64, .* to fit the memory; not as/);
  });
});

describe('tiles by memory', () => {
  test('the largest that fit, no larger than as many need to be, and one line that says so', async () => {
    const text = unet({});
    const compiled = model(text);
    const { graph } = graphToPredict(compiled, compiled.recipe);
    const limit = predictionMemory(graph, 128, 128);
    const fits = (height: number, width: number): boolean =>
      predictionMemory(graph, height, width) <= limit;
    const rules = { fits, mayFit: fits };
    const image = picture(300, 300);
    const [whole] = await predicted(predictorOf(text), image);
    const [tiled, description] = await predicted(predictorOf(text, { rules }), image);
    expect(description).toMatch(
      /^cut 300 x 300 into 9 tiles of 120 x 120 to fit the memory, equal to the whole at once$/,
    );
    // Kernels by Winograd's tiles round by where an image begins.
    expect(largestDifference(whole, tiled)).toBeLessThan(2e-6);
  });

  test('a network of one size is given tiles of it', async () => {
    const text = unet({ size: '64, 64' });
    const [, description] = await predicted(predictorOf(text), picture(100, 150));
    expect(description).toMatch(/^cut .* into \d+ tiles of 64 x 64/);
  });

  test('tiles by hand for which there is too little memory: says so before any work', async () => {
    const rules = { mayFit: (height: number, width: number) => height * width <= 4096 };
    const wish = async (side: number, image: Pixels): Promise<readonly string[]> => {
      const wanted = { height: side, width: side };
      const predictor = predictorOf(unet({}), { wanted, rules });
      const { diagnostics } = await predictor.predict(image, place);
      predictor.dispose();
      return diagnostics.map(({ code }) => code);
    };
    expect(await wish(128, picture(150, 150))).toEqual(['UNET6126']);
    expect(await wish(64, picture(150, 150))).toEqual([]);
    // A tile that is larger than the image is as large as the image.
    expect(await wish(4000, picture(60, 60))).toEqual([]);
    expect(await wish(4000, picture(80, 80))).toEqual(['UNET6126']);
  });

  test('no legal size fits: says so', async () => {
    const never = (): boolean => false;
    const predictor = predictorOf(unet({}), { rules: { fits: never, mayFit: never } });
    const { value, diagnostics } = await predictor.predict(picture(40, 40), place);
    predictor.dispose();
    expect(value).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(['UNET6124']);
  });
});

test('weights that are no numbers give no picture', async () => {
  const compiled = model(unet({}));
  const { graph, head } = graphToPredict(compiled, compiled.recipe);
  const values = await initialiseWeights(compiled.graph, new Random(3)).values();
  for (const array of values.values()) array.fill(NaN);
  const weights = weightsFromValues(compiled.graph, values);
  const before = tf.memory().numTensors;
  const predictor = createPredictor({
    network: functionalWindows(graph, weights),
    head,
    sizes: {
      height: axisSizes(compiled.graph, compiled.sizes.height),
      width: axisSizes(compiled.graph, compiled.sizes.width),
      output: head.name,
      classifiesImages: false,
    },
    policy: { kind: 'pad' },
    scaling: { order: undefined, statistics: undefined, range: undefined },
  });
  const { value, diagnostics } = await predictor.predict(picture(16, 16), place);
  predictor.dispose();
  expect(value).toBeUndefined();
  expect(diagnostics.map(({ code }) => code)).toEqual(['UNET6121']);
  expect(tf.memory().numTensors).toBe(before);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { readImage, writeImage } from '../../../src/runtime/data/image-files.js';
import type { ReadingInParts } from '../../../src/runtime/data/image-source.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { evaluate } from '../../../src/runtime/prediction/evaluate.js';
import { renderOverlay } from '../../../src/runtime/data/overlay.js';
import { legendOf } from '../../../src/runtime/prediction/legend.js';
import { evaluateSplit } from '../../../src/runtime/prediction/evaluate-split.js';
import { openRun, type TrainedRun } from '../../../src/runtime/prediction/open-run.js';
import { paintImage, type PaintedImage } from '../../../src/runtime/prediction/paint.js';
import { openDataset } from '../../../src/runtime/training/setup.js';
import { compiled, openWorkshop, smallSpec, trained, type Workshop } from '../training/support.js';

let shop: Workshop;
beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop(8, 3);
});
afterAll(() => shop.remove());

async function trainWith(name: string, text: string): Promise<TrainedRun> {
  const out = join(shop.folder, name);
  await trained({ data: shop.data, out, run: compiled(text, { epochs: 1 }) });
  return (await openRun(out, 'last')).value!;
}

const place = { file: 'image.png', start: 0, end: 0 };
function image(
  height: number,
  width: number,
): Parameters<Awaited<ReturnType<TrainedRun['createPredictor']>>['predict']>[0] {
  const data = Float32Array.from({ length: height * width }, (_, i) => ((i * 37) % 97) / 96);
  return { height, width, channels: 1, data };
}

describe.each([
  ['pad', 'sizes: pad'],
  ['crop', 'sizes: crop(24)'],
  ['resize', 'sizes: resize(32)'],
  ['tile', 'sizes: tile(24, overlap: 8)'],
])('with the policy %s', (name, line) => {
  test.each([
    [1, 1],
    [7, 30],
    [33, 50],
    [64, 64],
  ])('an image of %i x %i gives a map of its size', async (height, width) => {
    const run = await trainWith(`${name}-${height}`, smallSpec.replace('sizes: crop(24)', line));
    const predictor = await run.createPredictor();
    const { value, diagnostics } = await predictor.predict(image(height, width), place);
    predictor.dispose();
    expect(diagnostics).toEqual([]);
    const { probabilities, description } = value!;
    expect([probabilities.height, probabilities.width]).toEqual([height, width]);
    expect(probabilities.data.every((p) => p >= 0 && p <= 1)).toBe(true);
    expect(description).not.toBe('');
  });
});

test.each([
  ['one class', smallSpec],
  ['resized', smallSpec.replace('crop(24)', 'resize(32)')],
])('pictures painted in parts are those painted at once: %s', async (name, text) => {
  const run = await trainWith(`parts-${name.length}`, text);
  const path = join(shop.folder, `wide-${name.length}.png`);
  const data = Uint8Array.from({ length: 90 * 70 }, (_, i) => ((i * 37) % 251) >> 2);
  await writeImage(path, { width: 90, height: 70, channels: 1, depth: 8, data });
  const paint = async (out: string, parts?: ReadingInParts): Promise<PaintedImage> => {
    const tiles = parts && name === 'one class' ? { height: 48, width: 48 } : undefined;
    const predictor = await run.createPredictor({ tiles });
    const folder = join(shop.folder, out);
    const painted = await paintImage(run, predictor, { name, path }, folder, { parts });
    predictor.dispose();
    expect(painted.diagnostics).toEqual([]);
    return painted.value!;
  };
  const whole = await paint(`whole-${name.length}`);
  const parts = await paint(`in-parts-${name.length}`, { above: 0, bandBytes: 500 });
  expect(parts.shares).toEqual(whole.shares);
  for (const [one, other] of [
    [whole.mask, parts.mask],
    [whole.overlay, parts.overlay],
    [whole.probabilities[0]!, parts.probabilities[0]!],
  ] as const) {
    const [expected, found] = [(await readImage(one)).value!, (await readImage(other)).value!];
    expect(found).toMatchObject({ width: 90, height: 70, channels: expected.channels });
    const apart = found.data.map((value, i) => Math.abs(value - expected.data[i]!));
    expect(Math.max(...apart)).toBeLessThanOrEqual(1);
  }
});

test('a network of one fixed size takes larger images in tiles', async () => {
  const text = smallSpec.replace('[H, W, 1]', '[32, 32, 1]').replace('crop(24)', 'pad');
  const predictor = await (await trainWith('fixed', text)).createPredictor();
  const small = await predictor.predict(image(20, 20), place);
  expect(small.value?.description).toContain('padded 20 x 20 to 32 x 32');
  const large = await predictor.predict(image(40, 40), place);
  expect(large.value?.description).toMatch(/^cut 40 x 40 into 4 tiles of 32 x 32, blended/);
  expect(large.value?.description).not.toContain('to fit the memory');
  predictor.dispose();
});

test('evaluating gives the metrics of training, for each image and in total', async () => {
  const out = join(shop.folder, 'evaluated');
  const result = await trained({ data: shop.data, out });
  const epochs = result.events.filter((event) => event.kind === 'epoch');
  const { value: run } = await openRun(out, 'last');
  const { value } = await evaluateSplit(run!, shop.data, 'val');
  expect(value!.metrics).toEqual(epochs.at(-1)!.metrics);
  expect(value!.loss).toBeCloseTo(epochs.at(-1)!.validationLoss!, 6);
  expect(value!.images.map(({ name }) => name)).toEqual(['cells-001', 'cells-002', 'cells-003']);
});

test('evaluating in tiles gives what the whole images give', async () => {
  const run = await trainWith('in-tiles', smallSpec);
  const whole = await evaluateSplit(run, shop.data, 'val');
  const tiles: (readonly number[])[] = [];
  const cut = await evaluateSplit(run, shop.data, 'val', {
    tiles: { height: 24, width: 16 },
    onTile: (...counts) => tiles.push(counts),
  });
  expect(cut.value!.images[0]!.description).toMatch(/^cut .* equal to the whole at once$/);
  // A row of tiles runs together.
  expect(tiles.slice(0, 2)).toEqual([
    [4, 8],
    [8, 8],
  ]);
  expect(cut.value!.loss).toBeCloseTo(whole.value!.loss!, 5);
  expect(cut.value!.metrics).toEqual(whole.value!.metrics);
});

test('images larger than the one size of a network are evaluated', async () => {
  const text = smallSpec.replace('[H, W, 1]', '[16, 16, 1]').replace('crop(24)', 'crop(16)');
  const run = await trainWith('one-size', text);
  const padded = { ...run, network: { ...run.network, policy: { kind: 'pad' } as const } };
  const { value, diagnostics } = await evaluateSplit(padded, shop.data, 'val');
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  expect(value!.images[0]!.description).toMatch(/^cut 32 x 32 into \d+ tiles of 16 x 16/);
});

test('a loss of the whole image for which there is too little memory is left out, and told', async () => {
  const run = await trainWith('similar', smallSpec.replace('bce + dice', 'bce + ms_ssim'));
  const predictor = await run.createPredictor();
  const opened = await openDataset(
    shop.data,
    { splits: ['val'], trained: [] },
    run.run,
    run.network,
    undefined,
  );
  const split = opened.value!.splits.get('val')!;
  const { recipe } = run.run;
  const most = 24 * 4 * 32 * 32;
  const there = await evaluate(predictor, split, { recipe, limits: { most, comfortable: most } });
  expect(there.loss).toBeGreaterThan(0);
  expect(there.diagnostics).toEqual([]);
  const limits = { most: most - 1, comfortable: most };
  const { loss, metrics, diagnostics, images } = await evaluate(predictor, split, {
    recipe,
    limits,
  });
  predictor.dispose();
  expect([loss, ...images.map((each) => each.loss)]).toEqual(Array(4).fill(undefined));
  expect(metrics).toEqual(there.metrics);
  expect(diagnostics.map(({ code }) => code)).toEqual(['UNET6125']);
});

test('pictures: a mask that can be trained on, probabilities, an overlay', async () => {
  const run = await trainWith('painted', smallSpec);
  const predictor = await run.createPredictor();
  const path = join(shop.data, 'val/images/cells-001.png');
  const out = join(shop.folder, 'pictures');
  const { value, diagnostics } = await paintImage(run, predictor, { name: 'a', path }, out);
  predictor.dispose();
  expect(diagnostics).toEqual([]);
  const mask = (await readImage(value!.mask)).value!;
  expect([mask.width, mask.height, mask.channels]).toEqual([32, 32, 1]);
  expect([...new Set(mask.data)].every((level) => level === 0 || level === 255)).toBe(true);
  expect((await readImage(value!.overlay)).value!.channels).toBe(3);
  expect(value!.probabilities).toHaveLength(1);
  expect(value!.shares[0]! + value!.shares[1]!).toBeCloseTo(1, 9);
});

test('several classes: one picture of the probability of what is painted, or one each', async () => {
  const text = smallSpec
    .replace('conv(1, 1) -> sigmoid', 'conv(2, 1)')
    .replace('loss: bce + dice', 'loss: cross_entropy + dice');
  const run = await trainWith('classes', text);
  const predictor = await run.createPredictor();
  const path = join(shop.data, 'val/images/cells-001.png');
  const paint = (everyClass: boolean) =>
    paintImage(run, predictor, { name: 'b', path }, shop.folder, { everyClass });
  const { value } = await paint(false);
  const each = await paint(true);
  predictor.dispose();
  const name = (kind: string): string => join(shop.folder, `b.${kind}.png`);
  expect(value!.probabilities).toEqual([name('probability')]);
  expect(each.value!.probabilities).toEqual([name('probability-0'), name('probability-1')]);
  const [painted, first, second] = await Promise.all(
    [...value!.probabilities, ...each.value!.probabilities].map(
      async (file) => (await readImage(file)).value!.data,
    ),
  );
  expect([...painted!]).toEqual([...first!].map((level, i) => Math.max(level, second![i]!)));
  expect(new Set(painted).size).toBeGreaterThan(1);
  expect(value!.legend).toEqual([
    { name: 'class 0 (background)' },
    { name: 'class 1', colour: '#e69f00' },
  ]);
});

test('the legend has the colours that overlays are painted in, and the names of the recipe', () => {
  const colours = [
    [9, 9, 9],
    [0, 255, 16],
    [128, 64, 0],
  ] as const;
  const grey = { width: 3, height: 1, channels: 1, data: new Float32Array(3) };
  const mask = { width: 3, height: 1, data: Uint8Array.of(0, 1, 2) };
  for (const given of [colours, undefined]) {
    const { data } = renderOverlay(grey, mask, { colours: given });
    const painted = [1, 2].map((x) => Buffer.from(data.slice(3 * x, 3 * x + 3)).toString('hex'));
    const classes = ['sky', '__proto__', 'a\nb'];
    expect(legendOf(3, { classes, colours: given })).toEqual([
      { name: 'sky' },
      { name: '__proto__', colour: `#${painted[0]!}` },
      { name: 'a\nb', colour: `#${painted[1]!}` },
    ]);
  }
});

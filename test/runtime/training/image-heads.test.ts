import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileText } from '../../../src/compile.js';
import { writeImage } from '../../../src/runtime/data/image-files.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { evaluateSplit } from '../../../src/runtime/prediction/evaluate-split.js';
import { classifyImage } from '../../../src/runtime/prediction/classify-image.js';
import { openRun } from '../../../src/runtime/prediction/open-run.js';
import { paintImage } from '../../../src/runtime/prediction/paint.js';
import { checkNetwork } from '../../../src/runtime/training/setup.js';
import { compiled, filesOf, logOf, stopAfter, trained } from './support.js';

/** A network whose only head classifies whole images. */
const spec = (
  channels: number,
  recipe = '',
  activation = 'sigmoid',
  input = '[H, W, 1]',
): string => `
model Judge {
  input image: ${input}
  wires { a = image -> conv(6, 3) -> relu }
  head shown: a -> global_max_pool -> conv(8, 1) -> relu -> conv(${channels}, 1) -> ${activation}
}
train Judge {
  metrics: [accuracy, dice, recall]
  optimizer: adam(lr: 0.05)
  epochs: 30
  batch: 3
  ${recipe}
}
`;

const size = 16;
/** What each image shows, in turn: classes whose spots lie in a corner. */
const shown: readonly (readonly number[])[] = [[], [1], [2], [1, 2], [2], []];

/** Images with a spot for each class, away from the middle, class 1 bright and class 2 dark. */
async function drawData(folder: string, classes: number, sets = shown): Promise<void> {
  for (const split of ['train', 'val']) {
    for (const [at, all] of sets.entries()) {
      const image = Uint8Array.from({ length: size * size }, (_, i) => 100 + at + (i % 3));
      const mask = new Uint8Array(size * size);
      for (const found of all.filter((each) => each <= classes)) {
        for (let i = 0; i < 9; i++) {
          const pixel = (1 + (i % 3)) * size + Math.floor(i / 3) + (found === 1 ? 1 : 11);
          image[pixel] = found === 1 ? 255 : 0;
          mask[pixel] = found;
        }
      }
      for (const [part, data] of Object.entries({ images: image, masks: mask })) {
        const file = join(folder, split, part, `i${at}.png`);
        await writeImage(file, { width: size, height: size, channels: 1, depth: 8, data });
      }
    }
  }
}

let folder: string;
const at = (name: string): string => join(folder, name);
beforeAll(async () => {
  await startEngine('wasm');
  folder = mkdtempSync(join(tmpdir(), 'unetc-image-heads-'));
  await drawData(at('two'), 1);
  await drawData(at('three'), 2);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ['two', 'one channel', spec(1)],
  ['three', 'a channel for each class', spec(3)],
  ['two', 'a softmax', spec(2, '', 'softmax')],
  ['two', 'crops', spec(1, 'sizes: crop(16)')],
  ['two', 'resized images', spec(1, 'sizes: resize(20)')],
  ['two', 'one size', spec(1, '', 'sigmoid', '[16, 16, 1]')],
])('a network of %s classes whose only head classifies images, with %s', (data, title, text) => {
  const out = (): string => at(`run of ${title}`);

  test('learns which classes an image shows', async () => {
    const run = compiled(text);
    const { value, diagnostics } = await trained({ data: at(data), out: out(), run });
    expect(diagnostics).toEqual([]);
    expect(value).toMatchObject({ kind: 'finished', best: { metric: 'accuracy', value: 1 } });
  });

  test('is measured by image, with the loss that training told', async () => {
    const { value: run } = await openRun(out(), 'best');
    const { value, diagnostics } = await evaluateSplit(run!, at(data), 'val');
    expect(diagnostics).toEqual([]);
    expect(value!.counts).toMatchObject({ pixels: shown.length, right: shown.length });
    const means = [...value!.metrics].map(([name, { mean }]) => [name, mean]);
    expect(means).toEqual([
      ['accuracy', 1],
      ['dice', 1],
      ['recall', 1],
    ]);
    const losses = logOf(out()).flatMap((entry) => {
      const given = entry as { kind: string; epoch: number; validation: { loss: number } };
      return given.kind === 'epoch' ? [given.validation.loss] : [];
    });
    expect(value!.loss).toBeCloseTo(losses[run!.checkpoint.best!.epoch - 1]!, 6);
  });

  test('says what an image shows', async () => {
    const { value: run } = await openRun(out(), 'best');
    const predictor = await run!.createPredictor();
    const path = at(`${data}/val/images/i2.png`);
    const { value } = await classifyImage(run!, predictor, { name: 'i2', path }, at('judged'));
    predictor.dispose();
    const told = value!.classes.filter(({ isPredicted }) => isPredicted).map(({ name }) => name);
    expect(told).toEqual(
      data === 'three' ? ['class 2'] : title === 'a softmax' ? ['class 0 (background)'] : [],
    );
    expect(value!.description).not.toContain('back');
    expect(JSON.parse(readFileSync(value!.file, 'utf8'))).toEqual({
      image: path,
      classes: value!.classes,
    });
  });
});

test('a run that was stopped and resumed gives the bits of one that was not', async () => {
  const run = compiled(spec(1), { epochs: 2 });
  await trained({ data: at('two'), out: at('whole'), run });
  await stopAfter(3, { data: at('two'), out: at('halves'), run });
  const { value: stopped } = await openRun(at('halves'), 'last');
  const resume = stopped!.checkpoint;
  await trained({ data: at('two'), out: at('halves'), run, resume });
  const [whole, halves] = [filesOf(at('whole/last')), filesOf(at('halves/last'))];
  expect([...halves]).toEqual([...whole]);
});

test('painting is for heads that give masks', async () => {
  const { value: run } = await openRun(at('run of one channel'), 'best');
  const predictor = await run!.createPredictor();
  const image = { name: 'i2', path: at('two/val/images/i2.png') };
  await expect(paintImage(run!, predictor, image, at('painted'))).rejects.toThrow('classifyImage');
  predictor.dispose();
});

test('an image in tiles shows what any tile shows', async () => {
  const { value: run } = await openRun(at('run of one channel'), 'best');
  const tiles = { height: 8, width: 8, overlap: 2 };
  const { value } = await evaluateSplit(run!, at('two'), 'val', { tiles });
  expect(value!.metrics.get('accuracy')!.mean).toBe(1);
  expect(value!.images[0]!.description).toBe(
    'cut 16 x 16 into 9 tiles of 8 x 8, which overlap by 4 pixels; not as the whole at once: "shown/global_max_pool1" (global_max_pool) looks at the whole image',
  );
});

test('images that all show the same leave nothing to learn', async () => {
  await drawData(at('alike'), 1, [[1], [1], [1]]);
  const { diagnostics } = await trained({
    ...{ data: at('alike'), out: at('none') },
    run: compiled(spec(1)),
  });
  expect(diagnostics.map(({ code }) => code)).toEqual(['UNET6037']);
  expect(diagnostics[0]!.message).toBe(
    'The same classes occur in all 3 training masks: there is nothing to learn.',
  );
});

test('the loss of the recipe is that of the only head', () => {
  const { recipe } = compiled(spec(1, 'loss: 2 * bce'));
  expect(recipe.losses['shown']).toMatchObject({ kind: 'scale', factor: 2 });
});

/** A head that is supervised at a tensor before its pooling, or after it. */
const mixed = (from: string, supervised: string, recipe = ''): string => `
model Mixed {
  input image: [H, W, 1]
  wires { a = image -> conv(4, 3) -> relu
    g = a -> global_max_pool }
  head out: ${from} -> conv(1, 1) -> sigmoid { supervise: [${supervised}] }
}
train Mixed { epochs: 1, batch: 3 ${recipe} }
`;

test.each([
  ['g', 'a'],
  ['a', 'g'],
])('a head from %s and %s: one output classifies images, the other pixels', async (from, other) => {
  const run = compiled(mixed(from, other));
  // Without a region loss, which the output that classifies images could not take.
  expect(run.recipe.losses['out']).toMatchObject({ kind: 'loss', loss: { name: 'bce' } });
  const out = at(`mixed ${from}`);
  const { value } = await trained({ data: at('two'), out, run });
  expect(value?.kind).toBe('finished');
  const entry = logOf(out).find((each) => (each as { kind: string }).kind === 'epoch');
  const { losses } = entry as { losses: Record<string, number> };
  // A mean over pixels or images, not a sum: bce of a network that has hardly begun.
  for (const loss of Object.values(losses)) expect(loss).toBeLessThan(3);
});

test('of several heads that classify images the one that tells classes apart is predicted', async () => {
  const heads = `
model Two {
  input image: [H, W, 1]
  wires { a = image -> conv(4, 3) -> relu -> global_max_pool }
  head any: a -> conv(1, 1) -> sigmoid
  head which: a -> conv(3, 1) -> sigmoid
  head odd: a -> conv(CHANNELS, 1) -> sigmoid
}
train Two { epochs: 1, batch: 3, metrics: dice(threshold: 0.3) }
`;
  const text = heads.replace('CHANNELS', '3');
  // The threshold counts for each class of an image, of several channels too.
  expect(compileText('two.unet', text).diagnostics).toEqual([]);
  const run = compiled(text);
  const { value, diagnostics } = await trained({ data: at('three'), out: at('several'), run });
  expect(diagnostics.filter(({ code }) => code !== 'UNET6062')).toEqual([]);
  expect(value?.kind).toBe('finished');
  const { value: opened } = await openRun(at('several'), 'best');
  expect(opened!.network.head).toMatchObject({ name: 'which', classCount: 3 });
  const codes = checkNetwork(compiled(heads.replace('CHANNELS', '4'))).map(({ code }) => code);
  expect(codes).toEqual(['UNET6119']);
});

test('a metric of outlines is refused', () => {
  const text = spec(1).replace('recall', 'hausdorff');
  expect(checkNetwork(compiled(text)).map(({ code }) => code)).toEqual(['UNET6044']);
});

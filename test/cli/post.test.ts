import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImage } from '../../src/runtime/data/image-files.js';
import { openWorkshop, smallSpec, type Workshop } from '../runtime/training/support.js';
import { callCli } from './run-cli.js';

/** What a recipe says of masks is found by training, painted and measured. */

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop(5, 3);
  const steps = 'post: [threshold(found), fill_holes, keep_largest]';
  const text = smallSpec.replace('train Small {', `train Small {\n  ${steps}`);
  expect(text).not.toBe(smallSpec);
  writeFileSync(join(shop.folder, 'post.unet'), text);
});
afterAll(() => shop.remove());

const call = (...words: string[]): ReturnType<typeof callCli> =>
  callCli([...words, '--engine', 'wasm'], { folder: shop.folder });

interface Evaluated {
  readonly metrics: { readonly dice: { readonly mean: number } };
  readonly images: readonly { readonly name: string }[];
}

async function diceOfPictures(folder: string, names: readonly string[]): Promise<number> {
  let [both, sum] = [0, 0];
  for (const name of names) {
    const read = async (path: string): Promise<ArrayLike<number>> =>
      (await readImage(path)).value!.data;
    const painted = await read(join(shop.folder, folder, `${name}.mask.png`));
    const truth = await read(join(shop.data, 'val/masks', `${name}.png`));
    for (let at = 0; at < truth.length; at++) {
      const [a, b] = [painted[at]! > 0, truth[at]! > 0];
      if (a && b) both += 1;
      sum += Number(a) + Number(b);
    }
  }
  return (2 * both) / sum;
}

test('the end of a training finds the threshold; predict paints by it, eval measures what is painted', async () => {
  const trained = await call(
    ...['train', 'post.unet', '--data', shop.data, '--out', 'run', '--epochs', '2'],
  );
  expect([trained.code, trained.stderr]).toEqual([0, expect.stringMatching(/^threshold: 0\.\d+/m)]);
  const file = join(shop.folder, 'run/threshold.json');
  const stored = JSON.parse(readFileSync(file, 'utf8')) as Record<string, number>;
  expect(stored['dice']).toBeGreaterThanOrEqual(stored['usual']!);

  const evaluated = await call('eval', 'run', '--data', shop.data, '--json');
  expect([evaluated.code, evaluated.stderr]).toEqual([0, '']);
  const { metrics, images } = JSON.parse(evaluated.stdout) as Evaluated;
  const names = images.map(({ name }) => name);
  const painted = await call('predict', 'run', join(shop.data, 'val/images'), '--out', 'painted');
  expect(painted.code).toBe(0);
  expect(metrics.dice.mean).toBeCloseTo(await diceOfPictures('painted', names), 10);

  // What is lost is found again.
  rmSync(file);
  const without = await call('eval', 'run', '--data', shop.data);
  expect([without.code, without.stderr]).toEqual([0, expect.stringContaining('UNET6162')]);
  const again = await call(
    ...['train', 'post.unet', '--data', shop.data, '--out', 'run', '--epochs', '2', '--resume'],
  );
  expect(again.code).toBe(0);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(stored);
});

test('objects are told apart, written as files and compared', async () => {
  const text = smallSpec.replace(
    'train Small {',
    'train Small {\n  objects: distance_watershed(smallest: 4)',
  );
  writeFileSync(join(shop.folder, 'objects.unet'), text);
  const trained = await call(
    ...['train', 'objects.unet', '--data', shop.data, '--out', 'cells', '--epochs', '2'],
  );
  expect([trained.code, trained.stderr]).toEqual([0, expect.any(String)]);
  const painted = await call(
    ...['predict', 'cells', join(shop.data, 'val/images'), '--out', 'objects', '--json'],
  );
  expect([painted.code, painted.stderr]).toEqual([0, '']);
  interface Painted {
    readonly mask: string;
    readonly objects: {
      readonly count: number;
      readonly instances: string;
      readonly table: string;
      readonly outlines: string;
    };
  }
  const images = JSON.parse(painted.stdout) as readonly Painted[];
  expect(images).toHaveLength(3);
  for (const { objects } of images) {
    const { data, depth } = (await readImage(objects.instances)).value!;
    const numbers = new Set(data);
    numbers.delete(0);
    expect([depth, numbers.size]).toEqual([16, objects.count]);
    const lines = readFileSync(objects.table, 'utf8').trimEnd().split('\r\n').slice(1);
    const areas = lines.map((line) => Number(line.split(',')[3]));
    expect(areas).toHaveLength(objects.count);
    expect(areas.reduce((sum, area) => sum + area, 0)).toBe(data.filter((each) => each > 0).length);
    const { features } = JSON.parse(readFileSync(objects.outlines, 'utf8')) as {
      readonly features: readonly object[];
    };
    expect(features).toHaveLength(objects.count);
  }
  const coco = JSON.parse(readFileSync(join(shop.folder, 'objects/objects.coco.json'), 'utf8')) as {
    readonly images: readonly object[];
    readonly annotations: readonly object[];
  };
  const count = images.reduce((sum, { objects }) => sum + objects.count, 0);
  expect([coco.images.length, coco.annotations.length]).toEqual([3, count]);

  const evaluated = await call('eval', 'cells', '--data', shop.data, '--json');
  interface Scored {
    readonly objects: { readonly found: number; readonly ap50: number };
    readonly images: readonly { readonly name: string; readonly objects: unknown }[];
  }
  const scored = JSON.parse(evaluated.stdout) as Scored;
  expect(scored.objects.found).toBe(count);
  // The run has told the same when it ended, of all images and of each.
  const kept = JSON.parse(
    readFileSync(join(shop.folder, 'cells/evaluation.json'), 'utf8'),
  ) as Scored;
  const objectsOf = ({ objects, images: all }: Scored): unknown => [
    objects,
    all.map(({ name, objects: own }) => [name, own]),
  ];
  expect(objectsOf(kept)).toEqual(objectsOf(scored));
  expect(readFileSync(join(shop.folder, 'cells/report.html'), 'utf8')).toContain(
    'panoptic quality',
  );
  const plain = await call('eval', 'cells', '--data', shop.data);
  expect(plain.stdout).toContain(`objects: ${count} found`);
});

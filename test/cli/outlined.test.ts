import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readImage } from '../../src/runtime/data/image-files.js';
import { openWorkshop, smallSpec, type Workshop } from '../runtime/training/support.js';
import { callCli } from './run-cli.js';

/** Training on outlines of COCO, which are the masks of the same folder. */

let shop: Workshop;
beforeAll(async () => {
  shop = await openWorkshop(5, 2);
  for (const part of ['train', 'val']) {
    const names = readdirSync(join(shop.data, part, 'masks'));
    const images = names.map((file_name, id) => ({ id, file_name, width: 32, height: 32 }));
    const annotations = await Promise.all(
      names.map(async (name, image_id) => {
        const counts = runsOf((await readImage(join(shop.data, part, 'masks', name))).value!.data);
        return { image_id, category_id: 1, segmentation: { size: [32, 32], counts } };
      }),
    );
    const document = { images, annotations, categories: [{ id: 1, name: 'cell' }] };
    writeFileSync(join(shop.data, `${part}.json`), JSON.stringify(document));
  }
  writeFileSync(join(shop.folder, 'stored.unet'), smallSpec);
  const outlined = smallSpec.replace(
    'train Small {',
    'train Small {\n  pairs: coco("{part}.json")',
  );
  writeFileSync(join(shop.folder, 'outlined.unet'), outlined);
});
afterAll(() => shop.remove());

/** The lengths of runs of 32 x 32 pixels, down the columns. */
function runsOf(pixels: ArrayLike<number>): readonly number[] {
  const counts = [0];
  let inside = false;
  for (let at = 0; at < 32 * 32; at++) {
    if (pixels[(at % 32) * 32 + Math.floor(at / 32)]! > 0 !== inside) {
      inside = !inside;
      counts.push(0);
    }
    counts[counts.length - 1]! += 1;
  }
  return counts;
}

const call = (...words: string[]): ReturnType<typeof callCli> =>
  callCli(words, { folder: shop.folder });

test('gives the weights and the scores of training on masks', async () => {
  const scores: unknown[] = [];
  for (const name of ['stored', 'outlined']) {
    const train = ['train', `${name}.unet`, '--data', 'data', '--out', name, '--engine', 'wasm'];
    expect((await call(...train)).code).toBe(0);
    const { stdout, code } = await call('eval', name, '--data', 'data', '--json');
    expect(code).toBe(0);
    scores.push((JSON.parse(stdout) as { readonly images: unknown }).images);
  }
  expect(scores[1]).toEqual(scores[0]);
  const weightsOf = (name: string): readonly Buffer[] => {
    const best = join(shop.folder, name, 'best');
    const files = readdirSync(best).filter((file) => file.endsWith('.bin'));
    expect(files.length).toBeGreaterThan(0);
    return files.sort().map((file) => readFileSync(join(best, file)));
  };
  expect(weightsOf('outlined')).toEqual(weightsOf('stored'));
});

test('data says how many objects there are', async () => {
  const { stdout, code } = await call('data', 'data', '--spec', 'outlined.unet');
  expect(code).toBe(0);
  expect(stdout).toContain('outlines: 5 objects\n');
  const { stdout: text } = await call('data', 'data', '--spec', 'outlined.unet', '--json');
  const { splits } = JSON.parse(text) as {
    readonly splits: readonly { readonly drawn: unknown }[];
  };
  expect(splits.map(({ drawn }) => drawn)).toEqual([
    { objects: 5, overlapping: 0, unannotated: 0 },
    { objects: 2, overlapping: 0, unannotated: 0 },
  ]);
});

test('shards and Python are refused by name', async () => {
  const shards = await call('data', 'data', '--spec', 'outlined.unet', '--shards', 'tars');
  expect([shards.code, shards.stderr]).toEqual([1, expect.stringContaining('UNET6359')]);
  const built = await call(
    'build',
    'outlined.unet',
    '--target',
    'pytorch',
    '--train',
    '--out',
    'small.py',
  );
  expect([built.code, built.stderr]).toEqual([1, expect.stringContaining('UNET6360')]);
});

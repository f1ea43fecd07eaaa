import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tarHeader } from '../../src/runtime/data/shards/tar.js';
import { readCheckpoint } from '../../src/runtime/runs/read-checkpoint.js';
import { png, writeFiles } from '../runtime/data/support/folders.js';
import { root } from '../codegen/cases.js';
import { callCli, type CliResult } from './run-cli.js';

let folder: string;
const data = (...words: string[]): Promise<CliResult> => callCli(['data', ...words], { folder });

/** The members of an archive, read as POSIX describes it. */
function members(path: string): ReadonlyMap<string, Buffer> {
  const bytes = readFileSync(path);
  const found = new Map<string, Buffer>();
  for (let at = 0; bytes[at] !== 0;) {
    const text = (from: number, length: number): string =>
      bytes.toString('latin1', at + from, at + from + length).replace(/\0.*/, '');
    const sum = bytes.subarray(at, at + 512).reduce((total, byte) => total + byte, 0);
    const own = bytes.subarray(at + 148, at + 156).reduce((total, byte) => total + byte, 0);
    expect(parseInt(text(148, 6), 8)).toBe(sum - own + 8 * 32);
    const size = parseInt(text(124, 11), 8);
    found.set(text(0, 100), bytes.subarray(at + 512, at + 512 + size));
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return found;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-shards-'));
  const noise = Array.from({ length: 600 * 600 }, (_, i) => (i * 7919) % 251);
  for (const name of ['a', 'b.x', 'c']) {
    writeFiles(join(folder, 'cells'), {
      [`train/images/${name}.PNG`]: await png(600, 600, 1, noise),
      [`train/masks/${name}.png`]: await png(
        600,
        600,
        1,
        noise.map((value) => (value > 99 ? 255 : 0)),
      ),
    });
  }
  writeFiles(join(folder, 'cells'), {
    'val/images/v.png': await png(2, 2, 1, [1, 2, 3, 4]),
    'val/masks/v.png': await png(2, 2, 1, [0, 255, 0, 0]),
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('files go into archives as they are, the same bytes each time', async () => {
  const first = await data('cells', '--shards', 'one');
  expect(first.code).toBe(0);
  expect(first.stderr).toContain('wrote one/train-00000-of-00001.tar, 3 pairs (1 of 2)');
  expect(first.stdout).toContain('train: 3 pairs');
  const found = members(join(folder, 'one/train-00000-of-00001.tar'));
  expect([...found.keys()]).toEqual([
    ...['a.image.png', 'a.mask.png', 'b_x.image.png', 'b_x.mask.png'],
    ...['c.image.png', 'c.mask.png'],
  ]);
  const stored = readFileSync(join(folder, 'cells/train/images/b.x.PNG'));
  expect(found.get('b_x.image.png')!.equals(stored)).toBe(true);
  expect((await data('cells', '--shards', 'two')).code).toBe(0);
  const digest = (name: string): string =>
    createHash('sha256')
      .update(readFileSync(join(folder, name, 'train-00000-of-00001.tar')))
      .digest('hex');
  expect(digest('two')).toBe(digest('one'));
});

test('an archive holds whole pairs up to its size', async () => {
  const bytes = readFileSync(join(folder, 'cells/train/images/a.PNG')).length;
  const mask = readFileSync(join(folder, 'cells/train/masks/a.png')).length;
  writeFileSync(join(folder, 'x'), Buffer.alloc(1));
  const { code } = await data('cells', '--shards', 'parts', '--shard-size', '1');
  expect(code).toBe(0);
  const names = readdirSync(join(folder, 'parts')).filter((name) => name.startsWith('train'));
  const pairsInOne = Math.max(1, Math.floor(1e6 / (bytes + mask + 2048)));
  expect(names).toHaveLength(Math.ceil(3 / pairsInOne));
  const all = names.flatMap((name) => [...members(join(folder, 'parts', name)).keys()]);
  expect(all).toHaveLength(6);
});

test('nothing is replaced, and nothing written of data with faults', async () => {
  writeFiles(folder, { 'taken/notes.txt': Buffer.from('mine') });
  const taken = await data('cells', '--shards', 'taken');
  expect([taken.code, taken.stderr]).toEqual([1, expect.stringContaining('UNET6301')]);
  expect(readdirSync(join(folder, 'taken'))).toEqual(['notes.txt']);
  const size = await data('cells', '--shard-size', '3');
  expect([size.code, size.stderr]).toEqual([2, expect.stringContaining('UNET7022')]);
  writeFiles(folder, { 'broken/train/images/a.png': Buffer.from('no image') });
  const broken = await data('broken', '--shards', 'none');
  expect(broken.code).toBe(1);
  expect(existsSync(join(folder, 'none'))).toBe(false);
});

test('names that a point alone tells apart are refused before anything is written', async () => {
  const image = await png(2, 2, 1, [1, 2, 3, 4]);
  const mask = await png(2, 2, 1, [0, 255, 0, 0]);
  for (const name of ['train/a.b', 'train/a_b', 'val/c']) {
    const [split, stem] = name.split('/');
    writeFiles(join(folder, 'alike'), {
      [`${split}/images/${stem}.png`]: image,
      [`${split}/masks/${stem}.png`]: mask,
    });
  }
  const { code, stderr } = await data('alike', '--shards', 'alike-tar');
  expect([code, stderr]).toEqual([1, expect.stringContaining('UNET6302')]);
  expect(existsSync(join(folder, 'alike-tar'))).toBe(false);
});

test('a name that is long or not plain stands in a record of its own', () => {
  expect(tarHeader('a.image.png', 5).length).toBe(512);
  for (const name of ['ä.image.png', `${'x'.repeat(100)}.image.png`]) {
    const header = tarHeader(name, 5);
    expect(header.length).toBe(3 * 512);
    const record = header.toString('utf8', 512, 1024).replace(/\0.*/, '');
    const length = Number(record.slice(0, record.indexOf(' ')));
    expect(record).toBe(`${length} path=${name}\n`);
    expect(Buffer.byteLength(record)).toBe(length);
  }
});

test('commands read shards as the folder that they were made of', async () => {
  const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });
  const template = readFileSync(join(root, 'specs/templates/minimal.unet'), 'utf8');
  writeFileSync(join(folder, 'net.unet'), template);
  await writeSmall('small');
  expect((await data('small', '--shards', 'tar', '--shard-size', '1')).code).toBe(0);
  for (const words of [[], ['--spec', 'net.unet']]) {
    const [own, sharded] = [await data('small', ...words), await data('tar', ...words)];
    expect([sharded.code, sharded.stdout]).toEqual([0, own.stdout]);
    expect(own.stdout).toContain('train: 4 pairs');
  }
  const train = (from: string, out: string, ...words: string[]): Promise<CliResult> =>
    call(
      ...['train', 'net.unet', '--data', from, '--out', out, '--engine', 'wasm', '--threads', '1'],
      ...['--batch', '2', ...words],
    );
  expect((await train('small', 'own', '--epochs', '2')).code).toBe(0);
  expect((await train('tar', 'sharded', '--epochs', '1')).code).toBe(0);
  // Where the data lie is not what they are: the run goes on with either.
  const more = await train('tar', 'sharded', '--epochs', '2', '--resume');
  expect([more.code, more.stderr]).toEqual([0, expect.not.stringContaining('warning')]);
  const weights = async (run: string) =>
    (await readCheckpoint(join(folder, run), 'last')).value!.weights;
  expect(await weights('sharded')).toEqual(await weights('own'));
  for (const words of [[], ['--split', 'all']]) {
    const [own, sharded] = [
      await call('eval', 'sharded', '--data', 'small', ...words),
      await call('eval', 'sharded', '--data', 'tar', ...words),
    ];
    expect([sharded.code, sharded.stdout]).toEqual([0, own.stdout]);
  }
});

test('a part without its shards is told before anything is written', async () => {
  await writeSmall('half');
  expect((await data('half', '--shards', 'half-tar')).code).toBe(0);
  rmSync(join(folder, 'half-tar/val-00000-of-00001.tar'));
  const words = ['train', 'net.unet', '--data', 'half-tar', '--out', 'run', '--engine', 'wasm'];
  const { code, stderr } = await callCli(words, { folder });
  expect([code, stderr]).toEqual([1, expect.stringContaining('UNET6031')]);
  expect(stderr).toContain('lacks "val"; expected the shards "val-*.tar" beside "train-*.tar".');
  expect(existsSync(join(folder, 'run'))).toBe(false);
});

/** Writes four pairs for training and one for validation, small ones in colour. */
async function writeSmall(name: string): Promise<void> {
  for (const [index, path] of ['train/a', 'train/b', 'train/c', 'train/d', 'val/e'].entries()) {
    const [split, stem] = path.split('/');
    const places = Array.from({ length: 32 * 32 }, (_, at) => (at * (index + 3)) % 37);
    const colours = places.flatMap((place) => [place * 6, 200 - place, place]);
    writeFiles(join(folder, name), {
      [`${split}/images/${stem}.png`]: await png(32, 32, 3, colours),
      [`${split}/masks/${stem}.png`]: await png(
        32,
        32,
        1,
        places.map((place) => (place > 20 ? 255 : 0)),
      ),
    });
  }
}

import { describe, expect, test } from '@jest/globals';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Reporter } from '../../../src/diagnostics/report.js';
import { usualData } from '../../../src/ir/data-source.js';
import { readPart } from '../../../src/files/index.js';
import { inspectDataset, surveyDataset } from '../../../src/runtime/data/dataset.js';
import { detectLayout, findPairs } from '../../../src/runtime/data/find-pairs.js';
import type { SplitName } from '../../../src/runtime/data/folder.js';
import { planShards } from '../../../src/runtime/data/shards/plan-shards.js';
import { listTar } from '../../../src/runtime/data/shards/read-tar.js';
import { tarEnd, tarHeader, tarPadding } from '../../../src/runtime/data/shards/tar.js';
import { writeShards } from '../../../src/runtime/data/shards/write-shards.js';
import { inFolder, png, writeFiles } from './support/folders.js';

/** A member as our own writer has it, with other fields of the header where they are given. */
function member(name: string, content: Buffer, change?: (header: Buffer) => void): Buffer {
  const header = tarHeader(name, content.length);
  change?.(header);
  header.write(' '.repeat(8), 148, 'latin1');
  const sum = header.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return Buffer.concat([header, content, tarPadding(content.length)]);
}
const typed =
  (type: string) =>
  (header: Buffer): void => {
    header.write(type, 156, 'latin1');
  };
const tar = (...members: readonly Buffer[]): Buffer => Buffer.concat([...members, tarEnd]);
const text = (words: string): Buffer => Buffer.from(words);

/** The members of an archive with what they hold. */
async function listed(bytes: Buffer): Promise<readonly string[]> {
  const found: string[] = [];
  await inFolder(async (folder) => {
    const path = join(folder, 'a.tar');
    writeFileSync(path, bytes);
    for (const { name, part } of listTar(path)) {
      found.push(`${name}: ${(await readPart(part, 'image')).toString()}`);
    }
  });
  return found;
}

describe('a tar archive', () => {
  test('is read as it was written, names of any length and letters among them', async () => {
    const names = ['a.image.png', 'ä.mask.png', `${'x'.repeat(200)}.image.png`, 'empty.json'];
    const contents = ['one', 'two', 'y'.repeat(1024), ''];
    const members = names.map((name, at) => {
      const content = text(contents[at]!);
      return Buffer.concat([tarHeader(name, content.length), content, tarPadding(content.length)]);
    });
    expect(await listed(tar(...members))).toEqual(
      names.map((name, at) => `${name}: ${contents[at]}`),
    );
  });

  test('may have the headers of others: GNU, pax, prefixes, links and folders', async () => {
    const gnu = (header: Buffer): void => {
      header.write('ustar  \0', 257, 'latin1');
      // A time in the place of the prefix.
      header.write('14747', 345, 'latin1');
      // 2 bytes, as a binary number.
      Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2]).copy(header, 124);
    };
    const size = text('10 size=3\n11 mtime=1\n');
    const archive = tar(
      member('pax_global_header', text('13 path=all\n\n'), typed('g')),
      member('folder/', text(''), typed('5')),
      member('link', text(''), (header) => {
        typed('1')(header);
        header.write('00000000777', 124, 'latin1');
      }),
      member('././@LongLink', text('long/name.image.png\0'), typed('L')),
      member('long/na', text('gnu')),
      member('binary', text('42'), gnu),
      member('old', text('v7'), (header) => header.fill(0, 257, 265).fill(0, 156, 157)),
      member('name', text('far'), (header) => void header.write('in/here', 345, 'latin1')),
      member('pax', size, typed('x')),
      member('large', text('abc'), (header) => void header.write('00000000000', 124, 'latin1')),
      member('after', text('end')),
    );
    expect(await listed(archive)).toEqual([
      'long/name.image.png: gnu',
      'binary: 42',
      'old: v7',
      'in/here/name: far',
      'large: abc',
      'after: end',
    ]);
  });

  test.each([
    ['is no archive', text('x'.repeat(600)), 'no header of a tar archive is at byte 0'],
    ['is empty', text(''), 'the zeros that end a tar archive are missing'],
    ['ends in a member', tar(member('a', text('z'.repeat(600)))).subarray(0, 900), '900 bytes of'],
    ['ends after a member', member('a', text('b')), 'the zeros that end a tar archive are missing'],
    ['has a damaged record', tar(member('p', text('99 path=a\n'), typed('x'))), 'is damaged'],
    ['has holes', tar(member('s', text('b'), typed('S'))), '"s" in it is stored with holes'],
  ])('that %s is told', async (_, bytes, reason) => {
    await expect(listed(bytes)).rejects.toThrow(reason);
  });

  test('of many gigabytes is read by its headers alone', async () => {
    await inFolder(async (folder) => {
      const path = join(folder, 'large.tar');
      const size = 6 * 2 ** 30;
      const header = (name: string, length: number): Buffer => tarHeader(name, length);
      writeFileSync(path, header('first', size));
      // Holes take no place on the disk.
      truncateSync(path, 512 + size);
      writeFileSync(path, tar(member('last', text('end'))), { flag: 'a' });
      const started = process.memoryUsage().arrayBuffers;
      const [first, last] = listTar(path);
      expect(process.memoryUsage().arrayBuffers - started).toBeLessThan(2 ** 24);
      expect(first).toEqual({ name: 'first', part: { file: path, offset: 512, size } });
      expect((await readPart(last!.part, 'image')).toString()).toBe('end');
      await expect(readPart(first!.part, 'image')).rejects.toThrow('expected at most');
    });
  });
});

const pixels = (seed: number): readonly number[] =>
  Array.from({ length: 64 }, (_, at) => (at * (seed + 3)) % 251);
const mask = (seed: number): readonly number[] =>
  pixels(seed).map((value) => (value > 99 ? 255 : 0));

/** A folder `cells` with three pairs for training and one for validation. */
async function writeCells(folder: string): Promise<void> {
  for (const [seed, path] of ['train/b', 'train/a', 'train/c.x', 'val/v'].entries()) {
    const [split, stem] = path.split('/');
    writeFiles(join(folder, 'cells'), {
      [`${split}/images/${stem}.png`]: await png(8, 8, 1, pixels(seed)),
      [`${split}/masks/${stem}.png`]: await png(8, 8, 1, mask(seed)),
      [`${split}/instances/${stem}.png`]: await png(8, 8, 1, mask(seed)),
    });
  }
}

/** Writes the pairs of a data folder as shards of at most `limit` bytes. */
async function shard(from: string, to: string, limit: number): Promise<void> {
  const reporter = new Reporter();
  const splits = ['train', 'val'] as const;
  const parts = await findPairs(from, usualData, { splits, instances: true }, reporter);
  writeFiles(to, {});
  for (const split of splits) {
    const { value } = planShards(split, parts.get(split)!, limit, {});
    await writeShards(to, value, () => undefined);
  }
  expect(reporter.diagnostics).toEqual([]);
}

const options = {
  splits: ['train', 'val'],
  classCount: 2,
  inputChannels: 1,
  instances: true,
} as const;

test('shards hold the pairs of the folder that they were made of, in every respect', async () => {
  await inFolder(async (folder) => {
    await writeCells(folder);
    writeFiles(join(folder, 'tar'), { 'notes.txt': text('mine') });
    await shard(join(folder, 'cells'), join(folder, 'tar'), 1);
    const [own, sharded] = await Promise.all(
      ['cells', 'tar'].map((name) => inspectDataset(join(folder, name), options)),
    );
    expect(sharded!.diagnostics).toEqual(own!.diagnostics);
    expect(sharded!.value.summaries).toEqual(own!.value.summaries);
    expect(sharded!.value.encoding).toEqual(own!.value.encoding);
    for (const split of options.splits) {
      const [first, second] = [own!, sharded!].map(({ value }) => value.splits.get(split)!);
      expect(second!.pairs.map(({ name }) => name)).toEqual(
        first!.pairs.map(({ name }) => name.replace('.', '_')),
      );
      for (const [at, pair] of first!.pairs.entries()) {
        expect(second!.pairs[at]!.contents).toEqual(pair.contents);
        const { name, ...loaded } = await first!.load(pair);
        expect(await second!.load(second!.pairs[at]!)).toEqual({
          ...loaded,
          name: name.replace('.', '_'),
        });
      }
    }
    const survey = await surveyDataset(join(folder, 'tar'), ['train', 'val']);
    expect(survey.diagnostics).toEqual([]);
    expect(survey.value.map(({ pairs }) => pairs)).toEqual([3, 1]);
    expect(detectLayout(join(folder, 'tar'))).toBe('split');
  });
});

test('shards of shards are the same again', async () => {
  await inFolder(async (folder) => {
    await writeCells(folder);
    for (const name of ['one', 'two']) writeFiles(join(folder, name), { '.keep': text('') });
    await shard(join(folder, 'cells'), join(folder, 'one'), 1);
    await shard(join(folder, 'one'), join(folder, 'two'), 1);
    for (const name of ['train-00001-of-00003.tar', 'val-00000-of-00001.tar']) {
      const [one, two] = ['one', 'two'].map((each) => readFileSync(join(folder, each, name)));
      expect(two!.equals(one!)).toBe(true);
    }
  });
});

test('a shard that is replaced after the inspection is told, and nothing of it taken', async () => {
  await inFolder(async (folder) => {
    await writeCells(folder);
    writeFiles(join(folder, 'tar'), { '.keep': text('') });
    await shard(join(folder, 'cells'), join(folder, 'tar'), 1e9);
    const data = await inspectDataset(join(folder, 'tar'), { ...options, memoryLimit: 0 });
    const train = data.value.splits.get('train')!;
    const path = join(folder, 'tar/train-00000-of-00001.tar');
    const [first, last] = [train.pairs[0]!, train.pairs.at(-1)!];
    truncateSync(path, last.parts!.mask.offset + 3);
    await expect(train.load(last)).rejects.toThrow(/c_x\.mask\.png" cannot be read: it ends at/);
    const other = await png(8, 8, 1, pixels(9));
    const bytes = readFileSync(path);
    other.copy(bytes, first.parts!.image.offset);
    writeFileSync(path, bytes);
    await expect(train.load(first)).rejects.toThrow('a.image.png');
  });
});

/** What is found in a folder of archives, and what is said of them. */
async function found(
  files: Readonly<Record<string, Buffer>>,
  splits: readonly SplitName[] = ['train', 'val'],
): Promise<{ readonly names: unknown; readonly said: readonly string[] }> {
  let result: { readonly names: unknown; readonly said: readonly string[] } | undefined;
  await inFolder(async (folder) => {
    writeFiles(folder, files);
    const reporter = new Reporter();
    const parts = await findPairs(folder, usualData, { splits, instances: true }, reporter);
    const said = reporter.diagnostics.map(({ code, message, notes, help }) =>
      [code, message, ...notes, ...help].join(' ').replaceAll(folder, 'DIR'),
    );
    const names = [...parts].map(([part, pairs]) => [part, pairs.map(({ name }) => name).join()]);
    result = { names: Object.fromEntries(names), said };
  });
  return result!;
}

const pair = (name: string): Buffer =>
  Buffer.concat([
    member(`${name}.image.png`, text('i')),
    member(`${name}.mask.seg.png`, text('m')),
  ]);

describe('pairs of shards', () => {
  test('come in the order of the shards and of their members', async () => {
    const files = {
      'train-1.tar': tar(pair('./z'), member('z.json', text('{}')), pair('sub//a')),
      'train-0.tar': tar(pair('y'), member('._y.image.png', text('of a Mac')), pair('sub/y')),
      'val-a.tar': tar(pair('v')),
      'other.tar': text('no archive'),
    };
    expect(await found(files)).toEqual({
      names: { train: 'y,sub/y,z,sub/a', val: 'v' },
      said: [],
    });
    expect(await found(files, ['flat'])).toEqual({
      names: { flat: 'y,sub/y,z,sub/a,v' },
      said: [],
    });
    expect(await found(files, ['val'])).toEqual({ names: { val: 'v' }, said: [] });
  });

  test('of one part may lie beside folders of the other', async () => {
    const image = await png(2, 2, 1, [1, 2, 3, 4]);
    expect(
      await found({
        'train-0.tar': tar(pair('t')),
        'val/images/v.png': image,
        'val/masks/v.png': image,
      }),
    ).toEqual({ names: { train: 't', val: 'v' }, said: [] });
  });

  test.each([
    [
      'a shard is missing',
      { 'train-00000-of-00002.tar': tar(pair('a')), 'val-0.tar': tar(pair('v')) },
      'UNET6317 "DIR" holds 1 shard of "train"; by their names there are 2. Copy those that are missing.',
    ],
    [
      'shards of two data sets lie together',
      {
        'train-00000-of-00002.tar': tar(pair('a')),
        'train-00000-of-00003.tar': tar(pair('b')),
        'val-0.tar': tar(pair('v')),
      },
      'UNET6317 "DIR" holds 2 shards of "train"; by their names there are 3.',
    ],
    [
      'a shard is damaged',
      { 'train-0.tar': text('x'.repeat(2000)), 'val-0.tar': tar(pair('v')) },
      'UNET6316 The shard "DIR/train-0.tar" cannot be read: no header of a tar archive is at byte 0.',
    ],
    [
      'a mask is missing',
      { 'train-0.tar': tar(member('a.image.png', text('i'))), 'val-0.tar': tar(pair('v')) },
      'UNET6318 The shard "DIR/train-0.tar" holds "image" of "a"; expected an "image" and a "mask".',
    ],
    [
      'a name occurs in two shards',
      { 'train-0.tar': tar(pair('a')), 'train-1.tar': tar(pair('a')), 'val-0.tar': tar(pair('v')) },
      'UNET6319 "DIR/train-0.tar/a.image.png" and "DIR/train-1.tar/a.image.png" are the same',
    ],
    [
      'a file occurs twice in a shard',
      { 'train-0.tar': tar(pair('a'), pair('a')), 'val-0.tar': tar(pair('v')) },
      'UNET6319 "DIR/train-0.tar/a.image.png" and "DIR/train-0.tar/a.image.png" are the same',
    ],
    [
      'shards are empty',
      { 'train-0.tar': tar(), 'val-0.tar': tar(pair('v')) },
      'UNET6320 No pair is in the 1 shard of "train";',
    ],
    [
      'the shards of one part are missing',
      { 'train-0.tar': tar(pair('a')) },
      'lacks "val"; expected the shards "val-*.tar" beside "train-*.tar". "unetc data DIR --shards',
    ],
  ] as const)('are refused where %s', async (_, files, expected) => {
    const { said } = await found(files);
    expect(said[0]).toContain(expected);
  });
});

import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { replaceFile } from '../../../src/files/index.js';
import { readCheckpoint } from '../../../src/runtime/runs/read-checkpoint.js';
import { writeCheckpoint } from '../../../src/runtime/runs/write-checkpoint.js';
import { describeTopology } from '../../../src/runtime/training/topology.js';
import { compiled, openWorkshop, stopAfter, trained, type Workshop } from '../training/support.js';

let shop: Workshop;
const at = (name: string): string => join(shop.folder, name);
const place = (...names: string[]): void => names.forEach((name) => writeFileSync(at(name), 'x'));
/** All files of a run, by path. */
const pathsOf = (run: string): readonly string[] =>
  (readdirSync(at(run), { recursive: true }) as string[]).sort();

/** What a process that was killed while it wrote leaves, and what it cannot have written. */
const leftOvers = [
  'run/.unetc-0123456789ab.tmp',
  'run/last/.unetc-0123456789ab.tmp',
  'run/last/weights-000009.bin',
  'run/last/optimizer-000009.bin',
  'run/best/.unetc-0123456789ab.tmp',
  'run/best/weights-1000001.bin',
];
const others = [
  'run/last/notes.tmp',
  'run/last/.unetc-mine.tmp',
  'run/last/weights-1.bin',
  'run/last/weights-old.bin',
  'run/best/my-weights-000001.bin',
  'run/best/weights-000001.bin.gz',
];

beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop(3, 2);
  await trained({ data: shop.data, out: at('whole') });
  await stopAfter(3, { data: shop.data, out: at('stopped') });
});
beforeEach(() => rmSync(at('run'), { recursive: true, force: true }));
afterAll(() => shop.remove());

/** Puts a run, and what does not belong to it, into the folder `run`. */
function openFolder(from: string): void {
  cpSync(at(from), at('run'), { recursive: true });
  place(...leftOvers, ...others);
  mkdirSync(at('run/last/weights-000002.bin.d'));
  mkdirSync(at('run/best/weights-000099.bin'));
}

const expectTidy = (): void => {
  for (const name of leftOvers) expect([name, existsSync(at(name))]).toEqual([name, false]);
  for (const name of others) expect([name, existsSync(at(name))]).toEqual([name, true]);
  expect(existsSync(at('run/best/weights-000099.bin'))).toBe(true);
};

test('a run that was killed behind its last checkpoint is complete, and tidied', async () => {
  openFolder('whole');
  const { value: resume } = await readCheckpoint(at('run'), 'last');
  const { value, diagnostics } = await trained({ data: shop.data, out: at('run'), resume });
  expect(value?.kind).toBe('complete');
  expect(diagnostics.map(({ code }) => code)).toEqual(['UNET6118']);
  expectTidy();
  for (const name of others) rmSync(at(name));
  rmSync(at('run/last/weights-000002.bin.d'), { recursive: true });
  rmSync(at('run/best/weights-000099.bin'), { recursive: true });
  expect(pathsOf('run')).toEqual(pathsOf('whole'));
});

test('a run that goes on is tidied, also where it writes no checkpoint again', async () => {
  openFolder('stopped');
  const { value: resume } = await readCheckpoint(at('run'), 'last');
  // Before the end of the epoch, so that "best" is not written.
  await stopAfter(1, { data: shop.data, out: at('run'), resume });
  expectTidy();
  expect((await readCheckpoint(at('run'), 'best')).value?.best?.epoch).toBe(1);
});

test('a new run is tidied where one was killed before its first checkpoint', async () => {
  for (const folder of ['run/last', 'run/best']) mkdirSync(at(folder), { recursive: true });
  place(...leftOvers, 'run/last/notes.tmp', 'run/best/weights-000001.bin.gz');
  await stopAfter(1, { data: shop.data, out: at('run') });
  for (const name of leftOvers) expect([name, existsSync(at(name))]).toEqual([name, false]);
  expect(pathsOf('run/best')).toEqual(['weights-000001.bin.gz']);
  expect(pathsOf('run/last')).toContain('notes.tmp');
});

test('values beside a damaged model.json stay: it may have named them', async () => {
  openFolder('stopped');
  appendFileSync(at('run/best/model.json'), ' ');
  const { value: resume } = await readCheckpoint(at('run'), 'last');
  const options = { data: shop.data, out: at('run'), resume, allowChanges: true };
  await stopAfter(1, options);
  const left = pathsOf('run/best');
  expect(left).not.toContain('.unetc-0123456789ab.tmp');
  expect(left).toContain('weights-1000001.bin');
  expect(left).toEqual(expect.arrayContaining([...pathsOf('stopped/best')]));
});

test.each([['model.json'], ['network.js']])(
  'killed before %s of a checkpoint is written: what is there can be read',
  async (unwritten) => {
    cpSync(at('whole'), at('run'), { recursive: true });
    const { value: last } = await readCheckpoint(at('run'), 'last');
    const run = compiled();
    const topology = await describeTopology({ ...run.model, recipe: run.recipe });
    // As another version may describe the same network.
    const network = { ...topology.network, classes: ['other', 'words'] };
    const progress = { ...last!.progress, step: last!.progress.step + 1 };
    const writing = writeCheckpoint(
      at('run/last'),
      { ...topology, network },
      { ...last!, progress, optimizer: { ...last!.optimizer!, step: progress.step } },
      (path, bytes) => {
        if (path.endsWith(unwritten)) throw new Error('killed');
        return replaceFile(path, bytes);
      },
    );
    await expect(writing).rejects.toThrow('killed');
    const { value, diagnostics } = await readCheckpoint(at('run'), 'last');
    expect(diagnostics).toEqual([]);
    expect(value!.progress.step).toBe(
      (unwritten === 'model.json' ? last! : { progress }).progress.step,
    );
  },
);

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../../src/runtime/random.js';
import { openProgram, type BuiltProgram } from '../../cli/built-program.js';
import { openWorkshop, smallSpec, type Workshop } from '../training/support.js';
import { compareRuns, noKills, trainUnderFire, type KilledRun } from './kills.js';

let program: BuiltProgram;
let shop: Workshop;
const at = (name: string): string => join(shop.folder, name);
const words = (out: string, ...more: string[]): string[] => [
  ...['train', at('small.unet'), '--data', shop.data, '--out', at(out)],
  ...more,
];
const locks = (out: string): string[] =>
  readdirSync(at(out)).filter((name) => name.endsWith('.lock'));

beforeAll(async () => {
  program = openProgram('runs');
  shop = await openWorkshop();
  writeFileSync(at('small.unet'), smallSpec);
});
afterAll(() => {
  program.remove();
  shop.remove();
});

/** Starts training for long, waits until the second epoch, and gives the process. */
async function startLong(out: string): Promise<ReturnType<BuiltProgram['start']>> {
  const child = program.start(words(out, '--epochs', '1000'));
  let reported = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr!.on('data', (chunk: Buffer) => {
      reported += chunk.toString();
      if (reported.includes('epoch 1/')) resolve();
    });
    child.on('exit', () => reject(new Error(reported)));
  });
  return child;
}

const ended = (child: ReturnType<BuiltProgram['start']>): Promise<unknown> =>
  new Promise((resolve) => child.on('exit', resolve));

describe('a run folder in which a process trains', () => {
  test('is refused to others by name, can be read, and is free when the process is killed', async () => {
    const child = await startLong('busy');
    const end = ended(child);
    for (const more of [[], ['--resume', '--epochs', '1000']]) {
      const { code, stderr } = program.run(words('busy', ...more));
      expect(code).toBe(1);
      expect(stderr).toContain('UNET6134');
      expect(stderr).toContain(`process ${child.pid} on`);
    }
    const read = program.run([
      ...['eval', at('busy'), '--data', shop.data, '--checkpoint', 'last', '--engine', 'wasm'],
      '--json',
    ]);
    expect(read.stderr).toBe('');
    expect(read.code).toBe(0);
    expect(locks('busy')).toHaveLength(1);
    child.kill('SIGKILL');
    await end;
    expect(locks('busy')).toHaveLength(1);
    const model = readFileSync(at('busy/last/model.json'), 'utf8');
    const epoch = Number(/"progress":\{"epoch":(\d+)/.exec(model)![1]);
    const next = program.run(words('busy', '--resume', '--epochs', String(epoch + 1)));
    expect(next.stderr).toContain('going on after step');
    expect(next.code).toBe(0);
    expect(locks('busy')).toEqual([]);
  });

  test('is told to end by the system: a checkpoint, and the exit code that shells expect', async () => {
    const child = await startLong('told');
    let reported = '';
    child.stderr!.on('data', (chunk: Buffer) => (reported += chunk.toString()));
    const end = ended(child);
    child.kill('SIGTERM');
    expect(await end).toBe(143);
    expect(reported).toMatch(/stopped in epoch \d+, after step \d+/);
    expect(locks('told')).toEqual([]);
  });

  test('is told to end at once: its folder is free', async () => {
    const child = await startLong('at-once');
    const end = ended(child);
    child.kill('SIGTERM');
    child.kill('SIGHUP');
    // Whichever comes second ends it, unless it was faster.
    expect([129, 143]).toContain(await end);
    expect(locks('at-once')).toEqual([]);
  });

  test('that is deleted meanwhile: a message, and nothing in its place', async () => {
    const child = await startLong('deleted');
    let reported = '';
    child.stderr!.on('data', (chunk: Buffer) => (reported += chunk.toString()));
    const end = ended(child);
    // A deletion ends at a file that the training writes between its listing and its removal; as a person would, again.
    while (existsSync(at('deleted'))) {
      try {
        rmSync(at('deleted'), { recursive: true, force: true });
      } catch (cause) {
        expect((cause as NodeJS.ErrnoException).code).toBe('ENOTEMPTY');
      }
    }
    expect(await end).toBe(1);
    expect(reported).toMatch(/UNET6142|UNET6106/);
    expect(existsSync(at('deleted/last/model.json'))).toBe(false);
  });
});

test('killed at random moments and resumed, a run gives the bits of an unbroken one', async () => {
  const run: KilledRun = { main: program.main, folder: shop.folder, words: ['--epochs', '3'] };
  const random = new Random(3);
  const counts = noKills();
  expect((await trainUnderFire(run, 'whole', 0, random, counts)).fault).toBeUndefined();
  const killed = await trainUnderFire(run, 'killed', 4, random, counts);
  expect(killed.fault).toBeUndefined();
  expect(compareRuns(at('whole'), at('killed'))).toBeUndefined();
});

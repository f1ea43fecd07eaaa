import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Interruption } from '../../src/cli/context.js';
import { runCli } from '../../src/cli/run.js';
import { openWorkshop, smallSpec, type Workshop } from '../runtime/training/support.js';
import { callCli, createContext, type CliResult } from './run-cli.js';

let shop: Workshop;
const at = (name: string): string => join(shop.folder, name);
const words = (...more: readonly string[]): readonly string[] => [
  ...['find-lr', 'small.unet', '--data', 'data', '--engine', 'wasm', ...more],
];
const search = (...more: readonly string[]): Promise<CliResult> =>
  callCli(words(...more), { folder: shop.folder });

interface Found {
  readonly suggested: number | null;
  readonly lowest: number;
  readonly broken: number | null;
  readonly steps: readonly {
    readonly rate: number;
    readonly loss: number;
    readonly smoothed: number;
  }[];
}

beforeAll(async () => {
  shop = await openWorkshop(5, 2);
  writeFileSync(at('small.unet'), smallSpec);
});
afterAll(() => shop.remove());

test('rates grow by a constant factor, over several epochs, and one is suggested', async () => {
  const { code, stdout, stderr } = await search(
    '--steps',
    '80',
    '--to',
    '1',
    '--json',
    '--out',
    'a.html',
  );
  expect(code).toBe(0);
  const { suggested, steps } = JSON.parse(stdout) as Found;
  // Epochs have three steps.
  expect(steps.length).toBe(80);
  expect([steps[0]!.rate, steps[79]!.rate]).toEqual([
    expect.closeTo(1e-6, 12),
    expect.closeTo(1, 9),
  ]);
  const factors = steps.slice(1).map(({ rate }, i) => rate / steps[i]!.rate);
  for (const factor of factors) expect(factor).toBeCloseTo(factors[0]!, 9);
  expect(suggested).toBeGreaterThan(1e-5);
  expect(steps.map(({ rate }) => rate)).toContain(suggested);
  expect(stderr).toContain('suggested learning rate: ');
  expect(stderr).toContain('the recipe has 0.01');
  const page = readFileSync(at('a.html'), 'utf8');
  expect(page).toContain('Loss by learning rate');
  expect(page).toContain('"label":"smoothed"');
  // Nothing else is written.
  expect(readdirSync(shop.folder).sort()).toEqual(['a.html', 'data', 'small.unet']);
});

test('the first steps are those of a training, but for the rate', async () => {
  const first = (text: string): Found => JSON.parse(text) as Found;
  const one = await search('--steps', '10', '--to', '1e-5', '--json', '--out', 'a.html');
  const again = await search('--steps', '10', '--to', '1e-5', '--json', '--out', 'a.html');
  expect(again.stdout).toBe(one.stdout);
  const trained = await callCli(
    ['train', 'small.unet', '--data', 'data', '--out', 'run', '--engine', 'wasm', '--epochs', '1'],
    { folder: shop.folder },
  );
  expect(trained.code).toBe(0);
  const [step] = readFileSync(at('run/log.jsonl'), 'utf8').split('\n');
  expect(first(one.stdout).steps[0]!.loss).toBe((JSON.parse(step!) as { loss: number }).loss);
});

test('a loss that breaks ends the search', async () => {
  const { code, stdout, stderr } = await search(
    ...['--steps', '60', '--from', '1e-3', '--to', '1e38', '--json', '--out', 'b.html'],
  );
  expect(code).toBe(0);
  const { broken, steps } = JSON.parse(stdout) as Found;
  expect(broken).toBeGreaterThan(1e-3);
  expect(steps.length).toBeLessThan(60);
  expect(steps.every(({ loss }) => Number.isFinite(loss))).toBe(true);
  expect(stderr).toContain('the loss broke at ');
});

test('a table shows every few steps', async () => {
  const { code, stdout, stderr } = await search('--steps', '10', '--from', '1e-9', '--to', '1e-8');
  expect([code, stderr]).toEqual([0, expect.stringContaining('warning UNET7352')]);
  expect(stdout.split('\n')[0]).toMatch(/^ *rate +loss +smoothed$/);
  expect(stdout.trim().split('\n').length).toBe(11);
  expect(existsSync(at('learning-rate.html'))).toBe(true);
});

test('an interruption ends it', async () => {
  let interrupt: ((signal: Interruption) => void) | undefined;
  const { context } = createContext({ folder: shop.folder });
  const watched = {
    ...context,
    onInterrupt: (act: (signal: Interruption) => void) => {
      interrupt = act;
      return () => (interrupt = undefined);
    },
    stderr: {
      ...context.stderr,
      status: (text: string): void => {
        if (text.startsWith('step 3/')) interrupt?.('SIGINT');
      },
    },
  };
  expect(await runCli(words('--out', 'c.html'), watched)).toBe(130);
  expect(existsSync(at('c.html'))).toBe(false);
});

describe('what a call cannot mean', () => {
  test.each<[string, readonly string[], number, string]>([
    ['PyTorch', ['--engine', 'pytorch'], 2, 'UNET7350'],
    ['an empty range', ['--from', '1', '--to', '0.5'], 2, 'UNET7351'],
    ['a rate that is none', ['--from', '0'], 2, 'UNET7013'],
    ['a rate of words', ['--to', 'much'], 2, 'UNET7013'],
    ['few steps', ['--steps', '2'], 2, 'UNET7013'],
    ['an unknown parameter', ['--set', 'bas=2'], 1, 'UNET2'],
    ['no data', ['--data', 'dat'], 1, 'UNET6001'],
    ['a folder as page', ['--steps', '10', '--out', 'data'], 1, 'UNET6401'],
  ])('%s', async (_, more, code, message) => {
    const result = await search(...more);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(message)]);
  });
});

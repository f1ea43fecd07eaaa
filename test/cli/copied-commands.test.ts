import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { conclude } from '../../src/cli/training-output.js';
import { root } from '../codegen/cases.js';
import { openWorkshop, smallSpec } from '../runtime/training/support.js';
import { callCli, createContext, type CliResult } from './run-cli.js';

/** Command lines that unetc prints are copied into a shell, whatever the names in them hold. */

const net = "a net's.unet";
const spec = readFileSync(join(root, 'specs/templates/minimal.unet'), 'utf8');

let folder: string;
const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-copied-'));
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(join(folder, net), spec);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The words that a shell makes of the command line that a pattern finds in a text. */
function wordsOf(text: string, pattern: RegExp): readonly string[] {
  const line = pattern.exec(text)?.[1];
  expect([text, line]).toEqual([text, expect.any(String)]);
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
  return stdout.split('\0').slice(0, -1);
}

const posix = process.platform === 'win32' ? describe.skip : describe;

posix('with spaces and quotes in names', () => {
  test.each<[string, readonly string[], RegExp]>([
    ['a spec in place of a command', [net], /"unetc (check .*)"/],
    ['a layout that is not kept', ['fmt', '--check', 'bent.unet'], /"unetc (fmt .*)"/],
    ['a file that is missing', ['build', net, '--check'], /"unetc (build .*)"/],
    ['one at another place', ['build', net, '--check', '--out', 'a b.ts'], /"unetc (build .*)"/],
  ])('after %s, what is proposed does it', async (_, words, pattern) => {
    writeFileSync(join(folder, "a bent net's.unet"), spec.replace('  input', 'input'));
    const given = words.map((word) => (word === 'bent.unet' ? "a bent net's.unet" : word));
    const { stderr, code } = await call(...given);
    expect(code).not.toBe(0);
    const again = await call(...wordsOf(stderr, pattern));
    expect([again.code, again.code === 0 ? '' : again.stderr]).toEqual([0, '']);
  });

  test('init says what is next', async () => {
    const { stderr } = await call('init', 'minimal', "my own's");
    expect(wordsOf(stderr, /npx unetc (check .*)\n/)).toEqual(['check', "my own's/net.unet"]);
    expect(wordsOf(stderr, /npx unetc (train .*)\n/)).toEqual([
      ...['train', "my own's/net.unet", '--data', 'DIR', '--out', 'RUN'],
    ]);
  });

  test('weights ask for their network', async () => {
    writeFileSync(join(folder, "old weights' file.pt"), 'no weights');
    const { stderr } = await call('weights', "old weights' file.pt", '--to', 'onnx');
    expect(wordsOf(stderr, /unetc (weights .*)\n/)).toEqual([
      ...['weights', "old weights' file.pt", '--spec', 'SPEC', '--to', 'FORMAT'],
    ]);
  });

  test('the end of a sweep says what predicts', async () => {
    const shop = await openWorkshop(3, 1);
    try {
      const text = smallSpec
        .replace('loss:', 'split: folds(2)\n  loss:')
        .replace('epochs: 2', 'epochs: 1');
      writeFileSync(join(shop.folder, "it's.unet"), text);
      const out = "it's a sweep";
      const { code, stderr } = await callCli(
        [
          ...['sweep', "it's.unet", '--folds', '--out', out, '--engine', 'wasm'],
          ...['--data', join(shop.data, 'train')],
        ],
        { folder: shop.folder },
      );
      expect(code).toBe(0);
      const rest = ['IMAGE...', '--out', 'DIR'];
      expect(wordsOf(stderr, /best member: unetc (.*)\n/)).toEqual([
        ...['predict', expect.stringMatching(/^it's a sweep\/fold=[01]$/), ...rest],
      ]);
      expect(wordsOf(stderr, /all folds: unetc (.*)\n/)).toEqual(['predict', out, ...rest]);
    } finally {
      shop.remove();
    }
  });

  test('the end of a training says what paints masks', () => {
    const { context, told } = createContext({ folder });
    const outcome = { kind: 'finished', best: undefined } as const;
    expect(conclude(outcome, true, "runs/it's mine", 'SIGINT', context)).toBe(0);
    expect(wordsOf(told().stderr, /unetc (predict .*)\n/)).toEqual([
      ...['predict', "runs/it's mine", 'IMAGE...', '--out', 'DIR'],
    ]);
  });
});

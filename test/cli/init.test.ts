import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engineNames } from '../../src/runtime/engines/engine.js';
import { callCli, type CliResult } from './run-cli.js';

let folder: string;
const at = (name: string): string => join(folder, name);
const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-init-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('init', () => {
  test('demo: a spec, images, and what to do next', async () => {
    const { stdout, stderr, code } = await call('init');
    expect(code).toBe(0);
    expect(stdout).toBe('demo/cells.unet\ndemo/data\ndemo/README.md\n');
    expect(readdirSync(at('demo/data/train/images'))).toHaveLength(40);
    expect(readdirSync(at('demo/data/val/masks'))).toHaveLength(10);
    const train = 'npx unetc train demo/cells.unet --data demo/data --out demo/run';
    expect(stderr).toContain(train);
    expect(readFileSync(at('demo/README.md'), 'utf8')).toContain(train);
  });

  test('replaces nothing, and then writes nothing', async () => {
    rmSync(at('demo/cells.unet'));
    const { stderr, code } = await call('init', 'demo');
    expect(code).toBe(1);
    expect(stderr.match(/UNET6116/g)).toHaveLength(2);
    expect(existsSync(at('demo/cells.unet'))).toBe(false);
  });

  test.each([
    ['minimal', 'net.unet'],
    ['unet', 'unet.unet'],
  ])('%s: a spec that has no problems and is in the canonical layout', async (name, file) => {
    expect((await call('init', name, name)).stdout).toBe(`${name}/${file}\n`);
    const checked = await call('check', `${name}/${file}`, '--warnings-as-errors');
    expect([checked.code, checked.stderr]).toEqual([0, '1 spec, no problems\n']);
    expect((await call('fmt', '--check', `${name}/${file}`)).code).toBe(0);
  });

  test('a network of the zoo, under its own name', async () => {
    const { stdout, stderr } = await call('init', 'deeplabv3-plus', 'nets');
    expect(stdout).toBe('nets/deeplabv3-plus.unet\n');
    expect(stderr).toContain('npx unetc check nets/deeplabv3-plus.unet');
    const checked = await call('check', 'nets/deeplabv3-plus.unet', '--warnings-as-errors');
    expect([checked.code, checked.stderr]).toEqual([0, '1 spec, no problems\n']);
  });

  test('--list names everything and writes nothing', async () => {
    const before = readdirSync(folder);
    const { stdout, code } = await call('init', '--list');
    expect(code).toBe(0);
    const names = stdout.match(/^\S+/gm)!;
    expect(names.slice(0, 3)).toEqual(['demo', 'minimal', 'unet']);
    expect(names).toEqual(expect.arrayContaining(['linknet', 'segnet', 'unet-2015']));
    expect(readdirSync(folder)).toEqual(before);
  });

  test('an unknown template', async () => {
    const { stderr, code } = await call('init', 'demmo');
    expect(code).toBe(2);
    expect(stderr).toContain('Did you mean "demo"?');
  });
});

test('engines: a table and a list', async () => {
  expect((await call('engines')).stdout).toMatch(/^wasm +found /);
  const listed = JSON.parse((await call('engines', '--json')).stdout) as readonly {
    name: string;
  }[];
  expect(listed.map(({ name }) => name)).toEqual([...engineNames, 'onnx', 'pytorch']);
});

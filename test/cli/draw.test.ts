import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callCli, type CliResult } from './run-cli.js';
import { brokenSpec, goodSpec } from './sample-specs.js';

let folder: string;
const at = (name: string): string => join(folder, name);
const draw = (...words: string[]): Promise<CliResult> => callCli(['draw', ...words], { folder });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-draw-'));
  writeFileSync(at('net.unet'), goodSpec);
  writeFileSync(at('broken.unet'), brokenSpec);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('prints a picture, SVG unless another format is asked for', async () => {
  const svg = await draw('net.unet');
  expect([svg.code, svg.stderr]).toEqual([0, '']);
  expect(svg.stdout).toMatch(/^<svg [^]*<\/svg>\n$/);
  expect((await draw('net.unet', '--format', 'dot')).stdout).toMatch(/^digraph /);
  expect((await draw('net.unet', '--format', 'mermaid')).stdout).toMatch(
    /^---\ntitle: "Small"\n---\nflowchart LR\n/,
  );
});

test('writes a file whose extension tells the format', async () => {
  expect(await draw('net.unet', '--out', 'net.mmd')).toEqual({
    code: 0,
    stdout: '',
    stderr: 'drew net.mmd\n',
  });
  const reported = readFileSync(at('net.mmd'), 'utf8');
  expect(reported).toBe((await draw('net.unet', '--format', 'mermaid')).stdout);
  await draw('net.unet', '--out', 'net.txt', '--format', 'mermaid');
  expect(readFileSync(at('net.txt'), 'utf8')).toBe(reported);
});

test('has symbols, or the pixels of a size', async () => {
  expect((await draw('net.unet')).stdout).toContain('H / 2');
  const sized = (await draw('net.unet', '--size', '64x128')).stdout;
  expect(sized).toContain('32 x 64');
  expect(sized).not.toContain('H / 2');
});

describe('mistakes are told, and nothing is written', () => {
  test.each([
    [['net.unet', '--out', 'net.png'], 2, '"--format"'],
    [['net.unet', '--theme', 'blue'], 2, 'blue'],
    [['net.unet', '--size', '64'], 2, '64'],
    [['net.unet', '--size', '65x64', '--out', 'odd.svg'], 1, '65'],
    [['broken.unet', '--out', 'broken.svg'], 1, 'UNET1'],
    [['gone.unet'], 1, 'gone.unet'],
    [['net.unet', '--model', 'Other'], 1, 'Other'],
    [['net.unet', '--prune', '2'], 2, 'prune'],
  ] as const)('%p ends with %p', async (words, code, text) => {
    const result = await draw(...words);
    expect([result.code, result.stderr]).toEqual([code, expect.stringContaining(text)]);
    expect(result.stdout).toBe('');
    for (const name of ['net.png', 'odd.svg', 'broken.svg'])
      expect(existsSync(at(name))).toBe(false);
  });

  test('a folder in place of the file', async () => {
    const { code, stderr } = await draw('net.unet', '--out', '.', '--format', 'svg');
    expect([code, stderr]).toEqual([1, expect.stringContaining('UNET70')]);
  });
});

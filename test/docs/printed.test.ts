import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callCli } from '../cli/run-cli.js';

/**
 * What documents show of the program is what it prints: a fence that begins with
 * `$ unetc ...` is run, `net.unet` being the network that stands before it.
 */
const pages = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter((page) =>
  page.endsWith('.md'),
);

const shown = pages.flatMap((page) => {
  const text = readFileSync(page, 'utf8');
  const networks = [...text.matchAll(/^```unet(?: invalid)?\n([^]*?)^```$/gm)];
  return [...text.matchAll(/^```text\n\$ unetc (.*)\n([^]*?)^```$/gm)].map((match) => ({
    title: `${page}: unetc ${match[1]!}`,
    words: match[1]!.split(' '),
    printed: match[2]!,
    network: networks.findLast(({ index }) => index < match.index)?.[1] ?? '',
  }));
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-printed-'));
  cpSync('specs', join(folder, 'specs'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(shown)('$title', ({ words, printed, network }) => {
  test('prints what the page shows', async () => {
    writeFileSync(join(folder, 'net.unet'), network);
    const { stdout, stderr } = await callCli(words, { folder });
    expect(`${stdout}${stderr}`.trim()).toBe(printed.trim());
  });
});

test('documents show what the program prints', () => {
  expect(shown.length).toBeGreaterThanOrEqual(4);
});

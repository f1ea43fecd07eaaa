import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, rmSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { answerOfPage, hasChromium } from '../exports/browser.js';
import { root } from '../codegen/cases.js';
import { findPython } from '../python/find-python.js';
import { blocksOf, runCalls, runExample } from './page-blocks.js';

/** Pages whose examples are programs: they run in the order of the page, in one folder. */

// Inside the checkout, so that the packages of programs are found.
const folder = resolve('.tmp', `programs-${process.pid}`);
const open = (name: string): string => {
  const place = resolve(folder, name);
  mkdirSync(place, { recursive: true });
  return place;
};
beforeAll(() => void mkdirSync(folder, { recursive: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const python = findPython();
const places = [
  { page: 'docs/node.md', languages: ['sh', 'ts'], isHere: true },
  { page: 'docs/python.md', languages: ['sh', 'python'], isHere: python !== undefined },
];

describe.each(places)('$page', ({ page, languages, isHere }) => {
  const place = open(page.replace(/\W/g, '-'));
  const blocks = blocksOf(page).map((block, at) => ({ at, block }));
  test('has examples of these languages alone', () => {
    expect([...new Set(blocks.map(({ block }) => block.language))]).toEqual(languages);
  });
  (isHere ? test : test.skip).each(blocks)(
    'example $at runs, and prints what the page shows',
    async ({ block }) => {
      if (block.language === 'sh') {
        await expect(runCalls(block.code, place)).resolves.toBeUndefined();
        return;
      }
      expect(runExample(block, place, python)).toBe(block.printed ?? '');
    },
    120_000,
  );
});

describe('docs/web-page.md', () => {
  const blocks = blocksOf('docs/web-page.md');
  const pages = blocks.filter(({ language }) => language === 'html');
  const place = open('web-page');

  test('has its pages, and what they need', async () => {
    expect(pages).toHaveLength(2);
    const [shell] = blocks.filter(({ language }) => language === 'sh');
    await expect(runCalls(shell!.code, place)).resolves.toBeUndefined();
  }, 120_000);

  /** A page as it stands, but for where it lies and for what says that it is done. */
  const served = (code: string): string =>
    code
      .replace('<meta charset="utf-8" />', `$&<base href="/${relative(root, place)}/" />`)
      .replace('/node_modules/unetc/', '/') +
    `<script type="module">
      const output = document.querySelector('output');
      const answer = (said) => fetch('/answer', { method: 'POST', body: JSON.stringify(said) });
      addEventListener('error', ({ message }) => answer({ message }));
      addEventListener('unhandledrejection', ({ reason }) => answer({ message: String(reason) }));
      while (output.textContent === '') await new Promise((next) => setTimeout(next, 50));
      const mask = document.getElementById('mask');
      const { data } = mask?.getContext('2d').getImageData(0, 0, mask.width, mask.height) ?? {};
      await answer({ text: output.textContent, values: [...new Set(data)].sort() });
    </script>`;

  (hasChromium ? test : test.skip).each(pages)(
    'page %# does in Chromium what it says',
    async (page) => {
      const answer = await answerOfPage<{ text: string; values: readonly number[] }>(
        served(page.code),
      );
      expect(answer).toMatchObject({ text: page.printed!.trimEnd() });
      // A mask has black and white.
      if (page.code.includes('canvas')) expect(answer.values).toEqual([0, 255]);
    },
  );
});

import { beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { zoo } from '../src/cli/zoo.generated.js';

let packed: readonly string[];
beforeAll(() => {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts'];
  const { stdout } = spawnSync('npm', words, {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  const [tarball] = JSON.parse(stdout) as [{ files: readonly { path: string }[] }];
  packed = tarball.files.map(({ path }) => path);
});

test('every relative link in a shipped page leads to a shipped file or folder', () => {
  const pages = packed.filter((path) => path.endsWith('.md'));
  expect(pages).toEqual(expect.arrayContaining(['README.md', 'docs/language.md']));
  const isShipped = (path: string): boolean =>
    packed.some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`));
  const broken = pages.flatMap((page) =>
    [...readFileSync(page, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => !isShipped(normalize(join(dirname(page), target))))
      .map((target) => `${page}: ${target}`),
  );
  expect(broken).toEqual([]);
});

test('the files that editors need are shipped, and nothing that was built for them', () => {
  expect(packed).toEqual(
    expect.arrayContaining([
      'editors/neovim/unetc.lua',
      'editors/vscode/package.json',
      'grammar/unet.tmLanguage.json',
    ]),
  );
  expect(packed.filter((path) => /^editors\/.*\/(dist|node_modules)\//.test(path))).toEqual([]);
});

test('the zoo is shipped, with the pictures of its page', () => {
  const named = Object.values(zoo).map(({ spec }) => spec);
  const pictures = Object.keys(zoo).map((name) => `docs/images/zoo/${name}.svg`);
  expect(packed).toEqual(expect.arrayContaining([...named, ...pictures]));
});

test('package.json says where the project is', () => {
  const { homepage, repository, bugs } = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
    string,
    unknown
  >;
  expect([homepage, repository, bugs]).not.toContain(undefined);
});

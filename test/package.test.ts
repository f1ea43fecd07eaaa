import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { goodSpec } from './cli/sample-specs.js';

/** Packing builds, and installing fetches packages when the cache has none. */
const minutes = 60_000;
const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
let folder: string;
let packed: readonly string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-package-'));
  const output = run('npm', ['pack', '--json', '--pack-destination', folder], process.cwd());
  // The build script may print before npm's document.
  const [tarball] = JSON.parse(output.slice(output.indexOf('[\n'))) as [
    { filename: string; files: readonly { path: string }[] },
  ];
  packed = tarball.files.map((file) => file.path);
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', ...quiet, join(folder, tarball.filename)], folder);
}, 8 * minutes);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the tarball', () => {
  test('holds what is shipped and nothing else', () => {
    const shipped =
      /^(dist\/|specs\/|docs\/|editors\/|grammar\/|src\/lsp\/protocol\.ts$|(bench|test\/(fuzz|fidelity))\/README\.md$|CONTRIBUTING\.md$|README\.md$|LICENSE$|CHANGELOG\.md$|package\.json$)/;
    expect(packed.filter((path) => !shipped.test(path))).toEqual([]);
    expect(packed).toEqual(expect.arrayContaining(['dist/cli/main.js', 'LICENSE', 'package.json']));
    expect(packed.some((path) => path.startsWith('docs/diagnostics/UNET'))).toBe(true);
  });

  test('holds every file that package.json leads to', () => {
    const { exports, bin } = JSON.parse(readFileSync('package.json', 'utf8')) as {
      exports: Record<string, string | Record<string, string>>;
      bin: Record<string, string>;
    };
    const targets = [...Object.values(exports), bin].flatMap((target) =>
      typeof target === 'string' ? [target] : Object.values(target),
    );
    const missing = targets
      .map((target) => target.replace(/^\.\//, ''))
      .filter((target) => !packed.includes(target));
    expect(missing).toEqual([]);
  });
});

describe('the installed package', () => {
  test('answers', () => {
    expect(run('npx', ['unetc', '--version'], folder)).toBe(`${version}\n`);
    expect(run('npx', ['unetc', 'explain', 'UNET7001'], folder)).toMatch(/^# UNET7001\n/);
  });

  test('checks a spec', () => {
    writeFileSync(join(folder, 'small.unet'), goodSpec);
    expect(run('npx', ['unetc', 'check', 'small.unet', '--json'], folder)).toBe('[]\n');
  });

  test('is a library', () => {
    const script = [
      "import { compileText } from 'unetc';",
      `const { models } = compileText('small.unet', ${JSON.stringify(goodSpec)});`,
      'console.log(models.map((model) => model.name).join());',
    ].join('\n');
    writeFileSync(join(folder, 'use.mjs'), script);
    expect(run(process.execPath, ['use.mjs'], folder)).toBe('Small\n');
  });

  test(
    'has types',
    () => {
      writeFileSync(
        join(folder, 'use.ts'),
        "import { compileText, type Compilation } from 'unetc';\n" +
          'const count = (compilation: Compilation): number => compilation.models.length;\n' +
          "export const none: number = count(compileText('a.unet', ''));\n",
      );
      const tsc = resolve('node_modules/typescript/bin/tsc');
      const options = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022'];
      expect(run(process.execPath, [tsc, ...options, 'use.ts'], folder)).toBe('');
    },
    minutes,
  );
});

function run(command: string, words: readonly string[], cwd: string): string {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout, stderr, status } = spawnSync(command, words, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}:\n${stdout}${stderr}`);
  return stdout;
}

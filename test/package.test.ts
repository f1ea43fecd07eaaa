import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import ts from 'typescript';
import { goodSpec } from './cli/sample-specs.js';

/** Packing builds, and installing fetches packages when the cache has none. */
const minutes = 60_000;
const union = '@tensorflow/tfjs';
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
  install(join(folder, tarball.filename));
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

  test('is light: all that a project holds by it', () => {
    const modules = join(folder, 'node_modules');
    const paths = readdirSync(modules, { recursive: true, encoding: 'utf8' });
    // Blocks of 512 bytes are what lies on the disk.
    const blocks = paths.map((path) => lstatSync(join(modules, path)).blocks);
    const megabytes = blocks.reduce((sum, each) => sum + each, 0) / 2048;
    expect(megabytes).toBeGreaterThan(50);
    expect(megabytes).toBeLessThan(160);
  });

  test('ships the license of each package that it has inside', () => {
    for (const part of ['cli', 'lib']) {
      const path = join(folder, 'node_modules/unetc/dist', part, 'LICENSES.txt');
      const text = readFileSync(path, 'utf8');
      expect(/^chevrotain [\d.]+: Apache-2\.0\n\n *Apache License/m.test(text)).toBe(true);
    }
  });

  test('declares itself by what a project has: TensorFlow.js and Node', () => {
    const types = packed.filter((path) => path.startsWith('dist/types/'));
    expect(types).toEqual(
      expect.arrayContaining(['dist/types/index.d.ts', 'dist/types/compile.d.ts']),
    );
    const foreign = types.flatMap((path) => {
      const text = readFileSync(join(folder, 'node_modules/unetc', path), 'utf8');
      return [...text.matchAll(/^(?:import|export) .* from '([^.'][^']*)'/gm)].map(
        ([, name]) => name!,
      );
    });
    expect([...new Set(foreign)].filter((name) => !name.startsWith('node:')).sort()).toEqual([
      '@tensorflow/tfjs-core',
      '@tensorflow/tfjs-layers',
    ]);
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

describe('TensorFlow.js of the installed package', () => {
  test(
    'is the parts that networks need: they train and predict',
    () => {
      run('npx', ['unetc', 'init', 'demo', 'demo'], folder);
      const data = ['--data', 'demo/data'];
      run(
        'npx',
        ['unetc', 'train', 'demo/cells.unet', ...data, '--out', 'run', '--epochs', '1'],
        folder,
      );
      // The library of its charts is there, too.
      expect(readFileSync(join(folder, 'run/report.html'), 'utf8')).toContain('var uPlot');
      run('npx', ['unetc', 'predict', 'run', 'demo/data/val', '--out', 'painted'], folder);
      expect(readdirSync(join(folder, 'painted'))).toContain('cells-001.mask.png');
      expect(existsSync(join(folder, 'node_modules', union))).toBe(false);
    },
    2 * minutes,
  );

  test(
    'is the one of a program that has the whole of it',
    () => {
      install(`${union}@${packageOf('@tensorflow/tfjs-core').version}`);
      const installed = readdirSync(join(folder, 'node_modules'), { recursive: true });
      expect(
        installed.filter((path) => String(path).endsWith('tfjs-core/package.json')),
      ).toHaveLength(1);
      run('npx', ['unetc', 'build', 'small.unet', '--out', 'small.ts'], folder);
      const emitted = readFileSync(join(folder, 'small.ts'), 'utf8');
      writeFileSync(
        join(folder, 'small.mjs'),
        ts.transpile(emitted, { target: ts.ScriptTarget.ES2022 }),
      );
      writeFileSync(join(folder, 'own.mjs'), ownProgram);
      expect(run(process.execPath, ['own.mjs'], folder)).toBe('wasm true true\n');
    },
    2 * minutes,
  );
});

/** Trains the emitted network on an engine of ours, and one that the library built, as its own. */
const ownProgram = `
import * as tf from '@tensorflow/tfjs';
import { readFileSync } from 'node:fs';
import { compile } from 'unetc';
import { buildLayersModel, startEngine } from 'unetc/runtime';
import { buildSmall } from './small.mjs';
await startEngine('wasm');
const [{ graph }] = compile({ path: 'small.unet', text: readFileSync('small.unet', 'utf8') }).models;
const x = tf.randomUniform([4, 16, 16, 1]);
const y = tf.oneHot(tf.zeros([4, 16, 16], 'int32'), 2).toFloat();
const trains = [];
for (const model of [buildSmall(), buildLayersModel(graph)]) {
  model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError' });
  const { history } = await model.fit(x, y, { epochs: 3, verbose: 0 });
  trains.push(model instanceof tf.LayersModel && history.loss[2] < history.loss[0]);
}
console.log(tf.getBackend(), ...trains);
`;

const packageOf = (name: string): { readonly version: string } =>
  JSON.parse(readFileSync(join(folder, 'node_modules', name, 'package.json'), 'utf8'));

function install(what: string): void {
  const quiet = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['install', ...quiet, what], folder);
}

function run(command: string, words: readonly string[], cwd: string): string {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const { stdout, stderr, status } = spawnSync(command, words, { cwd, env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${words.join(' ')}:\n${stdout}${stderr}`);
  return stdout;
}

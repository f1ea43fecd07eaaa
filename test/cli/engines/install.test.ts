import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { findTensorflow } from '../../../src/cli/engines/install/find-tensorflow.js';
import { packagesToBring } from '../../../src/cli/engines/install/installable.js';
import { linkBinding } from '../../../src/cli/engines/install/link-binding.js';
import { npmPlace, packageRoot } from '../../../src/cli/engines/install/npm-place.js';
import { callCli } from '../run-cli.js';

let folder: string;
const made: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-install-'));
  made.push(folder);
});
afterAll(() => made.forEach((each) => rmSync(each, { recursive: true })));

function put(path: string, text = ''): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

describe('npm puts engines where the program finds them', () => {
  test('in a clone as optional dependencies that are not saved', () => {
    expect(npmPlace('/home/me/unetc')).toEqual({
      folder: '/home/me/unetc',
      words: ['install', '--no-save', '--save-optional'],
      isSaved: false,
    });
  });

  test('in the project that depends on it, and beside a global one', () => {
    put('package.json', '{}');
    const project = npmPlace(join(folder, 'node_modules/unetc'));
    expect(project).toEqual({ folder, words: ['install', '--save-exact'], isSaved: true });
    const global = npmPlace(join(folder, 'prefix/lib/node_modules/unetc'));
    expect(global.words).toEqual(['install', '--global', '--prefix', join(folder, 'prefix')]);
  });

  test('with the other engines of a clone, which npm would take away', () => {
    put('node_modules/@tensorflow/tfjs-node/package.json', '{}');
    const root = process.cwd();
    const place = { folder, words: ['install'] };
    const names = (isSaved: boolean): readonly string[] =>
      packagesToBring('onnx', root, { ...place, isSaved }).map((each) =>
        each.slice(0, each.lastIndexOf('@')),
      );
    expect(names(false)).toEqual(['onnxruntime-node', '@tensorflow/tfjs-node']);
    expect(names(true)).toEqual(['onnxruntime-node']);
  });

  test('the root is the folder of the package file with the name', () => {
    expect(packageRoot()).toBe(process.cwd());
  });
});

describe('a TensorFlow to link to', () => {
  const header = 'include/tensorflow/c/eager/c_api.h';

  test('is that of a wheel, wherever in a Python it is named', () => {
    const wheel = 'venv/lib/python3.11/site-packages/tensorflow';
    put(`${wheel}/${header}`);
    const files = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'].map((name) =>
      put(`${wheel}/${name}`),
    );
    for (const given of [wheel, dirname(wheel), 'venv']) {
      const found = findTensorflow(join(folder, given));
      expect(found).toMatchObject({ include: join(folder, wheel, 'include'), files });
    }
  });

  test('or an unpacked libtensorflow; one without headers or framework is none', () => {
    put(`c/${header}`);
    const library = put('c/lib/libtensorflow.so.2');
    expect(findTensorflow(join(folder, 'c'))).toBeUndefined();
    const framework = put('c/lib/libtensorflow_framework.so.2');
    expect(findTensorflow(join(folder, 'c'))!.files).toEqual([library, framework]);
  });
});

test('a native part that does not compile says where, and leaves no file behind', async () => {
  put('binding/tfjs_binding.cc', '#include "missing_header.h"\n');
  const binding = join(folder, 'lib/napi-v8/tfjs_binding.node');
  const told: string[] = [];
  const fault = await linkBinding(
    { folder, version: '4.22.0', binding },
    { include: folder, libraries: folder, files: [] },
    (line) => told.push(line),
  );
  expect(fault).toMatch(/missing_header\.h|there is no program/);
  expect(told.at(-1)).toBe(`compiling the native part against ${folder}`);
});

test('a folder without a TensorFlow is told before npm runs', async () => {
  const { stderr, code } = await callCli([
    ...['engines', 'install', 'tfjs-node', '--libtensorflow', folder],
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain('UNET6145: The engine "tfjs-node" is not installed: ');
  expect(stderr).toContain('holds no TensorFlow with headers and libraries');
  expect(stderr).not.toContain('npm install');
});

test('what cannot be installed is refused', async () => {
  const { stderr, code } = await callCli(['engines', 'install', 'pytorch']);
  expect(code).toBe(2);
  expect(stderr).toContain('Engines to install: tfjs-node, tfjs-node-gpu, webgpu, onnx.');
});

import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { renderText } from '../../../src/diagnostics/render-text.js';
import type { Resolve } from '../../../src/frontend/declarations/load-files.js';
import { joinPath, locateImport } from '../../../src/frontend/declarations/import-path.js';
import { compileRun } from '../../../src/runtime/training/run-spec.js';

const model = (call = 'act'): string =>
  `model Small {\n  input image: [H, W, 1]\n  wires { a = image -> ${call} }\n  head mask: a -> conv(1, 1) -> sigmoid\n}\n`;

const resolveIn =
  (files: Readonly<Record<string, string>>): Resolve =>
  (path) => {
    if (path.startsWith('..')) return 'outside';
    const text = files[path];
    return text === undefined ? undefined : { path, text };
  };

function diagnose(text: string, files: Readonly<Record<string, string>> = {}) {
  return compileText('nets/main.unet', text, { resolve: resolveIn(files) });
}

const codes = (diagnostics: readonly Diagnostic[]): readonly string[] =>
  diagnostics.map(({ code, span }) => `${code} ${span.file}`);

describe('imports', () => {
  test('bring blocks, which see their own file and not the one that calls them', () => {
    const { models, diagnostics, files } = diagnose(
      `import act from "blocks/act"\nblock inner() = relu\n\n${model('act -> inner')}`,
      { 'nets/blocks/act.unet': 'block inner() = sigmoid\nblock act() = inner\n' },
    );
    expect(diagnostics).toEqual([]);
    expect(files.map(({ source }) => source.path)).toEqual([
      'nets/main.unet',
      'nets/blocks/act.unet',
    ]);
    const functions = models[0]!.graph.nodes.flatMap(({ op }) =>
      op.kind === 'activation' ? [op.function] : [],
    );
    expect(functions).toEqual(['sigmoid', 'relu', 'sigmoid']);
  });

  test('are relative to the file that imports, with or without the extension', () => {
    expect(locateImport('nets/main.unet', './a')).toBe('nets/a.unet');
    expect(locateImport('nets/main.unet', '../shared/a.unet')).toBe('shared/a.unet');
    expect(locateImport('main.unet', 'std/resnet')).toBe('std/resnet.unet');
    expect(locateImport('std/resnet.unet', 'residual')).toBe('std/residual.unet');
    expect(joinPath('/a/b.unet', '../c.unet')).toBe('/a/c.unet');
  });

  test.each(['/etc/a', 'C:/a', 'https://host/a', 'a\\\\b', 'std/../../a', '../../a'])(
    'never leave the project: %s',
    (path) => {
      const { diagnostics } = diagnose(`import act from "${path}"\n\n${model()}`);
      expect(codes(diagnostics)).toEqual(['UNET2031 nets/main.unet']);
    },
  );

  test('lead in no circle', () => {
    const { diagnostics } = diagnose(`import act from "a"\n\n${model()}`, {
      'nets/a.unet': 'import other from "b"\nblock act() = other\n',
      'nets/b.unet': 'import act from "a"\nblock other() = act\n',
    });
    expect(codes(diagnostics)).toEqual(['UNET2032 nets/b.unet']);
    expect(diagnostics[0]!.message).toContain('a.unet -> b.unet -> a.unet');
  });

  test('clash with no other name', () => {
    const { diagnostics } = diagnose(
      `import act from "a"\nimport act from "b"\nblock other() = relu\n\n${model('act -> other')}`,
      { 'nets/a.unet': 'block act() = relu\n', 'nets/b.unet': 'block act() = relu\n' },
    );
    expect(codes(diagnostics)).toEqual(['UNET2004 nets/main.unet']);
  });

  test('tell of problems in the file they are in, with its lines', () => {
    const { diagnostics, files } = diagnose(`import act from "a"\n\n${model()}`, {
      'nets/a.unet': 'block act() = conv(4, 3) -> rleu\n',
    });
    expect(codes(diagnostics)).toEqual(['UNET2001 nets/a.unet']);
    const lookup = (path: string) => files.find(({ source }) => source.path === path)?.source;
    expect(renderText(diagnostics, { lookup, colour: false, width: 80 })).toContain(
      '1 | block act() = conv(4, 3) -> rleu',
    );
  });

  test.each([
    ['import act of "a"', 'Expected "from" after "act", found "of".'],
    ['import act from a', 'Expected a string after "from", found "a".'],
    ['import act, from "a"', 'after ","'],
  ])('say what is wrong with %s', (line, message) => {
    const { diagnostics } = diagnose(`${line}\n\n${model('relu')}`);
    expect(diagnostics.map((each) => each.message).join('\n')).toContain(message);
  });
});

test('a run holds what it imports, and compiles from that alone', () => {
  const text = `import act from "../shared/a"\nimport separable from "std/mobilenet_v1"\n\n${model('act -> separable(8)')}`;
  const files = { 'shared/a.unet': 'block act() = conv(8, 3) -> relu\n' };
  const { run, diagnostics } = compileRun('nets/main.unet', text, { resolve: resolveIn(files) });
  expect(diagnostics).toEqual([]);
  const { spec } = run!;
  expect(Object.keys(spec.imports!)).toEqual(['../shared/a.unet', 'std/mobilenet_v1.unet']);
  const stored = JSON.parse(JSON.stringify(spec.imports)) as Record<string, string>;
  const again = compileRun('/runs/one/last/spec.unet', spec.text, { imports: stored });
  expect(again.diagnostics).toEqual([]);
  const names = (graph: { readonly nodes: readonly { readonly name: string }[] }) =>
    graph.nodes.map(({ name }) => name);
  expect(names(again.run!.model.graph)).toEqual(names(run!.model.graph));
});

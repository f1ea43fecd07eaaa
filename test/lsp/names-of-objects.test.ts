import { expect, test } from '@jest/globals';
import { compileText } from '../../src/compile.js';
import { createMemoryHost } from '../../src/host.js';
import { complete } from '../../src/lsp/features/completion.js';
import { hover } from '../../src/lsp/features/hover.js';
import { inlayHints } from '../../src/lsp/features/inlay-hints.js';
import { findDefinition } from '../../src/lsp/features/navigation.js';
import { semanticTokens } from '../../src/lsp/features/semantic-tokens.js';
import { signatureHelp } from '../../src/lsp/features/signature-help.js';
import { documentSymbols } from '../../src/lsp/features/symbols.js';
import { formatText } from '../../src/parser/format/format.js';
import { Workspace } from '../../src/lsp/workspace.js';

/** What every object answers to, whatever a table holds. */
const names = ['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'];

const model = (body: string, rest = ''): string =>
  `model M(base: int = 2) {\n  input image: [H, W, 1]\n${body}\n}\n${rest}`;
const wires = (line: string): string =>
  model(`  wires {\n    a = ${line}\n  }\n  head mask: a -> conv(1, 1)`);

/** Everywhere a name can be written. */
const places: Readonly<Record<string, (name: string) => string>> = {
  section: (name) => `${name} {\n}\n`,
  model: (name) => wires('image -> relu').replace('M(', `${name}(`),
  parameter: (name) => wires('image -> relu').replace('base', name),
  type: (name) => wires('image -> relu').replace('int', name),
  input: (name) => model(`  input ${name}: [H, W, 1]`),
  'section of a model': (name) => model(`  ${name} {\n  }`),
  'field of a model': (name) => model(`  ${name}: 3`),
  encoder: (name) => model(`  encoder ${name} {\n    widths: [1, 2]\n  }`),
  'field of an encoder': (name) => model(`  encoder plain {\n    ${name}: 3\n  }`),
  skip: (name) => model(`  skip ${name}`),
  'field of a skip': (name) => model(`  skip plain {\n    ${name}: 3\n  }`),
  'alignment of a skip': (name) => model(`  skip plain {\n    align: ${name}\n  }`),
  'call as an alignment': (name) => model(`  skip plain {\n    align: ${name}(1)\n  }`),
  'field of a decoder': (name) => model(`  decoder {\n    ${name}: 3\n  }`),
  tensor: (name) => wires('image -> relu').replace('    a =', `    ${name} =`),
  'tensor that is read': (name) => wires(`${name} -> relu`),
  operation: (name) => wires(`image -> ${name}`),
  'operation that is called': (name) => wires(`image -> ${name}(3)`),
  option: (name) => wires(`image -> conv(2, 3, ${name}: 3)`),
  word: (name) => wires(`image -> conv(2, 3, padding: ${name})`),
  function: (name) => wires(`image -> conv(${name}(3), 3)`),
  value: (name) => wires(`image -> conv(${name}, 3)`),
  comparison: (name) => wires(`image -> (relu if base == ${name})`),
  head: (name) => model(`  head ${name}: image -> conv(1, 1)`),
  'field of a head': (name) => model(`  head m: image -> conv(1, 1) {\n    ${name}: 3\n  }`),
  'supervised tensor': (name) =>
    model(`  head m: image -> conv(1, 1) {\n    supervise: [${name}]\n  }`),
  class: (name) => model(`  head m: image -> conv(2, 1) {\n    classes: [${name}, b]\n  }`),
  recipe: (name) => `${wires('image -> relu')}train ${name} {\n  epochs: 3\n}\n`,
  ...Object.fromEntries(
    ['loss', 'metrics', 'optimizer', 'schedule', 'augment', 'sizes', 'scaling', 'seed'].map(
      (field) => [
        `value of ${field}`,
        (name: string) => `${wires('image -> relu')}train {\n  ${field}: ${name}\n}\n`,
      ],
    ),
  ),
  'field of a recipe': (name) => `${wires('image -> relu')}train {\n  ${name}: 3\n}\n`,
  'option of a loss': (name) => `${wires('image -> relu')}train {\n  loss: focal(${name}: 3)\n}\n`,
  'loss of a head': (name) => `${wires('image -> relu')}train {\n  loss ${name}: bce\n}\n`,
  block: (name) => `block ${name}(n: int) = conv(n, 3)\n${wires('image -> relu')}`,
  import: (name) => `import ${name} from "std/blocks"\n${wires('image -> relu')}`,
  'declared encoder': (name) => `encoder ${name} {\n  a = image -> relu\n  tap s: a\n}\n`,
};

test.each(Object.entries(places))('%s: names that every object answers to', (_, write) => {
  for (const name of names) {
    const text = write(name);
    const { diagnostics, source } = compileText('/p/s.unet', text);
    expect([name, diagnostics.map(({ code }) => code)]).toEqual([
      name,
      expect.arrayContaining([expect.stringMatching(/^UNET/)]),
    ]);
    for (const { message, notes, help, span } of diagnostics) {
      expect([message, ...notes, ...help].join('\n')).not.toMatch(/function |\[object|\[native/);
      expect(span.end).toBeLessThanOrEqual(text.length);
    }
    formatText(source);
  }
});

test.each(Object.entries(places))('%s: an editor answers at such names', (_, write) => {
  for (const name of names) {
    const text = write(name);
    const workspace = new Workspace(createMemoryHost({ '/p/s.unet': text }), undefined);
    workspace.update('file:///p/s.unet', 1, text);
    const analysis = workspace.analyse('file:///p/s.unet')!;
    const context = { analysis, workspace };
    const { line, column } = analysis.source.position(text.indexOf(name));
    for (const character of [column - 1, column + 1, column - 1 + name.length]) {
      const at = { line: line - 1, character };
      expect(JSON.stringify(hover(context, at) ?? '')).not.toContain('undefined');
      complete(context, at);
      signatureHelp(context, at);
      findDefinition(context, at);
    }
    documentSymbols(context);
    semanticTokens(context);
    inlayHints(context, { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } });
  }
});

/** Texts may be called so: they are never names of tensors. */
test('classes, files and names of weights in quotes', () => {
  for (const name of names) {
    const classes = model(`  head m: image -> conv(2, 1) {\n    classes: ["${name}", "b"]\n  }`);
    const imported = `import double_conv from "std/${name}"\n${wires('image -> relu')}`;
    for (const text of [classes, imported]) {
      for (const { message } of compileText('/p/s.unet', text).diagnostics) {
        expect(message).not.toMatch(/function |\[object|\[native/);
      }
    }
  }
});

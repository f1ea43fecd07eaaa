import { describe, expect, test } from '@jest/globals';
import type { CodeAction, TextEdit } from 'vscode-languageserver-protocol';
import { compileText } from '../../src/compile.js';
import { edited, editorSession, spec } from './editor-session.js';

/** What changes a text: layout and refactorings. */
const session = editorSession('lsp-edits');
const { ask, open } = session;

describe('layout', () => {
  const untidy = 'model  A{input image:[H,W,1]\nhead mask:conv(1,1)->sigmoid}\nblock b( )=relu\n';

  test('of a document; twice changes nothing; a broken one is not touched', async () => {
    const { uri, document } = open(untidy);
    const edits = await ask<TextEdit[]>('textDocument/formatting', uri, { options: {} });
    const tidy = edited(document, edits);
    expect(tidy).toContain('model A {\n  input image: [H, W, 1]\n');
    const again = open(tidy);
    expect(await ask('textDocument/formatting', again.uri, { options: {} })).toEqual([]);
    const broken = open('model A {{{ -> }');
    expect(await ask('textDocument/formatting', broken.uri, { options: {} })).toEqual([]);
  });

  test('keeps line breaks of two characters', async () => {
    const { uri, document } = open(untidy.replaceAll('\n', '\r\n'));
    const edits = await ask<TextEdit[]>('textDocument/formatting', uri, { options: {} });
    const tidy = edited(document, edits);
    expect(tidy).toMatch(/^model A \{\r\n {2}input/);
    expect(tidy.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test('of the sections that a range touches', async () => {
    const { uri, document } = open(untidy);
    const range = { start: { line: 2, character: 0 }, end: { line: 2, character: 3 } };
    const edits = await ask<TextEdit[]>('textDocument/rangeFormatting', uri, {
      range,
      options: {},
    });
    const text = edited(document, edits);
    expect(text).toContain('model  A{input');
    expect(text).toContain('block b() = relu');
  });
});

describe('refactorings', () => {
  const actions = async (marked: string, kind: string) => {
    const { uri, at, document } = open(marked);
    const found = await ask<CodeAction[]>('textDocument/codeAction', uri, {
      range: { start: at(1), end: at(2) },
      context: { diagnostics: [], only: [kind] },
    });
    return found.map(({ title, edit }) => ({
      title,
      text: edited(document, edit!.changes![uri]!),
    }));
  };
  const plain = (text: string): string => text.replace(/<\d>/g, '');
  const shapeOf = (text: string): unknown => {
    const { models, diagnostics } = compileText('a.unet', text);
    expect(diagnostics).toEqual([]);
    return models[0]!.graph.nodes.map(({ op, inputs }) => [op, inputs]);
  };

  test('schemes are written out as wires, and the network stays', async () => {
    const marked = plain(spec).replace('skip plain', '<1>skip<2> plain');
    const [first] = await actions(marked, 'refactor.rewrite');
    expect(first!.title).toBe('Write the schemes out as wires');
    expect(first!.text).toContain('wires {');
    expect(shapeOf(first!.text)).toEqual(shapeOf(plain(spec)));
  });

  test('the alignment of a skip is another', async () => {
    const marked = plain(spec).replace('skip plain', '<1>skip<2> plain');
    const found = await actions(marked, 'refactor.rewrite');
    const crop = found.find(({ title }) => title.endsWith('crop'))!;
    expect(crop.text).toContain('{ merge: [skip, up] -> concat, align: crop }');
    expect(compileText('a.unet', crop.text).diagnostics).toEqual([]);
  });

  test('steps become a block with the parameters that they name, and the network stays', async () => {
    const marked = plain(spec).replace(
      'conv(c, 3) -> relu -> conv',
      '<1>conv(c, 3) -> relu<2> -> conv',
    );
    const [first] = await actions(marked, 'refactor.extract');
    expect(first!.text).toContain(
      'block extracted(c: int) = conv(c, 3) -> relu\n\n/// Two convolutions.',
    );
    expect(first!.text).toContain('= extracted(c) -> conv(c, 3) -> relu');
    const [before, after] = [plain(spec), first!.text].map((text) =>
      compileText('a.unet', text).models[0]!.graph.nodes.map(({ op }) => op),
    );
    expect(after).toEqual(before);
  });

  test('all problems with one repair are repaired at once', async () => {
    const marked = `<1>${plain(spec).replace('max_pool', 'max_pol').replace('softmax', 'sofmax')}<2>`;
    const [all] = await actions(marked, 'source.fixAll');
    expect(compileText('a.unet', all!.text).diagnostics).toEqual([]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeAction, Hover } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { compileText } from '../../src/compile.js';
import { edited, editorSession, spec } from './editor-session.js';

/** Problems, other views of a spec, and odd files. */
const session = editorSession('lsp-server');
const { ask, open } = session;

describe('problems', () => {
  test('are told with the version of the text, and gone when it is repaired or closed', async () => {
    const { uri, text } = open(spec.replace('max_pool(2)', 'max_pol(2)'));
    const reported = await session.client.nextDiagnostics(uri);
    expect(reported).toMatchObject({
      version: 1,
      diagnostics: [{ code: 'UNET2001', severity: 1 }],
    });
    const repaired = session.client.nextDiagnostics(uri);
    session.client.change(uri, text.replace('max_pol', 'max_pool'));
    expect(await repaired).toEqual({ uri, version: 2, diagnostics: [] });
    const again = session.client.nextDiagnostics(uri);
    session.client.change(uri, text);
    expect((await again).diagnostics).toHaveLength(1);
    const closed = session.client.nextDiagnostics(uri);
    session.close(uri);
    expect(await closed).toEqual({ uri, diagnostics: [] });
  });

  test('a size that cannot be comes with the places that make it, and its repairs', async () => {
    const { uri, document } = open(spec.replace('[H, W, 3]', '[250, 250, 3]'));
    const { diagnostics } = await session.client.nextDiagnostics(uri);
    expect(diagnostics[0]).toMatchObject({ code: 'UNET4001', source: 'unetc' });
    expect(diagnostics[0]!.relatedInformation!.length).toBeGreaterThan(0);
    const { range } = diagnostics[0]!;
    const actions = await ask<CodeAction[]>('textDocument/codeAction', uri, {
      range,
      context: { diagnostics, only: ['quickfix'] },
    });
    const repaired = actions.map(({ edit }) => edited(document, edit!.changes![uri]!));
    expect(repaired.length).toBeGreaterThanOrEqual(2);
    for (const text of repaired) expect(compileText('a.unet', text).diagnostics).toEqual([]);
    expect(actions[0]!.diagnostics).toEqual([diagnostics[0]]);

    // Other alignments are not offered twice: once as a repair is enough.
    const all = await ask<CodeAction[]>('textDocument/codeAction', uri, {
      range,
      context: { diagnostics },
    });
    const alignments = all.filter(({ title }) => title.includes('align: pad'));
    expect(alignments.map(({ kind }) => kind)).toEqual(['quickfix']);
  });

  test('what is not used is faded', async () => {
    const { uri } = open(`import resnet from "std/resnet"\n${spec}`);
    const { diagnostics } = await session.client.nextDiagnostics(uri);
    expect(diagnostics).toMatchObject([{ code: 'UNET5010', severity: 2, tags: [1] }]);
  });

  test('of an imported file are shown at the import; an edit there is seen here', async () => {
    const library = open('block twice(c: int) = conv(c, 3) -> relu -> conv(c, 3)\n', 'blocks.unet');
    const user = open(
      `import twice from "blocks"\n${spec.replace('stage: <3>double_conv', 'stage: twice')}`,
      'user.unet',
    );
    expect((await session.client.nextDiagnostics(user.uri)).diagnostics).toEqual([]);
    const next = session.client.nextDiagnostics(user.uri);
    const refreshed = session.client.nextRefresh();
    session.client.change(library.uri, 'block twice(c: int) = conv(c, 3) -> rely -> conv(c, 3)\n');
    const { diagnostics } = await next;
    expect(diagnostics[0]).toMatchObject({
      range: { start: { line: 0, character: 18 } },
      relatedInformation: [{ location: { uri: library.uri } }],
    });
    // Editors keep hints, lenses and colours of a document that was not edited.
    await refreshed;
  });

  test('an edit that concerns no other document makes no editor ask again', async () => {
    const { uri, text } = open(spec);
    await session.client.nextDiagnostics(uri);
    let isRefreshed = false;
    void session.client.nextRefresh().then(() => {
      isRefreshed = true;
    });
    const next = session.client.nextDiagnostics(uri);
    session.client.change(uri, text.replace('Two', 'A pair of'));
    await next;
    // Answers come in the order in which they were sent.
    await ask('textDocument/codeLens', uri);
    expect(isRefreshed).toBe(false);
  });

  test('files on disk are watched where the editor can', async () => {
    expect(await session.client.watched).toEqual([{ globPattern: '**/*.unet' }]);
  });

  test('a file on disk that changes is read again', async () => {
    mkdirSync(join(session.folder, 'disk'), { recursive: true });
    const path = join(session.folder, 'disk', 'blocks.unet');
    writeFileSync(path, 'block once(c: int) = conv(c, 3)\n');
    const { uri } = open(
      `import once from "./blocks"\n${spec.replace('stage: <3>double_conv', 'stage: once')}`,
      'disk/user.unet',
    );
    expect((await session.client.nextDiagnostics(uri)).diagnostics).toEqual([]);
    writeFileSync(path, 'block other(c: int) = conv(c, 3)\n');
    const next = session.client.nextDiagnostics(uri);
    const refreshed = session.client.nextRefresh();
    const changes = [{ uri: uri.replace('user', 'blocks'), type: 2 }];
    void session.client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
    expect((await next).diagnostics.map(({ code }) => code)).toContain('UNET2033');
    await refreshed;
  });
});

test('the emitted module, or why there is none', async () => {
  const { uri } = open(spec);
  const module = await session.client.connection.sendRequest('unetc/emit', { uri });
  expect(module).toMatchObject({ kind: 'module', model: 'UNet', models: ['UNet'] });
  expect((module as { text: string }).text).toContain('export function buildUNet({');
  for (const [target, start] of [
    ['ts', '// Made by unetc from '],
    ['pytorch', '# Made by unetc from '],
    ['keras', '# Made by unetc for Keras from '],
  ] as const) {
    const other = await session.client.connection.sendRequest('unetc/emit', { uri, target });
    expect(other).toMatchObject({ kind: 'module', target, model: 'UNet' });
    expect((other as { text: string }).text.startsWith(start)).toBe(true);
  }
  for (const target of ['onnx', 'toString', 7]) {
    expect(await session.client.connection.sendRequest('unetc/emit', { uri, target })).toEqual({
      kind: 'unavailable',
      reason: `There is no module for the target "${target}"; there are "ts", "pytorch", "keras".`,
    });
  }
  const broken = open('model A {}');
  expect(await session.client.connection.sendRequest('unetc/emit', { uri: broken.uri })).toEqual({
    kind: 'unavailable',
    reason: 'The spec has errors.',
  });
});

test('the picture, in the theme of the editor, or why there is none', async () => {
  const { uri } = open(spec);
  const [light, dark] = await Promise.all(
    ['light', 'dark'].map((theme) =>
      session.client.connection.sendRequest<{ kind: string; svg: string }>('unetc/picture', {
        uri,
        theme,
      }),
    ),
  );
  expect(light).toMatchObject({ kind: 'picture', model: 'UNet' });
  expect(light!.svg).toMatch(/^<svg [^]*<\/svg>\n$/);
  expect(dark!.svg).not.toBe(light!.svg);
  const broken = open('model A {}');
  const none = await session.client.connection.sendRequest('unetc/picture', { uri: broken.uri });
  expect(none).toEqual({ kind: 'unavailable', reason: 'The spec has errors.' });
});

describe('odd files', () => {
  test('10,000 lines', async () => {
    const lines = Array.from({ length: 10_000 }, (_, at) => `block b${at}(c: int) = conv(c, 3)`);
    const { uri } = open(lines.join('\n'));
    const { diagnostics } = await session.client.nextDiagnostics(uri);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(await ask<unknown[]>('textDocument/documentSymbol', uri)).toBeInstanceOf(Array);
  });

  test('a binary file', async () => {
    const { uri } = open('PNG\0\u0001\u0002\ufffd\ufffd');
    const { diagnostics } = await session.client.nextDiagnostics(uri);
    expect(diagnostics).toHaveLength(1);
    expect(
      await ask('textDocument/hover', uri, { position: { line: 0, character: 1 } }),
    ).toBeNull();
  });

  test.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['tabs', (text: string) => text.replaceAll('  ', '\t')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
    ['emoji in comments', (text: string) => text.replace('cells.', '🔬🧫 cells, 細胞.')],
  ])('%s: columns are right', async (_, change) => {
    const { uri, at, text } = open(change(spec.replace('max_pool', 'max_pol')));
    const { diagnostics } = await session.client.nextDiagnostics(uri);
    const document = TextDocument.create(uri, 'unet', 1, text);
    expect(diagnostics.map(({ range }) => document.getText(range))).toEqual(['max_pol']);
    expect(diagnostics[0]!.range.start).toEqual(at(4));
    const { range } = await ask<Hover>('textDocument/hover', uri, { position: at(3) });
    expect(document.getText(range!)).toBe('double_conv');
  });

  test('an empty file, and positions beyond every line', async () => {
    const { uri } = open('');
    await session.client.nextDiagnostics(uri);
    const position = { line: 100, character: 100 };
    expect(await ask('textDocument/hover', uri, { position })).toBeNull();
    expect(await ask('textDocument/completion', uri, { position })).toBeInstanceOf(Array);
  });

  test('a document that is not there is no reason to end', async () => {
    const uri = 'file:///nowhere/at/all.unet';
    expect(
      await ask('textDocument/hover', uri, { position: { line: 0, character: 0 } }),
    ).toBeNull();
    expect(await ask('textDocument/formatting', uri, { options: {} })).toBeNull();
  });
});

import { expect, test } from '@jest/globals';
import type {
  CompletionItem,
  DocumentSymbol,
  Hover,
  InlayHint,
  Location,
  WorkspaceEdit,
} from 'vscode-languageserver-protocol';
import { edited, editorSession } from './editor-session.js';

const { ask, open } = editorSession('lsp-shared');

const text = `model Net {
  input image: [H, W, 4]
  wires {
    /// Looks at both.
    shared <1>look = conv(4, 3) -> relu
    a = image -> <2>look
    b = a -> look -> twice
    <3>
  }
  head mask: b -> conv(1, 1)
}
block twice() {
  shared <4>step = conv(4, 3)
  out = in -> step -> <5>step
}
`;

test('calls lead to their instance', async () => {
  const { uri, at } = open(text);
  const target = async (mark: number): Promise<Location> =>
    ask<Location>('textDocument/definition', uri, { position: at(mark) });
  expect(await target(2)).toMatchObject({ uri, range: { start: at(1) } });
  expect(await target(5)).toMatchObject({ uri, range: { start: at(4) } });
});

test('an instance is told with its documentation', async () => {
  const { uri, at } = open(text);
  const hover = await ask<Hover>('textDocument/hover', uri, { position: at(2) });
  const { value } = hover.contents as { value: string };
  expect(value).toContain('**shared instance** `look`');
  expect(value).toContain('Looks at both.');
  expect(value).toContain('called 2 times');
});

test('all calls are renamed', async () => {
  const { uri, at, document } = open(text);
  const edit = await ask<WorkspaceEdit>('textDocument/rename', uri, {
    position: at(2),
    newName: 'see',
  });
  const now = edited(document, edit.changes![uri]!);
  expect(now).toContain('shared see = conv(4, 3)');
  expect(now).toContain('a = image -> see');
  expect(now).toContain('b = a -> see -> twice');
});

test('lines of instances are offered, in the outline, and every call has its size', async () => {
  const { uri, at } = open(text);
  const items = await ask<CompletionItem[]>('textDocument/completion', uri, {
    position: at(3),
  });
  expect(items.map(({ label }) => label)).toContain('shared');
  const symbols = await ask<DocumentSymbol[]>('textDocument/documentSymbol', uri);
  const names = JSON.stringify(symbols);
  expect(names).toContain('"shared look"');
  expect(names).toContain('"shared step"');
  const hints = await ask<InlayHint[]>('textDocument/inlayHint', uri, {
    range: { start: { line: 0, character: 0 }, end: { line: 20, character: 0 } },
  });
  const lines = hints.map(({ position }) => position.line);
  expect(lines).toEqual(expect.arrayContaining([at(2).line, at(2).line + 1]));
});

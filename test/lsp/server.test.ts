import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  CodeAction,
  CompletionItem,
  DocumentSymbol,
  FoldingRange,
  Hover,
  InlayHint,
  Location,
  SelectionRange,
  SignatureHelp,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { compileText } from '../../src/compile.js';
import { buildProgram, type BuiltProgram } from '../cli/built-program.js';
import { readMarked, startClient, type EditorClient } from './client.js';

let program: BuiltProgram;
let client: EditorClient;
let folder: string;
let opened: string[] = [];
let count = 0;

beforeAll(async () => {
  program = buildProgram('lsp');
  folder = mkdtempSync(join(tmpdir(), 'unetc-lsp-'));
  writeFileSync(join(folder, 'package.json'), '{}');
  client = await startClient(program.main, folder);
});
afterEach(() => {
  for (const uri of opened) client.close(uri);
  opened = [];
});
afterAll(async () => {
  const code = await client.stop();
  program.remove();
  rmSync(folder, { recursive: true, force: true });
  expect(client.errors()).toBe('');
  expect(code).toBe(0);
});

const ask = <R>(method: string, uri: string, params: object = {}): Promise<R> =>
  client.connection.sendRequest(method, { textDocument: { uri }, ...params });

/** Opens a marked text as a file that is not on disk. */
function open(marked: string, name = `spec-${(count += 1)}.unet`) {
  const { text, at } = readMarked(marked);
  const uri = client.open(join(folder, name), text);
  opened.push(uri);
  const document = TextDocument.create(uri, 'unet', 1, text);
  return { uri, text, at, document };
}

const edited = (document: TextDocument, edits: readonly TextEdit[]): string =>
  TextDocument.applyEdits(document, [...edits]);

const whole = { start: { line: 0, character: 0 }, end: { line: 9999, character: 0 } };

const spec = `/// A U-Net for cells.
model UNet(classes: int = 2, <1>base: int = 8) {
  input image: [H, W, 3]
  encoder plain {
    widths: <2>base * [1, 2, 4]
    stage: <3>double_conv(width)
    down: <4>max_pool(2)
  }
  skip plain { merge: [skip, up] -> concat }
  decoder {
    up: conv_transpose(width, 2, <5>stride: 2)
    stage: double_conv(width)
  }
  head mask: <6>conv(classes, 1) -> softmax
}

/// Two convolutions.
block double_conv(c: int) = conv(c, 3) -> relu -> conv(c, 3) -> relu

train UNet { loss: <7>cross_entropy }
`;

describe('problems', () => {
  test('are told with the version of the text, and gone when it is repaired or closed', async () => {
    const { uri, text } = open(spec.replace('max_pool(2)', 'max_pol(2)'));
    const reported = await client.nextDiagnostics(uri);
    expect(reported).toMatchObject({
      version: 1,
      diagnostics: [{ code: 'UNET2001', severity: 1 }],
    });
    const repaired = client.nextDiagnostics(uri);
    client.change(uri, text.replace('max_pol', 'max_pool'));
    expect(await repaired).toEqual({ uri, version: 2, diagnostics: [] });
    const again = client.nextDiagnostics(uri);
    client.change(uri, text);
    expect((await again).diagnostics).toHaveLength(1);
    const closed = client.nextDiagnostics(uri);
    client.close(uri);
    opened = [];
    expect(await closed).toEqual({ uri, diagnostics: [] });
  });

  test('a size that cannot be comes with the places that make it, and its repairs', async () => {
    const { uri, document } = open(spec.replace('[H, W, 3]', '[250, 250, 3]'));
    const { diagnostics } = await client.nextDiagnostics(uri);
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
    const { diagnostics } = await client.nextDiagnostics(uri);
    expect(diagnostics).toMatchObject([{ code: 'UNET5010', severity: 2, tags: [1] }]);
  });

  test('of an imported file are shown at the import; an edit there is seen here', async () => {
    const library = open('block twice(c: int) = conv(c, 3) -> relu -> conv(c, 3)\n', 'blocks.unet');
    const user = open(
      `import twice from "blocks"\n${spec.replace('stage: <3>double_conv', 'stage: twice')}`,
      'user.unet',
    );
    expect((await client.nextDiagnostics(user.uri)).diagnostics).toEqual([]);
    const next = client.nextDiagnostics(user.uri);
    const refreshed = client.nextRefresh();
    client.change(library.uri, 'block twice(c: int) = conv(c, 3) -> rely -> conv(c, 3)\n');
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
    await client.nextDiagnostics(uri);
    let isRefreshed = false;
    void client.nextRefresh().then(() => {
      isRefreshed = true;
    });
    const next = client.nextDiagnostics(uri);
    client.change(uri, text.replace('Two', 'A pair of'));
    await next;
    // Answers come in the order in which they were sent.
    await ask('textDocument/codeLens', uri);
    expect(isRefreshed).toBe(false);
  });

  test('files on disk are watched where the editor can', async () => {
    expect(await client.watched).toEqual([{ globPattern: '**/*.unet' }]);
  });

  test('a file on disk that changes is read again', async () => {
    mkdirSync(join(folder, 'disk'), { recursive: true });
    const path = join(folder, 'disk', 'blocks.unet');
    writeFileSync(path, 'block once(c: int) = conv(c, 3)\n');
    const { uri } = open(
      `import once from "./blocks"\n${spec.replace('stage: <3>double_conv', 'stage: once')}`,
      'disk/user.unet',
    );
    expect((await client.nextDiagnostics(uri)).diagnostics).toEqual([]);
    writeFileSync(path, 'block other(c: int) = conv(c, 3)\n');
    const next = client.nextDiagnostics(uri);
    const refreshed = client.nextRefresh();
    const changes = [{ uri: uri.replace('user', 'blocks'), type: 2 }];
    void client.connection.sendNotification('workspace/didChangeWatchedFiles', { changes });
    expect((await next).diagnostics.map(({ code }) => code)).toContain('UNET2033');
    await refreshed;
  });
});

describe('hover', () => {
  test.each([
    [1, /parameter of model "UNet"/],
    [3, /block double_conv\(c: int\)\n```\n\nTwo convolutions\./],
    [4, /\*\*layer\*\* `max_pool\(size\)`[^]*`rounding: "floor" or "ceil" = floor`/],
    [5, /`stride: a whole number .* = 2`[^]*Step of the kernel/],
    [7, /\*\*loss\*\* `cross_entropy`/],
  ])('at <%i>', async (mark, expected) => {
    const { uri, at } = open(spec);
    const answer = await ask<Hover>('textDocument/hover', uri, { position: at(mark) });
    expect((answer.contents as { value: string }).value).toMatch(expected);
  });

  test('a tensor has its size in symbols and at an example, its cost and what it sees', async () => {
    const { uri, at } = open(spec.replace('head mask: <6>', 'head ma<1>sk: '));
    const { contents } = await ask<Hover>('textDocument/hover', uri, { position: at(1) });
    const { value } = contents as { value: string };
    expect(value).toContain('size `H x W x 2`');
    expect(value).toContain('at 256 x 256: `256 x 256 x 2`');
    expect(value).toMatch(/18 parameters, sees \d+ x \d+ pixels/);
  });

  test('sizes before a contradiction are known in spite of it', async () => {
    const { uri } = open(spec.replace('[H, W, 3]', '[250, 250, 3]'));
    const hints = await ask<InlayHint[]>('textDocument/inlayHint', uri, { range: whole });
    expect(hints.map(({ label }) => label)).toContainEqual(
      expect.stringContaining('250² x 8, 125² x 16, 62² x 32'),
    );
  });
});

test('inlay hints: sizes and parameters of every stage behind the line that makes it', async () => {
  const { uri, text } = open(spec);
  const hints = await ask<InlayHint[]>('textDocument/inlayHint', uri, { range: whole });
  const lines = text.split('\n');
  const shown = hints.map(({ position, label }) => {
    expect(position.character).toBe(lines[position.line]!.length);
    return `${lines[position.line]!.trim()} | ${label as string}`;
  });
  expect(shown.sort()).toEqual([
    'block double_conv(c: int) = conv(c, 3) -> relu -> conv(c, 3) -> relu | 26.9K parameters',
    'head mask: conv(classes, 1) -> softmax | H x W x 2 · 18 parameters',
    'input image: [H, W, 3] | H x W x 3',
    'stage: double_conv(width) | 128² x 16, 256² x 8 · 8.7K parameters',
    'stage: double_conv(width) | 256² x 8, 128² x 16, 64² x 32 · 18.2K parameters',
    'up: conv_transpose(width, 2, stride: 2) | 128² x 16, 256² x 8 · 2.6K parameters',
  ]);
});

describe('an encoder without a model is shown as it runs on a colour image', () => {
  const encoder = `encoder own(c: int = 8) {
  st<1>em = in -> conv(c, 3) -> batch_norm -> relu
  tap s1 = stem
  x = stem
  for i in range(2) {
    x = x -> max_pool(2) -> conv(c * 2, 3)
    tap s2 = x if i == 0
  }
  tap s4 = x -> relu
}
`;

  test('in hints behind its lines', async () => {
    const { uri, text } = open(encoder);
    const hints = await ask<InlayHint[]>('textDocument/inlayHint', uri, { range: whole });
    const lines = text.split('\n');
    expect(
      hints.map(({ position, label }) => `${lines[position.line]!.trim()} | ${label as string}`),
    ).toEqual([
      'stem = in -> conv(c, 3) -> batch_norm -> relu | H x W x 8 · 256 parameters',
      'tap s1 = stem | H x W x 8',
      'x = x -> max_pool(2) -> conv(c * 2, 3) | 128² x 16, 64² x 16 · 3.5K parameters',
      'tap s2 = x if i == 0 | floor(H / 2) x floor(W / 2) x 16',
      'tap s4 = x -> relu | floor(H / 4) x floor(W / 4) x 16',
    ]);
  });

  test('on hover and in lenses', async () => {
    const { uri, at } = open(encoder);
    const { contents } = await ask<Hover>('textDocument/hover', uri, { position: at(1) });
    expect((contents as { value: string }).value).toContain('size `H x W x 8`');
    const lenses = await ask<{ command: { title: string } }[]>('textDocument/codeLens', uri);
    expect(lenses.map(({ command }) => command.title)).toEqual([
      '3,744 parameters, 3,728 trained',
      'H is at least 4; W is at least 4',
    ]);
  });

  test('and beside a model as the model runs it', async () => {
    const { uri, text } = open(`${encoder.replace('<1>', '')}
model M {
  input image: [H, W, 1]
  encoder own { c: 4 }
  skip plain { merge: [skip, up] -> concat }
  decoder { up: nearest(2), stage: conv(width) }
  head mask: conv(1, 1)
}
`);
    const hints = await ask<InlayHint[]>('textDocument/inlayHint', uri, { range: whole });
    const lines = text.split('\n');
    const shown = hints.map(
      ({ position, label }) => `${lines[position.line]!.trim()} | ${label as string}`,
    );
    expect(shown).toContain(
      'stem = in -> conv(c, 3) -> batch_norm -> relu | H x W x 4 · 56 parameters',
    );
    expect(shown).toContain('tap s4 = x -> relu | H / 4 x W / 4 x 8');
  });
});

test('code lenses: parameters, legal sizes, uses', async () => {
  const { uri } = open(spec);
  const lenses = await ask<{ command: { title: string } }[]>('textDocument/codeLens', uri);
  expect(lenses.map(({ command }) => command.title)).toEqual([
    '29,474 parameters',
    'H is a multiple of 4; W is a multiple of 4',
    '2 uses, 5 calls in the network',
  ]);
});

describe('completion', () => {
  const labels = async (marked: string): Promise<readonly string[]> => {
    const { uri, at } = open(marked);
    const items = await ask<CompletionItem[]>('textDocument/completion', uri, { position: at(1) });
    return items.map(({ label }) => label);
  };

  test.each([
    ['sections of a file', 'mo<1>', ['model', 'block', 'train', 'import'], ['conv']],
    ['sections of a model', 'model A {\n  <1>\n}', ['input', 'encoder', 'skip', 'head'], ['conv']],
    [
      'fields of a scheme',
      'model A {\n  encoder plain {\n    <1>\n  }\n}',
      ['widths', 'stage', 'down', 'level'],
      ['head'],
    ],
    [
      'layers, blocks and tensors behind an arrow',
      'model A {\n  input image: [H, W, 3]\n  wires { a = image -> <1> }\n}\nblock act() = relu\n',
      ['conv', 'batch_norm', 'act', 'image'],
      ['dice'],
    ],
    [
      'options in a call',
      'block a() = conv(3, <1>)',
      ['stride', 'padding', 'bias'],
      ['relu', 'widths'],
    ],
    ['values of an option', 'block a() = conv(3, 3, padding: <1>)', ['same', 'valid'], ['relu']],
    ['losses', 'train A {\n  loss: <1>\n}', ['bce', 'dice', 'borders'], ['conv', 'adam']],
    ['optimizers', 'train A {\n  optimizer: <1>\n}', ['adam', 'sgd'], ['dice']],
    [
      'schedules, and nothing of the network',
      'model A { input image: [H, W, 3] }\nblock b() = relu\ntrain A {\n  schedule: <1>\n}',
      ['cosine', 'poly'],
      ['A', 'b', 'image', 'conv'],
    ],
    ['options of losses', 'train A {\n  loss: tversky(<1>)\n}', ['alpha'], ['stride']],
    [
      'fields of train',
      'train A {\n  <1>\n}',
      ['loss', 'epochs', 'scaling', 'classes', 'ignore'],
      ['input'],
    ],
    ['words of a field', 'train A {\n  scaling: <1>\n}', ['unit', 'standard'], []],
    ['files to import', 'import a from "std<1>"', ['std/resnet', 'std/vgg'], ['conv']],
    [
      'names to import',
      'import <1> from "std/resnet"',
      ['resnet', 'basic', 'bottleneck'],
      ['vgg16'],
    ],
    [
      'parameters of a declared encoder',
      'import resnet from "std/resnet"\nmodel A {\n  encoder resnet {\n    <1>\n  }\n}',
      ['depth', 'taps', 'weights', 'freeze'],
      ['widths'],
    ],
  ])('%s', async (_, marked, expected, unwanted) => {
    const found = await labels(marked);
    expect(found).toEqual(expect.arrayContaining(expected));
    for (const label of unwanted) expect(found).not.toContain(label);
  });

  test.each([['// wha<1>'], ['import a from "std/resnet" // <1>']])(
    'nothing in %s',
    async (text) => {
      expect(await labels(text)).toEqual([]);
    },
  );
});

test('signature help: what a call takes, and which of it the cursor is at', async () => {
  const { uri, at } = open(
    'block a(c: int, by: stage = relu) = conv(c, 3, stride: <1>2) -> a(<2>3)\n',
  );
  const layer = await ask<SignatureHelp>('textDocument/signatureHelp', uri, { position: at(1) });
  expect(layer.signatures[0]!.label).toMatch(
    /^conv\(channels, kernel = 3, stride = 1, padding = same/,
  );
  expect(layer.activeParameter).toBe(2);
  const block = await ask<SignatureHelp>('textDocument/signatureHelp', uri, { position: at(2) });
  expect(block.signatures[0]!.label).toBe('block a(c: int, by: stage = relu)');
  expect(block.activeParameter).toBe(0);
});

describe('names', () => {
  const library = `encoder <1>tiny(<2>depth: int = 2) {
  <3>x = in -> conv(8, 3)
  for <4>i in range(depth) {
    let <5>width = 8 + i
    x = x -> conv(width, 3) -> relu
    names torch { x: "stage{i}.{width}" }
  }
  tap <6>s1 = x
}
`;
  const user = `import <1>tiny from "tiny"
model <2>Net {
  input image: [H, W, 3]
  encoder tiny { <3>depth: 3, taps: [<4>s1] }
  wires { <5>a = s1 -> conv(4, 3) }
  head <6>mask: a -> conv(1, 1) -> sigmoid
}
train <7>Net { loss mask: bce }
`;
  const both = () => ({ library: open(library, 'tiny.unet'), user: open(user, 'net.unet') });

  test('lead to their declarations, also in other files', async () => {
    const files = both();
    const target = async (mark: number): Promise<Location> =>
      ask<Location>('textDocument/definition', files.user.uri, { position: files.user.at(mark) });
    const place = (mark: number): object => ({
      uri: files.library.uri,
      range: { start: files.library.at(mark) },
    });
    expect(await target(1)).toMatchObject(place(1));
    expect(await target(3)).toMatchObject(place(2));
    expect(await target(4)).toMatchObject(place(6));
    expect(await target(7)).toMatchObject({ range: { start: files.user.at(2) } });
  });

  test('of the standard library lead into its files', async () => {
    const { uri, at } = open('import res<1>net from "std/resnet"\n');
    const target = await ask<Location>('textDocument/definition', uri, { position: at(1) });
    expect(readFileSync(new URL(target.uri), 'utf8')).toContain('encoder resnet');
  });

  test.each([
    ['library', 1, 2 + 1],
    ['library', 2, 2 + 1],
    ['library', 4, 3],
    ['library', 5, 3],
    ['library', 6, 2 + 1],
    ['user', 5, 2],
    ['user', 6, 2],
  ] as const)('of %s at <%i> are used in %i places', async (file, mark, places) => {
    const files = both();
    const { uri, at } = files[file];
    const found = await ask<Location[]>('textDocument/references', uri, {
      position: at(mark),
      context: { includeDeclaration: true },
    });
    expect(found).toHaveLength(places);
  });

  test('are renamed in every file, and the specs still say the same', async () => {
    const files = both();
    const edit = await ask<WorkspaceEdit>('textDocument/rename', files.user.uri, {
      position: files.user.at(4),
      newName: 'half',
    });
    const texts = [files.library, files.user].map(({ uri, document }) =>
      edited(document, edit.changes![uri] ?? []),
    );
    expect(texts[0]).toContain('tap half = x');
    expect(texts[1]).toContain('taps: [half]');
    expect(texts[1]).toContain('a = half -> conv');
    const resolve = (path: string) => ({ path, text: texts[0]! });
    expect(compileText('/net.unet', texts[1]!, { resolve }).diagnostics).toEqual([]);
  });

  test('values in braces of names are renamed, too', async () => {
    const {
      library: { uri, at, document },
    } = both();
    const edit = await ask<WorkspaceEdit>('textDocument/rename', uri, {
      position: at(5),
      newName: 'channels',
    });
    expect(edited(document, edit.changes![uri]!)).toContain('"stage{i}.{channels}"');
  });

  test.each([
    ['a word of the language', 'user', 5, 'else', /word of the language/],
    ['no name', 'user', 5, '2a', /is not a name/],
    ['a layer', 'library', 1, 'conv', /already names a layer/],
    ['a name that is taken', 'user', 5, 'image', /taken where "a" is used/],
  ] as const)('are not changed to %s', async (_, file, mark, newName, message) => {
    const { uri, at } = both()[file];
    await expect(ask('textDocument/rename', uri, { position: at(mark), newName })).rejects.toThrow(
      message,
    );
  });

  test('of the standard library cannot be changed', async () => {
    const { uri, at } = open('import <1>resnet from "std/resnet"\n');
    await expect(ask('textDocument/prepareRename', uri, { position: at(1) })).rejects.toThrow(
      /standard library/,
    );
  });

  test('are highlighted where they stand', async () => {
    const { uri, at } = open(spec);
    const found = await ask<{ kind: number }[]>('textDocument/documentHighlight', uri, {
      position: at(2),
    });
    expect(found.map(({ kind }) => kind)).toEqual([3, 2]);
  });
});

describe('structure', () => {
  test('outline', async () => {
    const { uri } = open(spec);
    const symbols = await ask<DocumentSymbol[]>('textDocument/documentSymbol', uri);
    expect(symbols.map(({ name }) => name)).toEqual([
      'model UNet',
      'block double_conv',
      'train UNet',
    ]);
    expect(symbols[0]!.children!.map(({ name }) => name)).toEqual([
      'classes',
      'base',
      'input image',
      'encoder plain',
      'skip plain',
      'decoder',
      'head mask',
    ]);
  });

  test('symbols of the project, by some of their letters', async () => {
    open(spec, 'symbols.unet');
    const found: { name: string }[] = await client.connection.sendRequest('workspace/symbol', {
      query: 'dblconv',
    });
    expect(found.map(({ name }) => name)).toContain('double_conv');
  });

  test('folding: bodies, imports, comments', async () => {
    const { uri } = open(`import a from "b"\nimport c from "d"\n\n// one\n// two\n${spec}`);
    const ranges = await ask<FoldingRange[]>('textDocument/foldingRange', uri);
    expect(ranges).toContainEqual({ startLine: 0, endLine: 1, kind: 'imports' });
    expect(ranges).toContainEqual({ startLine: 3, endLine: 5, kind: 'comment' });
    expect(ranges).toContainEqual({ startLine: 6, endLine: 18 });
  });

  test('selection grows from a name to the file', async () => {
    const { uri, at, text } = open(spec);
    const [range] = await ask<SelectionRange[]>('textDocument/selectionRange', uri, {
      positions: [at(5)],
    });
    const document = TextDocument.create(uri, 'unet', 1, text);
    const texts: string[] = [];
    for (let each: SelectionRange | undefined = range; each; each = each.parent) {
      texts.push(document.getText(each.range));
    }
    expect(texts.slice(0, 3)).toEqual([
      'stride',
      'stride: 2',
      'conv_transpose(width, 2, stride: 2)',
    ]);
    expect(texts.at(-1)).toBe(text);
  });

  test('colours by meaning, in the order of the text', async () => {
    const { uri } = open(spec);
    const { data } = await ask<{ data: number[] }>('textDocument/semanticTokens/full', uri);
    expect(data.length % 5).toBe(0);
    expect(data.length).toBeGreaterThan(100);
    for (let at = 0; at < data.length; at += 5) expect(data[at]).toBeGreaterThanOrEqual(0);
  });
});

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

test('the emitted module, or why there is none', async () => {
  const { uri } = open(spec);
  const module = await client.connection.sendRequest('unetc/emit', { uri });
  expect(module).toMatchObject({ kind: 'module', model: 'UNet', models: ['UNet'] });
  expect((module as { text: string }).text).toContain('export function buildUNet({');
  const broken = open('model A {}');
  expect(await client.connection.sendRequest('unetc/emit', { uri: broken.uri })).toEqual({
    kind: 'unavailable',
    reason: 'The spec has errors.',
  });
});

test('the picture, in the theme of the editor, or why there is none', async () => {
  const { uri } = open(spec);
  const [light, dark] = await Promise.all(
    ['light', 'dark'].map((theme) =>
      client.connection.sendRequest<{ kind: string; svg: string }>('unetc/picture', { uri, theme }),
    ),
  );
  expect(light).toMatchObject({ kind: 'picture', model: 'UNet' });
  expect(light!.svg).toMatch(/^<svg [^]*<\/svg>\n$/);
  expect(dark!.svg).not.toBe(light!.svg);
  const broken = open('model A {}');
  const none = await client.connection.sendRequest('unetc/picture', { uri: broken.uri });
  expect(none).toEqual({ kind: 'unavailable', reason: 'The spec has errors.' });
});

describe('odd files', () => {
  test('10,000 lines', async () => {
    const lines = Array.from({ length: 10_000 }, (_, at) => `block b${at}(c: int) = conv(c, 3)`);
    const { uri } = open(lines.join('\n'));
    const { diagnostics } = await client.nextDiagnostics(uri);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(await ask<unknown[]>('textDocument/documentSymbol', uri)).toBeInstanceOf(Array);
  });

  test('a binary file', async () => {
    const { uri } = open('PNG\0\u0001\u0002\ufffd\ufffd');
    const { diagnostics } = await client.nextDiagnostics(uri);
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
    const { diagnostics } = await client.nextDiagnostics(uri);
    const document = TextDocument.create(uri, 'unet', 1, text);
    expect(diagnostics.map(({ range }) => document.getText(range))).toEqual(['max_pol']);
    expect(diagnostics[0]!.range.start).toEqual(at(4));
    const { range } = await ask<Hover>('textDocument/hover', uri, { position: at(3) });
    expect(document.getText(range!)).toBe('double_conv');
  });

  test('an empty file, and positions beyond every line', async () => {
    const { uri } = open('');
    await client.nextDiagnostics(uri);
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

import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type {
  DocumentSymbol,
  FoldingRange,
  Location,
  SelectionRange,
  WorkspaceEdit,
} from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { compileText } from '../../src/compile.js';
import { edited, editorSession, spec } from './editor-session.js';

/** Names, outlines, folding, selection and colours. */
const session = editorSession('lsp-navigation');
const { ask, open } = session;

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
    const found: { name: string }[] = await session.client.connection.sendRequest(
      'workspace/symbol',
      {
        query: 'dblconv',
      },
    );
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

describe('parameters of a recipe', () => {
  const marked = `model Net(base: int = 4) {
  input image: [H, W, 1]
  wires { a = image -> conv(base, 3) }
  head mask: a -> conv(1, 1)
}
train <5>Net(<1>lr: float = 0.1, dice: float = 2) {
  optimizer: sgd(<2>lr)
  loss: <3>dice(epsilon: dice)
  schedule: poly(<4>)
}
`;

  test('are found, renamed and proposed; components are not taken for them', async () => {
    const { uri, at, document } = open(marked);
    const references = await ask<Location[]>('textDocument/references', uri, {
      position: at(1),
      context: { includeDeclaration: true },
    });
    expect(references.map(({ range }) => range.start)).toEqual([at(1), at(2)]);
    const target = await ask<Location>('textDocument/definition', uri, { position: at(2) });
    expect(target.range.start).toEqual(at(1));
    const edit = await ask<WorkspaceEdit>('textDocument/rename', uri, {
      position: at(2),
      newName: 'speed',
    });
    const renamed = edited(document, edit.changes![uri]!);
    expect(renamed).toContain('train Net(speed: float = 0.1, dice: float = 2)');
    expect(renamed).toContain('sgd(speed)');
    const hover = await ask<{ contents: { value: string } }>('textDocument/hover', uri, {
      position: at(2),
    });
    expect(hover.contents.value).toContain('parameter of "train Net"');
    const items = await ask<{ label: string; detail: string }[]>('textDocument/completion', uri, {
      position: at(4),
    });
    const labels = items.map(({ label }) => label);
    expect(labels).toContain('lr');
    expect(labels).not.toContain('base');
    const onLoss = await ask<Location[] | null>('textDocument/references', uri, {
      position: at(3),
      context: { includeDeclaration: true },
    });
    expect(onLoss ?? []).toEqual([]);
  });
});

test('a decoder is renamed with the tensors that its name begins', async () => {
  const marked = `model Net {
  input image: [H, W, 1]
  encoder plain { widths: [2, 4], stage: conv(width, 3), down: max_pool(2) }
  skip plain
  decoder <1>inner { up: nearest(2), stage: conv(width, 3) }
  decoder outer { up: nearest(2), stage: [conv(width, 3), <2>inner] -> add }
  head mask: <3>inner_d1 -> conv(1, 1)
  head edge: outer -> conv(1, 1)
}
`;
  const { uri, at, document } = open(marked, 'decoders.unet');
  const target = await ask<Location>('textDocument/definition', uri, { position: at(2) });
  expect(target.range.start).toEqual(at(1));
  const edit = await ask<WorkspaceEdit>('textDocument/rename', uri, {
    position: at(1),
    newName: 'core',
  });
  const renamed = edited(document, edit.changes![uri]!);
  expect(renamed).toContain('head mask: core_d1 ->');
  expect(renamed).toContain('[conv(width, 3), core] -> add');
  expect(compileText('decoders.unet', renamed).diagnostics).toEqual([]);
  const hover = await ask<{ contents: { value: string } }>('textDocument/hover', uri, {
    position: at(2),
  });
  expect(hover.contents.value).toContain('**decoder** `inner`');
  expect(hover.contents.value).toContain('size `H x W x 2`');
  await expect(
    ask('textDocument/rename', uri, { position: at(3), newName: 'other' }),
  ).rejects.toThrow('gets its name from its place');
});

test('an encoder is renamed with the tensors that its name begins, and so is a tap that ends one', async () => {
  const marked = `encoder <1>small() {
  tap <2>s1 = in -> conv(4)
  tap s2 = s1 -> max_pool(2) -> conv(8)
}
model Net {
  input <3>rgb: [H, W, 3]
  input depth: [H, W, 1]
  encoder <4>color: <5>rgb -> <6>small { taps: [<7>s1, s2] }
  encoder range: depth -> plain { widths: [2, 4], stage: conv(width), down: max_pool(2) }
  skip plain { merge: [skip, range, up] -> concat }
  decoder { encoder: <8>color, bottom: [color, range] -> concat -> conv(width), up: nearest(2), stage: conv(width) }
  head mask: [d1, <9>color_s1, range_e1] -> concat -> conv(1)
}
`;
  const { uri, at, document } = open(marked, 'encoders.unet');
  const target = async (mark: number): Promise<unknown> =>
    (await ask<Location>('textDocument/definition', uri, { position: at(mark) })).range.start;
  expect(await target(5)).toEqual(at(3));
  expect(await target(6)).toEqual(at(1));
  expect(await target(7)).toEqual(at(2));
  expect(await target(8)).toEqual(at(4));
  const renamed = async (mark: number, newName: string): Promise<string> => {
    const position = at(mark);
    const edit = await ask<WorkspaceEdit>('textDocument/rename', uri, { position, newName });
    return edited(document, edit.changes![uri]!);
  };
  const texts = [await renamed(4, 'tint'), await renamed(2, 'full')];
  expect(texts[0]).toContain('encoder tint: rgb -> small');
  expect(texts[0]).toContain('encoder: tint, bottom: [tint, range]');
  expect(texts[0]).toContain('[d1, tint_s1, range_e1]');
  expect(texts[1]).toContain('[d1, color_full, range_e1]');
  for (const text of texts) expect(compileText('encoders.unet', text).diagnostics).toEqual([]);
});

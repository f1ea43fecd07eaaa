import { describe, expect, test } from '@jest/globals';
import type {
  CompletionItem,
  Hover,
  InlayHint,
  SignatureHelp,
} from 'vscode-languageserver-protocol';
import { editorSession, spec, whole } from './editor-session.js';

/** What a reader is shown: hover, hints, lenses, completion, signatures. */
const session = editorSession('lsp-reading');
const { ask, open } = session;

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

import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { SourceFile } from '../../../src/diagnostics/source.js';
import { formatText } from '../../../src/parser/format/format.js';
import { codesOf, compile, messagesOf } from '../compile.js';

const tiny = `encoder tiny(c: int = 4, deep: bool = true) {
  tap s1 = in -> conv(c, 3) -> relu
  x = s1
  for i in range(2) {
    let width = 2 * c
    x = x -> max_pool(2) -> conv(width, 3)
    tap s2 = x if i == 0
  }
  tap s4 = x if deep
}
`;

const using = (encoder: string, rest = '', declaration = tiny): string =>
  `${declaration}
model Small {
  input image: [H, W, 3]
  encoder ${encoder}
  ${rest}
  head mask: conv(1, 1)
}
`;

const decoder = (widths = ''): string =>
  `skip plain { merge: [up, skip] -> concat }
  decoder { ${widths} up: nearest(2), stage: conv(width, 3) }`;

const namesOf = (text: string): readonly string[] =>
  compile(text).graph.nodes.map(({ name }) => name);

describe('encoders', () => {
  test('number what loops make, and name taps by their name', () => {
    expect(namesOf(using('tiny {}'))).toEqual([
      'image',
      'tiny/s1/conv1',
      's1',
      'tiny/x_1/max_pool1',
      'tiny/x_1',
      'tiny/x_2/max_pool1',
      'tiny/x_2',
      'mask',
    ]);
  });

  test('are the levels of a decoder, as wide as their taps', () => {
    const { unfolded, graph } = compile(using('tiny { c: 6 }', decoder()));
    expect(unfolded.levels).toEqual(['s1', 's2', 's4']);
    const widths = ['d2', 'd1'].map((name) => graph.nodes.find((n) => n.name === name)!.channels);
    expect(widths).toEqual([12, 6]);
  });

  test('may have the image, or no skip at all, for a level', () => {
    const image = compile(using('tiny { taps: [image, s2] }', decoder('widths: [5]')));
    expect(image.unfolded.wires.at(-1)!.expression).toMatchObject({ kind: 'pipeline' });
    const merge = image.graph.nodes.find(({ name }) => name === 'd1/concat1')!;
    expect(merge.inputs.map((id) => image.graph.nodes[id]!.name)).toEqual(['u1', 'image']);
    const none = compile(using('tiny { taps: [none, s2] }', decoder('widths: [5]')));
    expect(none.graph.nodes.some(({ op }) => op.kind === 'concat')).toBe(false);
  });

  test('lose what lies beyond the last tap without a word', () => {
    expect(namesOf(using('tiny { taps: [s1, s2] }', decoder()))).not.toContain('tiny/x_2');
  });

  test('of a level without a skip ask for widths', () => {
    expect(messagesOf(using('tiny { taps: [none, s2] }', decoder())).join()).toContain('widths');
  });

  test.each([
    ['tiny { taps: [s1, s8] }', 'UNET2034'],
    ['tiny { deep: false, taps: [s1, s4] }', 'UNET2034'],
    ['tiny { taps: s1 }', 'UNET3031'],
    ['tiny { taps: [s1, s1] }', 'UNET3031'],
    ['tiny { taps: [s1, none] }', 'UNET3031'],
    ['tiny { c: many }', 'UNET2001'],
    ['tiny { c: 2.5 }', 'UNET3014'],
    ['tiny { cc: 3 }', 'UNET2003'],
    ['tinny {}', 'UNET2001'],
  ])('tell what is wrong with %s', (encoder, code) => {
    expect(codesOf(using(encoder, decoder()))).toEqual([code]);
  });

  test('warn of a tap that is picked and not used', () => {
    const wires = 'wires { a = s2 -> relu }';
    expect(codesOf(using('tiny { taps: [s1, s2] }', wires))).toEqual(['UNET5001']);
    expect(codesOf(using('tiny {}', wires))).toEqual([]);
  });
});

describe('loops', () => {
  const block = (body: string): string =>
    `block many(c: int) {\n${body}\n}\nmodel Small {\n  input image: [H, W, 3]\n  wires { a = image -> many(4) }\n  head mask: a -> conv(1, 1)\n}\n`;

  test('run inside blocks, over lists of lists', () => {
    const text = block(
      'h = in\nfor [w, k] in [[1, 1], [2, 3]] { h = h -> conv(w * c, k) }\nout = h -> relu',
    );
    const convs = compile(text).graph.nodes.flatMap(({ op }) =>
      op.kind === 'conv' ? [[op.channels, op.kernel[0]]] : [],
    );
    expect(convs).toEqual([
      [4, 1],
      [8, 3],
      [1, 1],
    ]);
  });

  test.each([
    ['for i in 3 { h = in }', 'UNET3030'],
    ['for [a, b] in [[1, 2], [3]] { h = in }', 'UNET3030'],
    ['for i in range(0.5) { h = in }', 'UNET3012'],
  ])('tell what is wrong with %s', (loop, code) => {
    expect(codesOf(block(`c2 = in -> conv(c)\n${loop}\nout = c2`))[0]).toBe(code);
  });

  test('end at the limit of the graph, however deep they are nested', () => {
    const nested = 'for i in range(1000) { for j in range(1000) { for k in range(1000) { } } }';
    const text = block(`h = in -> conv(c)\n${nested}\nout = h`);
    // A thousand million rounds would not end within the time of a test.
    expect(codesOf(text)).toEqual(['UNET2007']);
  });

  test('stand in no model', () => {
    const text =
      'model Small {\n  input image: [H, W, 3]\n  wires { for i in range(2) { a = image } }\n  head mask: conv(1, 1)\n}\n';
    expect(compileText('a.unet', text).diagnostics.map(({ code }) => code)).toContain('UNET2021');
  });
});

test('the words of headers are names elsewhere', () => {
  const text =
    'model Small {\n  input image: [H, W, 3]\n  wires {\n    for = image -> relu\n    from = for -> relu\n    import = from -> relu\n  }\n  head mask: import -> conv(1, 1)\n}\n';
  expect(codesOf(text)).toEqual([]);
});

test('imports and loops have one layout, with their comments', () => {
  const text = `// first
import   a,b from "x" // why
import c from "y"
block d() {
  h = in
  // each
  for [ x,y ] in [[1,2]] { h = h -> conv(x, y) } // once
  out = h }
`;
  const { value } = formatText(new SourceFile('a.unet', text));
  expect(value).toBe(`// first
import a, b from "x" // why
import c from "y"

block d() {
  h = in
  // each
  for [x, y] in [[1, 2]] { h = h -> conv(x, y) } // once
  out = h
}
`);
  expect(formatText(new SourceFile('a.unet', value)).value).toBe(value);
});

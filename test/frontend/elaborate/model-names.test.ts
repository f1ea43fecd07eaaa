import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { expandText } from '../../../src/expand-text.js';
import { SourceFile } from '../../../src/diagnostics/source.js';

const blocks = `
block unit(c: int) {
  out = in -> conv(c, 3, bias: false) -> batch_norm -> relu
  names lib { out: ["c", "n"] }
}
`;
const plain = (names: string): string => `${blocks}
model Named(base: int = 4) {
  input image: [H, W, 3]
  encoder plain { widths: base * [1, 2], stage: unit(width), down: max_pool(2) }
  skip plain { merge: [skip, up] -> concat }
  decoder { up: conv_transpose(width, 2, stride: 2), stage: unit(width) }
  head mask: conv(1, 1)
  ${names}
}
`;
const declared = (names: string): string => `${blocks}
encoder net() {
  tap s1 = in -> conv(4, 3)
  tap s2 = s1 -> max_pool(2) -> conv(8, 3)
  names torch { s1: "stem", s2: "deep" }
}
model Named {
  input image: [H, W, 3]
  encoder net {}
  skip plain { merge: [skip, up] -> concat }
  decoder { up: nearest(2), stage: unit(width) }
  head mask: conv(1, 1)
  ${names}
}
`;

function compile(text: string) {
  const { models, diagnostics } = compileText('names.unet', text);
  const all = models[0]?.modelNames ?? [];
  return {
    names: all.map(({ family, encoders, names }) => ({
      ...{ family, encoder: encoders.get('net') },
      names: Object.fromEntries(names),
    })),
    reported: diagnostics.map(({ message }) => message),
  };
}

test('tensors of schemes and heads have names, those of blocks behind them', () => {
  const names = 'names lib { e1: "in.", e2: "down{base}.", u1: "up", d1: "out.", mask: "head" }';
  expect(compile(plain(names))).toEqual({
    reported: [],
    names: [
      {
        family: 'lib',
        encoder: undefined,
        names: {
          'e1/conv1': 'in.c',
          'e1/batch_norm1': 'in.n',
          'e2/conv1': 'down4.c',
          'e2/batch_norm1': 'down4.n',
          u1: 'up',
          'd1/conv1': 'out.c',
          'd1/batch_norm1': 'out.n',
          mask: 'head',
        },
      },
    ],
  });
});

test('the encoder is called by its name, and its own names are not among those of the model', () => {
  const names = 'names lib { net: "encoder.", d1: "out.", mask: "head" }';
  expect(compile(declared(names)).names).toEqual([
    {
      family: 'lib',
      encoder: 'encoder.',
      names: { 'd1/conv1': 'out.c', 'd1/batch_norm1': 'out.n', mask: 'head' },
    },
  ]);
});

test('several sections are of several families, or of one', () => {
  const names = 'names lib { e1: "in." }\n names lib { u1: "up" }\n names keras { mask: "head" }';
  expect(compile(plain(names)).names).toMatchObject([
    { family: 'lib', names: { 'e1/conv1': 'in.c', u1: 'up' } },
    { family: 'keras', names: { mask: 'head' } },
  ]);
});

test('schemes written out as wires keep their names', () => {
  const text = plain('names lib { e1: "in.", u1: "up", d1: "out.", mask: "head" }');
  const { models } = compileText('names.unet', text);
  const expanded = expandText(new SourceFile('names.unet', text), models[0]!);
  expect(compile(expanded)).toEqual(compile(text));
});

describe('mistakes', () => {
  test.each([
    ['no family', 'names { e1: "in." }', /"names" has no name/],
    ['an unknown tensor', 'names lib { e9: "in." }', /Unknown field "e9" in "names lib"/],
    ['too many', 'names lib { u1: ["a", "b"] }', /"u1" has 1 operation to name; found 2 names/],
    ['no text', 'names lib { u1: 3 }', /is a string such as/],
    ['a tensor without weights', 'names lib { image: "in" }', /Unknown field "image"/],
  ])('%s', (_, names, message) => {
    const { reported } = compile(plain(names));
    expect(reported).toHaveLength(1);
    expect(reported[0]).toMatch(message);
  });

  test('several names for an encoder', () => {
    const { reported } = compile(declared('names lib { net: ["a", "b"] }'));
    expect(reported).toEqual(['The line "net" has 1 operation to name; found 2 names.']);
  });

  test('a network that is broken says nothing of its names', () => {
    const text = plain('names lib { d9: "x" }').replace('unit(width), down', 'unt(width), down');
    expect(compile(text).reported).toEqual([expect.stringContaining('"unt"')]);
  });
});

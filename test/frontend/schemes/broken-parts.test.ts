import { describe, expect, test } from '@jest/globals';
import { codesOf, diagnose } from '../compile.js';

/** What is wrong outside of a model is told where it stands, and leaves no half network behind. */
test('a head on a tensor of a broken block has no recipe', () => {
  expect(
    codesOf(`model M {
  input image: [H, W, 2]
  encoder plain { widths: [1, 2], stage: relu, down: max_pool(2) }
  skip plain
  decoder { up: nearest(2), stage: broken }
  head mask: conv(1, 1) { supervise: [e1] }
}
block broken { }
`),
  ).toEqual(['UNET2015']);
});

test('skips that nothing comes up to offer no alignment', () => {
  expect(
    codesOf(`model M {
  input image: [H, W, 2]
  encoder plain { widths: [4, 5], stage: conv(width, 3), down: max_pool(2) }
  skip plain
  decoder { up: identity, stage: conv(width, 3, padding: valid) }
  head mask: conv(1, 1)
}
`),
  ).toEqual(['UNET4001']);
});

test('a chain of additions behind a global pool takes no time', () => {
  const wires = Array.from(
    { length: 60 },
    (_, index) => `r${index + 1} = [r${index}, (r${index} -> conv(2, 1))] -> add`,
  );
  expect(
    codesOf(`model M {
  input image: [H, W, 2]
  wires {
    r0 = image -> global_avg_pool
    ${wires.join('\n    ')}
  }
  head mask: conv(1, 1)
}
`),
  ).toEqual([]);
});

test('taps of an unknown encoder that are called like tensors of a decoder stand once', () => {
  expect(
    codesOf(`model M {
  input image: [H, W, 3]
  encoder unheard_of { taps: [s4, d3, s16, d3] }
  skip plain
  decoder { up: nearest(2), stage: conv(width, 3) }
  head mask: conv(1, 1)
}
`),
  ).toEqual(['UNET2001']);
});

test.each(['(..image -> relu)', '(.image)', '.image.height', '(* image)'])(
  '%s has one error, at a place that does not end before it starts',
  (value) => {
    const found = diagnose(`model M {
  input image: [H, W, 2]
  wires { a = ${value} }
  head mask: a -> conv(1, 1)
}
`);
    expect(found.map(({ code }) => code)).toEqual(['UNET1006']);
    for (const { span } of found) expect(span.start).toBeLessThanOrEqual(span.end);
  },
);

describe('tensors of a part that could not be made', () => {
  const model = (parts: string): string => `model M {\ninput image: [H, W, 3]\n${parts}\n}\n`;

  test.each([
    [
      'of an encoder that nobody declares, whatever they are called',
      model(`encoder unheard_of
  wires {
    up = low -> conv(low.channels, 1) -> resize_to(fine)
    d = [fine, up] -> concat -> (relu if low.channels > 3)
  }
  head mask: d -> conv(1, 1) { supervise: [d, fine] }
  head coarse: low -> conv(1, 1)`),
      ['UNET2001'],
    ],
    [
      'of a decoder with columns',
      model(`encoder plain { widths: [4, 8.5, 16], stage: conv(width, 3), down: max_pool(2) }
  skip nested
  decoder { up: nearest(2), stage: conv(width, 3) }
  wires { d = [x1_1, x1_2 -> relu] -> concat }
  head mask: d -> conv(1, 1)`),
      ['UNET3019'],
    ],
    [
      'of an input without a name',
      'model M {\ninput: [H, W, 3]\nwires { d = picture -> conv(4) }\nhead mask: d -> conv(1, 1)\n}\n',
      ['UNET2009'],
    ],
  ])('%s are no mistakes', (_, text, codes) => expect(codesOf(text)).toEqual(codes));

  test('hide no word that can be none of them', () => {
    const text = model(`encoder unheard_of
  wires { d = low -> rellu -> blok(3) -> conv(4, padding: sane) }
  head mask: d -> conv(1, 1)`);
    const words = diagnose(text).map(({ span }) => text.slice(span.start, span.end));
    expect(words).toEqual(['unheard_of', 'rellu', 'blok', 'sane']);
  });
});

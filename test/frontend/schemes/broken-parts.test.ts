import { expect, test } from '@jest/globals';
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

import { expect, test } from '@jest/globals';
import { codesOf } from './compile.js';

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

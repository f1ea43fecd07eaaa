import { describe, expect, test } from '@jest/globals';
import { compile, messagesOf, nodeOf } from '../compile.js';

/** A network of three levels. */
const network = (skip: string, decoder: string, up = 'nearest(2)'): string => `
model Test {
  input image: [H, W, 1]
  encoder plain { widths: [2, 3, 4], stage: conv(width), down: max_pool(2) }
  skip ${skip}
  decoder { up: ${up}, ${decoder} }
  head mask: conv(1, 1)
}
`;
const beside = `
block beside(other: tensor) {
  out = [in, other -> conv(in.channels, 1)] -> add
}
`;

const channelsOf = (text: string, name: string): number =>
  nodeOf(compile(text).graph, name).channels;

/** The names of what an operation reads. */
function inputsOf(text: string, name: string): readonly string[] {
  const { graph } = compile(text);
  return nodeOf(graph, name).inputs.map((id) => graph.nodes[id]!.name);
}

describe('the stage of a decoder', () => {
  test('knows the channels of what meets', () => {
    const text = network('plain', 'stage: conv(10 * skip.channels + up.channels)');
    expect([channelsOf(text, 'd2'), channelsOf(text, 'd1')]).toEqual([34, 54]);
  });

  test('knows the tensors as they met: aligned', () => {
    const stage = 'stage: conv(width, 3) -> beside(skip)';
    const plain = network('plain', stage) + beside;
    expect(inputsOf(plain, 'd1')).toEqual(['d1/conv1', 'd1/conv2']);
    expect(inputsOf(plain, 'd1/conv2')).toEqual(['e1']);
    const cropped = network('plain { align: crop(rounding: floor) }', stage) + beside;
    expect(inputsOf(cropped, 'd1/conv2')).toEqual(['a1']);
    const padded = network('plain { align: pad }', 'stage: conv(width, 3) -> beside(up)') + beside;
    expect(inputsOf(padded, 'd1/conv2')).toEqual(['a1']);
  });

  test('knows them without a merge', () => {
    const text = network('none', 'stage: conv(skip.channels + up.channels)');
    expect(channelsOf(text, 'd1')).toBe(2 + 5 + 2);
  });

  test('has no skip on a level without one', () => {
    const text = `
model Test {
  input image: [H, W, 1]
  encoder small { taps: [none, s2, s4] }
  skip plain
  decoder { widths: [2, 4], up: nearest(2), stage: conv(skip.channels) }
  head mask: conv(1, 1)
}
encoder small() {
  tap s2 = in -> conv(4, stride: 2)
  tap s4 = s2 -> conv(4, stride: 2)
}
`;
    expect(messagesOf(text)).toEqual([
      'UNET3012: "channels" takes one tensor before the dot, found the unknown name "skip".',
    ]);
  });
});

test('steps and branches of full_scale know the skip of their own level', () => {
  const text = network(
    'full_scale { down: conv(skip.channels, 2, stride: factor), branch: conv(7 * skip.channels) }',
    'stage: conv(width)',
    'nearest(factor)',
  );
  expect(channelsOf(text, 'b2_e1/conv1')).toBe(3);
  expect(channelsOf(text, 'b2_e1')).toBe(21);
  expect(channelsOf(text, 'b1_d2')).toBe(14);
});

test('the nodes of a level have the widths of their columns', () => {
  const widths = 'widths: [5 if column == 2 else 6, 7 * column], stage: conv(width)';
  const text = network('nested', widths);
  expect(['x1_1', 'x2_1', 'x1_2'].map((name) => channelsOf(text, name))).toEqual([6, 7, 5]);
  expect(messagesOf(network('nested', 'widths: [5, column - 1], stage: conv(width)'))).toEqual([
    'UNET3019: "widths" of "decoder" takes a list of 2 widths, one a level from the top, each a whole number from 1 to 65536, found 0 as width 2.',
  ]);
  expect(messagesOf(network('plain', 'widths: [5, column], stage: conv(width)'))).toEqual([
    'UNET2001: Unknown name "column"; expected a width.',
  ]);
});

test('a merge may list the skips the last first', () => {
  const listed = network('nested { merge: [up, reverse(skips)] -> concat }', 'stage: conv(width)');
  expect(inputsOf(listed, 'x1_2/concat1')).toEqual(['u1_2', 'x1_1', 'e1']);
  const first = 'nested { merge: [reverse(skips) -> concat, up] -> concat }';
  expect(inputsOf(network(first, 'stage: conv(width)'), 'x1_2/concat1')).toEqual(['x1_1', 'e1']);
});

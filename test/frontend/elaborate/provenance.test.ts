import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../../src/compile.js';
import { describeProvenance } from '../../../src/ir/provenance.js';

/** What each tensor with a name is, by its name. */
function tensorsOf(text: string): Readonly<Record<string, string>> {
  const { models, diagnostics } = compileText('a.unet', text);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  const { nodes } = models[0]!.graph;
  return Object.fromEntries(
    nodes.map(({ tensor }) => [tensor.name, describeProvenance(tensor.madeBy)]),
  );
}

const model = (skip: string, decoder: string, more = ''): string => `model A {
  input image: [H, W, 1]
  encoder plain {
    widths: [2, 4, 8]
    stage: conv(width, 3) -> relu
    down: max_pool(2)
  }
  ${skip}
  decoder { ${decoder} stage: conv(width, 3) -> relu }
  ${more}
  head mask: conv(1, 1) -> sigmoid
}`;

describe('nodes know what made them', () => {
  test('plain, with an alignment that needs a name', () => {
    const skip = 'skip plain { align: pad merge: [skip, up, up] -> concat }';
    expect(tensorsOf(model(skip, 'up: conv_transpose(width, 2, stride: 2)'))).toEqual({
      image: 'input',
      e1: 'encoder level 1',
      e2: 'encoder level 2',
      e3: 'encoder level 3',
      u2: 'up-sampling to level 2',
      a2: 'aligned up of level 2',
      d2: 'decoder level 2',
      u1: 'up-sampling to level 1',
      a1: 'aligned up of level 1',
      d1: 'decoder level 1',
      mask: 'head',
    });
  });

  test('nested, and a line of the spec behind it', () => {
    const wires = 'wires { d1 = x1_2 -> conv(2, 3) -> relu }';
    expect(tensorsOf(model('skip nested', 'up: bilinear(2)', wires))).toMatchObject({
      u1_1: 'up-sampling to level 1',
      x1_1: 'decoder level 1',
      x2_1: 'decoder level 2',
      x1_2: 'decoder level 1',
      d1: 'wire',
    });
  });

  test('full-scale', () => {
    const skip = `skip full_scale {
      branch: conv(4, 3) -> relu
      down: max_pool(factor)
    }`;
    expect(tensorsOf(model(skip, 'up: bilinear(factor),'))).toMatchObject({
      b1_e1: 'branch of level 1',
      b1_d2: 'up-sampling to level 1',
      b2_e1: 'branch of level 2',
      d1: 'decoder level 1',
    });
  });

  test('a declared encoder: taps and lines', () => {
    const text = `encoder tiny() {
      x = in -> conv(2, 3) -> relu
      tap s1 = x -> conv(2, 3)
      tap s2 = s1 -> max_pool(2) -> conv(2, 3)
    }
    model A {
      input image: [H, W, 1]
      encoder tiny
      head mask: conv(1, 1) -> bilinear(2)
    }`;
    expect(tensorsOf(text)).toEqual({
      image: 'input',
      'tiny/x': 'line of the encoder',
      s1: 'tap',
      s2: 'tap',
      mask: 'head',
    });
  });
});

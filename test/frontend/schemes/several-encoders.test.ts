import { describe, expect, test } from '@jest/globals';
import { expandText } from '../../../src/expand-text.js';
import { compileText } from '../../../src/compile.js';
import { codesOf, compile, messagesOf, nodeOf } from '../compile.js';

const inputs = 'input rgb: [H, W, 3]\n  input depth: [H, W, 1]';
const plain = (widths = '[2, 3, 4]'): string =>
  `plain { widths: ${widths}, stage: conv(width), down: max_pool(2) }`;
const encoders = `encoder color: rgb -> ${plain()}\n  encoder range: depth -> ${plain('[5, 6, 7]')}`;
const decoder = `decoder {
    encoder: color
    bottom: [color, range] -> concat -> conv(width)
    up: nearest(2)
    stage: conv(width)
  }`;
const model = (...parts: readonly string[]): string =>
  `model Test {\n  ${parts.join('\n  ')}\n  head mask: conv(1, 1)\n}\n`;
const fused = model(inputs, encoders, 'skip plain { merge: [skip, range, up] -> concat }', decoder);

function inputsOf(text: string, name: string): readonly string[] {
  const { graph } = compile(text);
  return nodeOf(graph, name).inputs.map((id) => graph.nodes[id]!.name);
}

describe('encoders with names', () => {
  test('run on the inputs that they name, and put their names before those of their tensors', () => {
    expect(compile(fused).graph.inputs.map(({ name }) => name)).toEqual(['rgb', 'depth']);
    expect(inputsOf(fused, 'color_e1')).toEqual(['rgb']);
    expect(inputsOf(fused, 'range_e1')).toEqual(['depth']);
  });

  test('stand in slots for their tensors on the level', () => {
    expect(inputsOf(fused, 'd2/concat1')).toEqual(['color_e2', 'range_e2', 'u2']);
    expect(inputsOf(fused, 'd3/concat1')).toEqual(['color_e3', 'range_e3']);
    expect(inputsOf(fused, 'u2')).toEqual(['d3']);
  });

  test('are known to those below them', () => {
    const adds = `encoder range: depth -> ${plain()}
  encoder color: rgb -> plain { widths: [2, 3, 4], stage: [conv(width), range] -> add, down: max_pool(2) }`;
    const text = model(
      inputs,
      adds,
      'skip plain',
      'decoder { encoder: color, up: nearest(2), stage: conv(width) }',
    );
    expect(inputsOf(text, 'color_e2')).toEqual(['color_e2/conv1', 'range_e2']);
  });

  test('may be declared, twice the same', () => {
    const small = `
encoder small(c: int = 2) {
  tap s1 = in -> conv(c)
  h = s1 -> max_pool(2)
  tap s2 = h -> conv(2 * c)
}
`;
    const both = `encoder color: rgb -> small { c: 4 }\n  encoder range: depth -> small {}`;
    const text =
      model(inputs, both, 'skip plain { merge: [skip, range, up] -> concat }', decoder) + small;
    const { graph, encoderFiles } = compile(text);
    expect(graph.nodes.map(({ name }) => name).slice(2, 8)).toEqual([
      'color_s1',
      'color/h',
      'color_s2',
      'range_s1',
      'range/h',
      'range_s2',
    ]);
    expect(graph.encoders.map(({ called, name }) => [called, name])).toEqual([
      ['color', 'small'],
      ['range', 'small'],
    ]);
    expect(encoderFiles?.encoder).toBe('color');
    const wires = model(inputs, both, 'wires { a = [color_s1, range_s1] -> concat -> conv(2) }');
    expect(inputsOf(wires + small, 'a/concat1')).toEqual(['color_s1', 'range_s1']);
  });

  test('may have one input, with its name or without', () => {
    const one = (value: string): string =>
      model(
        'input image: [H, W, 1]',
        `encoder way: ${value} ${plain().slice(6)}`,
        'skip plain',
        'decoder { up: nearest(2), stage: conv(width) }',
      );
    expect(inputsOf(one('plain'), 'way_e1')).toEqual(['image']);
    expect(inputsOf(one('image -> plain'), 'd1/concat1')).toEqual(['way_e1', 'u1']);
  });

  test('are written out as wires, and what is declared stays', () => {
    const compilation = compileText('test.unet', fused);
    const text = expandText(compilation.source, compilation.models[0]!);
    expect(text).not.toContain('encoder');
    expect(compile(text).graph.nodes.map(({ name }) => name)).toEqual(
      compile(fused).graph.nodes.map(({ name }) => name),
    );
  });
});

test('the lowest level of a decoder is a tensor of its own where it says what is done there', () => {
  const one = (skip: string): string =>
    model(
      'input image: [H, W, 1]',
      `encoder ${plain()}`,
      skip,
      'decoder { bottom: conv(9, 3), up: nearest(2), stage: conv(width) }',
    );
  expect(inputsOf(one('skip plain'), 'u2')).toEqual(['d3']);
  expect(nodeOf(compile(one('skip plain')).graph, 'd3').channels).toBe(9);
  expect(inputsOf(one('skip nested'), 'u2_1')).toEqual(['x3_0']);
});

describe('mistakes', () => {
  const skip = 'skip plain { merge: [skip, range, up] -> concat }';

  test('inputs of several sizes', () => {
    const text = model('input rgb: [H, W, 3]\n  input depth: [H, V, 1]', encoders, skip, decoder);
    expect(messagesOf(text)).toEqual([
      'UNET2234: Input "depth" is H x V and input "rgb" is H x W; expected one height and one width for all inputs.',
    ]);
  });

  test('an encoder that says not what it runs on', () => {
    const unsaid = `encoder color: ${plain()}\n  encoder range: depth -> ${plain()}`;
    expect(messagesOf(model(inputs, unsaid, skip, decoder))).toEqual([
      'UNET2232: Encoder "color" runs on no input; expected one of "rgb", "depth", as in "encoder color: rgb -> resnet".',
    ]);
    const wrong = encoders.replace('depth ->', 'dept ->');
    expect(codesOf(model(inputs, wrong, skip, decoder))).toEqual(['UNET2001']);
    const chain = encoders.replace('depth ->', 'depth -> relu ->');
    expect(codesOf(model(inputs, chain, skip, decoder))).toEqual(['UNET2231']);
  });

  test('a decoder that says not on which encoder it stands', () => {
    const open = decoder.replace('encoder: color\n', '');
    expect(codesOf(model(inputs, encoders, skip, open))).toEqual(['UNET2233']);
    const wrong = decoder.replace('encoder: color', 'encoder: colour');
    expect(codesOf(model(inputs, encoders, skip, wrong))).toEqual(['UNET2233']);
  });

  test('an input that nothing reads is told', () => {
    const unread = model(
      inputs,
      `encoder color: rgb -> ${plain()}`,
      'skip plain',
      'decoder { up: nearest(2), stage: conv(width) }',
    );
    expect(messagesOf(unread)).toEqual([
      'UNET2236: Input "depth" reaches no head; expected that every input is used.',
    ]);
  });
});

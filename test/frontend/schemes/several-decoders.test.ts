import { describe, expect, test } from '@jest/globals';
import { applyFix } from '../../diagnostics/apply-fix.js';
import { codesOf, compile, diagnose, messagesOf, nodeOf } from '../compile.js';

/** A network of three levels with the given decoders and heads. */
const network = (parts: string, skip = 'skip plain'): string => `model Test {
  input image: [H, W, 1]
  encoder plain { widths: [2, 3, 4], stage: conv(width), down: max_pool(2) }
  ${skip}
  ${parts}
}
`;
const way = '{ up: nearest(2), stage: conv(width) }';
const two = `decoder one ${way}\n  decoder two ${way}`;
const heads = 'head a: one -> conv(1, 1)\n  head b: two -> conv(1, 1)';

const wiresOf = (text: string): readonly string[] =>
  compile(text).unfolded.wires.map(({ name }) => name);

function inputsOf(text: string, name: string): readonly string[] {
  const { graph } = compile(text);
  return nodeOf(graph, name).inputs.map((id) => graph.nodes[id]!.name);
}

describe('decoders with names', () => {
  test('put them before the names of their tensors', () => {
    const own = ['u2', 'd2', 'u1', 'd1'];
    expect(wiresOf(network(`${two}\n  ${heads}`))).toEqual([
      ...['e1', 'e2', 'e3'],
      ...own.map((name) => `one_${name}`),
      ...own.map((name) => `two_${name}`),
    ]);
  });

  test('stand beside one without, whose names stay', () => {
    const parts = `decoder ${way}\n  decoder two ${way}\n  head a: d1 -> conv(1, 1)\n  head b: two -> conv(1, 1)`;
    expect(wiresOf(network(parts)).slice(3)).toEqual(
      expect.arrayContaining(['d2', 'd1', 'two_d2', 'two_d1']),
    );
    const alone = `decoder one ${way}\n  head a: conv(1, 1)`;
    expect(inputsOf(network(alone), 'a')).toEqual(['one_d1']);
  });

  test('have skips of their own, or those of the model', () => {
    const nested = `decoder two { skip nested { earlier: last }, up: nearest(2), stage: conv(width) }`;
    const text = network(`decoder one ${way}\n  ${nested}\n  ${heads}`);
    expect(compile(text).unfolded.lattice.map(({ name, decoder }) => [name, decoder])).toEqual([
      ['one_d2', 'one'],
      ['one_d1', 'one'],
      ['two_x1_1', 'two'],
      ['two_x2_1', 'two'],
      ['two_x1_2', 'two'],
    ]);
    expect(inputsOf(text, 'two_x1_2/concat1')).toEqual(['two_x1_1', 'two_u1_2']);
    expect(inputsOf(text, 'b')).toEqual(['two_x1_2']);
    const full = `decoder two {
    skip full_scale { down: max_pool(factor), branch: conv(2) }
    up: bilinear(factor), stage: conv(width) }`;
    const wires = wiresOf(network(`${full}\n  head b: two -> conv(1, 1)`, ''));
    expect(wires).toContain('two_b2_e1');
    expect(wires).toContain('two_b1_d2');
  });

  test('are known by their names in later slots, wires and heads', () => {
    const text = network(`decoder one ${way}
  decoder two { skip plain { merge: [skip, up, one] -> concat }, up: nearest(2), stage: conv(one.channels + 1) }
  wires { both = [one, two -> conv(2)] -> add }
  head a: both -> conv(1, 1)
  head b: one -> conv(1, 1) { supervise: [one, one_d2] }`);
    expect(inputsOf(text, 'two_d2/concat1')).toEqual(['e2', 'two_u2', 'one_d2']);
    expect(nodeOf(compile(text).graph, 'two_d1').channels).toBe(3);
    expect(inputsOf(text, 'both')[0]).toBe('one_d1');
    expect(inputsOf(text, 'b_one_d2')).toEqual(['one_d2']);
  });

  test('supervise their own nodes', () => {
    const parts = `${two}\n  head a: one -> conv(1, 1) { supervise: all }\n  head b: two -> conv(1, 1)`;
    expect(compile(network(parts)).graph.outputs.map(({ name }) => name)).toEqual([
      'a',
      'a_one_d2',
      'b',
    ]);
  });
});

describe('mistakes', () => {
  test('a head must say which decoder it reads', () => {
    const text = network(`${two}\n  head a: conv(1, 1)\n  head b: two -> conv(1, 1)`);
    const [problem, ...others] = diagnose(text);
    expect(others).toEqual([]);
    expect(problem!.code).toBe('UNET2230');
    const [fix] = problem!.fixes;
    expect(codesOf(applyFix(text, fix!))).toEqual([]);
  });

  test('names are given once', () => {
    const twice = `decoder one ${way}\n  decoder one ${way}\n  head a: one -> conv(1, 1)`;
    expect(messagesOf(network(twice))).toEqual(['UNET2004: The decoder "one" is declared twice.']);
    const head = `${two}\n  head one: one -> conv(1, 1)\n  head b: two -> conv(1, 1)`;
    expect(messagesOf(network(head))).toEqual(['UNET2004: The tensor "one" is declared twice.']);
    const skips = `decoder one { skip plain\n skip none\n up: nearest(2), stage: conv(width) }\n head a: one -> conv(1, 1)`;
    expect(codesOf(network(skips, ''))).toEqual(['UNET2004']);
  });

  test('skips that no decoder takes are told', () => {
    const parts = `decoder one { skip none\n up: nearest(2), stage: conv(width) }\n  head a: one -> conv(1, 1)`;
    expect(messagesOf(network(parts))).toEqual(['UNET5006: "skip" of the model is never used.']);
    expect(codesOf(network(`${two}\n  ${heads}`, ''))).toEqual(['UNET2008']);
  });

  test('sizes are repaired by the skips of the decoder that fails', () => {
    const text = network(
      `decoder one { skip plain { align: pad }, up: nearest(2), stage: conv(width) }
  decoder two { skip plain, up: nearest(2), stage: conv(width) }
  ${heads}`,
      '',
    ).replace('[H, W, 1]', '[10, 10, 1]');
    const fix = diagnose(text)[0]!.fixes.find(({ title }) => title.includes('align: pad'))!;
    const fixed = applyFix(text, fix);
    expect(fixed).toContain(
      'skip plain { align: pad }, up: nearest(2), stage: conv(width) }\n  head',
    );
    expect(codesOf(fixed)).toEqual([]);
  });
});

import { describe, expect, test } from '@jest/globals';
import { codesOf, compile, messagesOf, modelOf } from '../compile.js';

/** A network of four levels with the given skips and head. */
const network = (skip: string, head: string, parameters = ''): string => `
model Test${parameters} {
  input image: [H, W, 1]
  encoder plain { widths: [2, 3, 4, 5], stage: conv(width), down: max_pool(2) }
  skip ${skip}
  decoder { up: nearest(factor), stage: conv(width) }
  head ${head}
}
`;
const fullScale = 'full_scale { branch: conv(2), down: max_pool(factor) }';

const heads = (text: string, set = {}): unknown =>
  compile(text, set).graph.heads.map(({ name, outputs }) => [name, ...outputs]);

/** What each output is made from, by name. */
function sourcesOf(text: string): Readonly<Record<string, string>> {
  const { graph } = compile(text);
  return Object.fromEntries(
    graph.outputs.map(({ name, node }) => {
      const { inputs } = graph.nodes[node]!;
      return [name, graph.nodes[inputs[0]!]!.name];
    }),
  );
}

describe('supervise: all', () => {
  test.each([
    ['plain', ['mask', 'mask_d2', 'mask_d3']],
    ['nested', ['mask_x1_1', 'mask_x1_2', 'mask']],
    [fullScale, ['mask', 'mask_d2', 'mask_d3', 'mask_e4']],
  ])('%s', (skip, outputs) => {
    const text = network(
      `${skip}${skip === fullScale ? '' : ' {}'}`,
      'mask: conv(1, 1) { supervise: all }',
    );
    expect(heads(text)).toEqual([['mask', ...outputs]]);
    const [head] = compile(text).graph.heads;
    expect(head!.weights).toEqual(outputs.map(() => 1 / outputs.length));
    expect(head!.prediction).toBe('main');
  });

  test('runs the same pipeline from every node', () => {
    const text = network('nested {}', 'mask: conv(1, 1) { supervise: all }');
    expect(sourcesOf(text)).toEqual({ mask_x1_1: 'x1_1', mask_x1_2: 'x1_2', mask: 'x1_3' });
  });

  test('needs a scheme', () => {
    const text = modelOf('a = image -> conv(4)', 'conv(1, 1) { supervise: all }');
    expect(messagesOf(text)).toEqual([
      'UNET3003: "supervise" of "head" takes a list of tensors, found "all".',
    ]);
  });
});

describe('a list of tensors', () => {
  const wires = 'a = image -> conv(4)\nb = a -> conv(4)\nc = b -> conv(4)';

  test('gives an output each, in its order', () => {
    const text = modelOf(wires, 'conv(1, 1) { supervise: [c, a] }');
    expect(heads(text)).toEqual([['mask', 'mask', 'mask_a']]);
  });

  test('ends with the main output where it leaves that out', () => {
    const text = modelOf(wires, 'b -> conv(1, 1) { supervise: [c, a, a] }');
    expect(heads(text)).toEqual([['mask', 'mask_c', 'mask_a', 'mask']]);
  });

  test('may hang on a parameter', () => {
    const text = network(
      'nested {}',
      'mask: conv(1, 1) { supervise: all if deep else none }',
      '(deep: bool = true)',
    );
    expect(heads(text)).toEqual([['mask', 'mask_x1_1', 'mask_x1_2', 'mask']]);
    expect(heads(text, { deep: 'false' })).toEqual([['mask', 'mask']]);
  });

  test.each([
    ['supervise: [z]', 'UNET2001'],
    ['supervise: some', 'UNET3003'],
    ['supervise: [a, 2]', 'UNET3003'],
    ['supervise: [a], weights: [1]', 'UNET3003'],
    ['supervise: [a], weights: [1, 0]', 'UNET3003'],
    ['predict: best', 'UNET3003'],
    ['watch: all', 'UNET2003'],
    ['when: 3', 'UNET3010'],
  ])('%s is told', (fields, code) => {
    expect(codesOf(modelOf(wires, `conv(1, 1) { ${fields} }`))).toEqual([code]);
  });

  test('the name of an output must be free', () => {
    const text = modelOf(`${wires}\nmask_a = c -> conv(4)`, 'c -> conv(1, 1) { supervise: [a] }');
    expect(codesOf(text)).toEqual(['UNET2004']);
  });
});

describe('weights', () => {
  const head = (weights: string): unknown =>
    compile(
      modelOf(
        'a = image -> conv(4)\nb = a -> conv(4)',
        `conv(1, 1) { supervise: [a, b], weights: ${weights} }`,
      ),
    ).graph.heads[0]!.weights;

  test('are parts of one', () => {
    expect(head('equal')).toEqual([0.5, 0.5]);
    expect(head('[1, 3]')).toEqual([0.25, 0.75]);
  });
});

describe('heads', () => {
  test('exist when their condition holds', () => {
    const text = network(
      'plain {}',
      'mask: conv(1, 1)\nhead extra: d1 -> conv(2, 1) { when: more }',
      '(more: bool = false)',
    );
    expect(heads(text)).toEqual([['mask', 'mask']]);
    expect(heads(text, { more: 'true' })).toEqual([
      ['mask', 'mask'],
      ['extra', 'extra'],
    ]);
  });

  test('are tensors for the heads below', () => {
    const text = modelOf('a = image -> conv(4)', 'conv(1, 1)\nhead twice: [mask, mask] -> concat');
    const { graph } = compile(text);
    const { inputs } = graph.nodes[graph.outputs[1]!.node]!;
    expect(inputs.map((id) => graph.nodes[id]!.name)).toEqual(['mask', 'mask']);
  });
});

describe('earlier nodes of a nested level', () => {
  const wires = (
    skip: string,
    head = 'mask: conv(1, 1)',
  ): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries(
      compile(network(skip, head)).unfolded.lattice.map(({ name, sources }) => [
        name,
        sources.map(({ tensor }) => tensor),
      ]),
    );

  test('all, unless a level says otherwise', () => {
    const lattice = wires('nested { level 1 { earlier: last } level 2 { earlier: first } }');
    expect(lattice['x1_3']).toEqual(['x1_2', 'x2_2']);
    expect(lattice['x2_2']).toEqual(['e2', 'x3_1']);
  });

  test('nodes that nothing reads are not made', () => {
    expect(wires('nested { earlier: first }')).toEqual({
      x3_1: ['e3', 'e4'],
      x2_2: ['e2', 'x3_1'],
      x1_3: ['e1', 'x2_2'],
    });
  });

  test('but a supervised one is', () => {
    const lattice = wires('nested { earlier: first }', 'mask: conv(1, 1) { supervise: [x1_1] }');
    expect(lattice['x1_1']).toEqual(['e1', 'e2']);
    expect(lattice['x1_2']).toBeUndefined();
    const all = wires('nested { earlier: first }', 'mask: conv(1, 1) { supervise: all }');
    expect(all['x1_2']).toEqual(['e1', 'x2_1']);
  });

  test('other words are told', () => {
    expect(messagesOf(network('nested { earlier: some }', 'mask: conv(1, 1)'))).toEqual([
      'UNET3003: "earlier" of "skip nested" takes "all", "first", "last", found "some".',
    ]);
  });
});

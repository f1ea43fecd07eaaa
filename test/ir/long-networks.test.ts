import { describe, expect, test } from '@jest/globals';
import { compileText } from '../../src/compile.js';
import { inferenceGraph } from '../../src/ir/forms/inference-graph.js';
import { summarise } from '../../src/ir/reports/summary.js';
import { topologyOf } from '../../src/ir/reports/topology.js';
import { compile, diagnose, modelOf } from '../frontend/compile.js';

/** Networks as long as the limits allow: every walk over them is a loop, and takes linear time. */

const chain = (count: number, step: string): string =>
  Array.from({ length: count }, (_, index) => `w${index + 1} = w${index} -> ${step}`).join('\n');

describe('a long chain', () => {
  test('of wires compiles, and has a summary and a topology', () => {
    const { graph, sizes } = compile(modelOf(`w0 = image -> conv(2, 3)\n${chain(9_000, 'relu')}`));
    expect(graph.nodes).toHaveLength(9_003);
    expect(summarise(graph, sizes, undefined).stages).toHaveLength(9_003);
    expect(topologyOf(graph, sizes, [], [])).toEqual([]);
  });

  test('of steps in one pipeline compiles', () => {
    const { graph } = compile(modelOf(`w = image${' -> tanh'.repeat(12_000)}`));
    expect(graph.nodes).toHaveLength(12_002);
  });

  test('of dropouts behind a sigmoid is taken out of what predicts', () => {
    const { graph, recipe } = compile(
      modelOf('', `image -> conv(1, 1) -> sigmoid${' -> dropout(0.1)'.repeat(8_000)}`),
    );
    expect(graph.outputs[0]!.values).toBe('sigmoid');
    expect(inferenceGraph(graph, recipe.losses).nodes).toHaveLength(3);
  });

  test('below many strides has the sizes of its few classes', () => {
    const start = 'w0 = image -> max_pool(64) -> max_pool(64)';
    const { sizes } = compile(modelOf(`${start}\n${chain(1_000, 'relu')}`));
    expect(sizes.height.modulus).toBe(4096);
    expect(sizes.height.residues[0]!.forms).toHaveLength(3);
  });

  test('that changes size everywhere below many strides is told to have too many', () => {
    const start = 'w0 = image -> max_pool(64) -> max_pool(64)';
    const [problem] = diagnose(modelOf(`${start}\n${chain(3_000, 'crop(1)')}`));
    expect(problem?.message).toBe(
      'The strides of model "Test" multiply to 4096; at most 666 is supported.',
    );
  });
});

test('thousands of unknown names are told, the first with suggestions', () => {
  const lines = Array.from({ length: 3_000 }, (_, index) => `w${index} = imag -> relu`);
  const problems = diagnose(modelOf(lines.join('\n')));
  expect(problems).toHaveLength(3_000);
  expect(problems[0]!.help).toEqual(['Did you mean "image"?']);
  expect(problems[2_000]!.help).toEqual([]);
});

describe('a text beyond all limits is not read', () => {
  test.each([
    ['ten million items', `model M { a: [${'1, '.repeat(1_000_000)}] }`, 'tokens'],
    ['a huge string', `model M { a: "${'x'.repeat(20_000_000)}" }`, 'characters'],
    ['a string of escapes', `model M { a: "${'\\n'.repeat(1_900_000)}" }`, undefined],
    ['a long comment', `// ${'x'.repeat(3_900_000)}`, undefined],
  ])('%s', (_, text, what) => {
    const { diagnostics } = compileText('test.unet', text);
    const limits = diagnostics.filter(({ code }) => code === 'UNET1011');
    expect(limits.map(({ message }) => message.split(' ').at(-1))).toEqual(
      what === undefined ? [] : [`${what}.`],
    );
  });
});

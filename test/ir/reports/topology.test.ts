import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { inferenceGraph } from '../../../src/ir/forms/inference-graph.js';
import { prunedForms, prunedGraph } from '../../../src/ir/forms/pruned-forms.js';
import { describeScales } from '../../../src/ir/sizes/describe-scales.js';
import { topologyOf } from '../../../src/ir/reports/topology.js';
import { graphWeights } from '../../../src/codegen/tfjs/weights.js';
import { compile, modelOf } from '../../frontend/compile.js';

const spec = (name: string): string => readFileSync(`specs/${name}.unet`, 'utf8');

/** `d1: e1, d2 *2 conv_transpose`, a line for each node. */
function table(text: string, set = {}): readonly string[] {
  const { graph, sizes, unfolded } = compile(text, set);
  const levels = unfolded.levels.flatMap((tensor) => tensor ?? []);
  return topologyOf(graph, sizes, unfolded.lattice, levels).map(({ node, merges }) => {
    const words = merges.map(({ tensor, role, factor, by }) =>
      role === 'skip' ? tensor : `${tensor} ${role} ${factor} ${by.join('+')}`,
    );
    return `${node}: ${words.join(', ')}`;
  });
}

describe('the table of a topology', () => {
  test('plain', () => {
    expect(table(spec('unet-plain'))).toEqual([
      'd4: e4, e5 up 2 conv_transpose',
      'd3: e3, d4 up 2 conv_transpose',
      'd2: e2, d3 up 2 conv_transpose',
      'd1: e1, d2 up 2 conv_transpose',
    ]);
  });

  test('full scale, in the order of the merge', () => {
    expect(table(spec('unet-3-plus'))[2]).toBe(
      'd2: e1 down 2 max_pool, e2, d3 up 2 bilinear, d4 up 4 bilinear, e5 up 8 bilinear',
    );
  });

  test('nested', () => {
    expect(table(spec('unet-plus-plus')).at(-1)).toBe(
      'x1_4: e1, x1_1, x1_2, x1_3, x2_3 up 2 resize_to',
    );
  });

  test('from wires, where resampled tensors stand for what they are made of', () => {
    const wires = `
      a = image -> conv(4)
      b = a -> max_pool(2) -> conv(4)
      up = b -> nearest(2)
      c = [a, up] -> concat -> conv(4)`;
    expect(table(modelOf(wires))).toEqual(['c: a, b up 2 nearest']);
  });
});

describe('pruned forms', () => {
  const { graph, unfolded, recipe } = compile(spec('unet-plus-plus'), { base: '4' });
  const forms = prunedForms(graph, unfolded.lattice);

  test('are one for each supervised column', () => {
    expect(forms.map(({ column, output }) => [column, output.name])).toEqual([
      [1, 'mask_x1_1'],
      [2, 'mask_x1_2'],
      [3, 'mask_x1_3'],
      [4, 'mask'],
    ]);
    expect(prunedForms(graph, [])).toEqual([]);
  });

  test('have some of the weights, under the same names', () => {
    const all = new Set(graphWeights(graph).map(({ name }) => name));
    const counts = forms.map((form) => graphWeights(prunedGraph(graph, form)));
    for (const weights of counts) {
      expect(weights.every(({ name }) => all.has(name))).toBe(true);
    }
    const sizes = counts.map(({ length }) => length);
    expect(sizes).toEqual([...sizes].sort((left, right) => left - right));
    expect(graphWeights(inferenceGraph(graph, recipe.losses)).length).toBe(sizes.at(-1));
  });
});

test('outputs of another resolution are described', () => {
  const sentences = (head: string): readonly string[] => {
    const { graph, sizes } = compile(modelOf('a = image -> conv(4)', head));
    return describeScales(graph, sizes);
  };
  expect(sentences('conv(1, 1)')).toEqual([]);
  expect(sentences('max_pool(2)')).toEqual([
    '"mask" comes out at half the height and width of the input.',
  ]);
  expect(sentences('max_pool([4, 2])')).toEqual([
    '"mask" comes out at 1/4 of the height and half the width of the input.',
  ]);
  expect(sentences('bilinear(2)')).toEqual([
    '"mask" comes out at twice the height and width of the input.',
  ]);
  expect(sentences('global_max_pool')).toEqual(['"mask" classifies the whole image.']);
});

import { describe, expect, test } from '@jest/globals';
import { layersOf } from '../../../src/codegen/tfjs/layers.js';
import { compileText } from '../../../src/compile.js';
import type { GraphNode } from '../../../src/ir/graph.js';
import { kernelReach, sameEdges, type Pair } from '../../../src/ir/operations/ops.js';
import { readCases } from '../../codegen/cases.js';
import { compile, modelOf, nodeOf } from '../compile.js';

const nodeFor = (layer: string): GraphNode =>
  nodeOf(compile(modelOf(`x = image -> ${layer}`)).graph, 'x');

function paddingOf(layer: string): unknown {
  const { op } = nodeFor(layer);
  if (op.kind === 'conv_transpose') return [op.edges, op.outputPadding];
  return 'padding' in op ? op.padding : undefined;
}

const all = (edge: number) => ({ top: edge, bottom: edge, left: edge, right: edge });
const after = (edge: number) => ({ ...all(0), bottom: edge, right: edge });

describe('a graph has edges', () => {
  test.each([
    ['conv(4, 3)', all(1)],
    ['conv(4, 3, padding: 1)', all(1)],
    ['conv(4, 3, padding: valid)', all(0)],
    ['conv(4, 3, stride: 2, padding: 1)', all(1)],
    // k - 1 pixels times the dilation, the odd one below and right.
    ['conv(4, 3, dilation: 2)', all(2)],
    ['conv(4, 4)', { top: 1, bottom: 2, left: 1, right: 2 }],
    ['conv(4, [3, 5])', { top: 1, bottom: 1, left: 2, right: 2 }],
    ['depthwise_conv(3)', all(1)],
    // Windows of one pixel need none whatever the stride; of two, one after the image at most.
    ['conv(4, 1, stride: 2)', all(0)],
    ['conv(4, 2, stride: 2)', after(1)],
    ['conv(4, [1, 3], stride: [2, 1])', { ...all(0), left: 1, right: 1 }],
    ['max_pool(2)', all(0)],
    ['max_pool(3, stride: 1, padding: same)', all(1)],
    ['avg_pool(2, padding: same)', after(1)],
    ['max_pool(3, stride: 2, padding: 1)', all(1)],
  ])('for %s: %j', (layer, expected) => {
    expect(paddingOf(layer)).toEqual(expected);
  });

  test.each([
    ['conv(4, 3, stride: 2)'],
    ['conv(4, 2, stride: 2, dilation: 2)'],
    ['depthwise_conv(3, stride: [1, 2])'],
    ['max_pool(3, stride: 2, padding: same)'],
  ])('but not for %s, where they depend on the size', (layer) => {
    expect(paddingOf(layer)).toBe('same');
  });
});

describe('a transposed convolution cuts edges and adds output padding', () => {
  test.each([
    ['conv_transpose(4, 3, stride: 2)', [all(0), [0, 0]]],
    ['conv_transpose(4, 3, stride: 2, padding: 1)', [all(1), [0, 0]]],
    ['conv_transpose(4, 3, stride: 2, padding: same)', [after(1), [0, 0]]],
    ['conv_transpose(4, 4, stride: 2, padding: same)', [all(1), [0, 0]]],
    ['conv_transpose(4, 2, stride: 2, padding: same)', [all(0), [0, 0]]],
    ['conv_transpose(4, [1, 3], stride: 2)', [all(0), [1, 0]]],
    ['conv_transpose(4, [1, 3], stride: 2, padding: same)', [{ ...all(0), right: 1 }, [1, 0]]],
    ['conv_transpose(4, 1, stride: 2, padding: 0)', [all(0), [0, 0]]],
  ])('%s: %j', (layer, expected) => {
    expect(paddingOf(layer)).toEqual(expected);
  });
});

describe('TensorFlow.js has a word for', () => {
  test.each([
    ['conv(4, 3, padding: 1)', 'same'],
    ['conv(4, 5, padding: 2)', 'same'],
    ['conv(4, [3, 5], padding: [1, 2])', 'same'],
    ['conv(4, 3, padding: 2, dilation: 2)', 'same'],
    ['conv(4, 2, padding: [0, 1, 0, 1])', 'same'],
    ['conv(4, 1, padding: valid)', 'same'],
    ['conv(4, 1, stride: 2, padding: 0)', 'same'],
    ['depthwise_conv(3, padding: 1)', 'same'],
    ['conv(4, 3, padding: valid)', undefined],
    ['conv_transpose(4, 4, stride: 2, padding: 1)', 'same'],
    ['conv_transpose(4, 3, stride: 2, padding: same)', 'same'],
    ['conv_transpose(4, [3, 1], stride: 2, padding: same)', 'same'],
    ['conv_transpose(4, 2, stride: 2, padding: same)', undefined],
  ])('%s: %j', (layer, expected) => {
    const layers = layersOf(nodeFor(layer));
    expect(layers).toHaveLength(1);
    expect(layers[0]!.config['padding']).toBe(expected);
  });

  test.each([
    ['conv(4, 3, stride: 2, padding: 1)'],
    ['conv(4, [3, 1], stride: [2, 1], padding: [1, 0])'],
    ['conv(4, 3, padding: 1, dilation: 2)'],
    ['conv(4, 2, padding: [1, 0, 1, 0])'],
    ['conv(4, 3, padding: 2)'],
    ['conv_transpose(4, 3, padding: 1, stride: 2)'],
  ])('not for %s', (layer) => {
    const layers = layersOf(nodeFor(layer));
    expect(layers).toHaveLength(2);
    expect(layers.map(({ config }) => config['padding'])).not.toContain('same');
  });
});

test.each(readCases().filter(({ isValid }) => isValid))(
  '$name pads by "same" only where edges depend on the size',
  ({ file, text }) => {
    const nodes = compileText(file, text).models.flatMap(({ graph }) => graph.nodes);
    const stated = nodes.flatMap(({ name, op }) => {
      if (!('padding' in op) || op.padding !== 'same') return [];
      const reach: Pair = 'size' in op ? op.size : [kernelReach(op, 0), kernelReach(op, 1)];
      return sameEdges(reach, op.stride) === undefined ? [] : [name];
    });
    expect(nodes.length).toBeGreaterThan(0);
    expect(stated).toEqual([]);
  },
);

import { expect, test } from '@jest/globals';
import type { Op } from '../../../src/ir/operations/ops.js';
import { compile, modelOf, nodeOf } from '../compile.js';

function paddingOf(layer: string): unknown {
  const { graph } = compile(modelOf(`x = image -> ${layer}`));
  const op: Op = nodeOf(graph, 'x').op;
  return 'padding' in op ? op.padding : undefined;
}

const all = (edge: number) => ({ top: edge, bottom: edge, left: edge, right: edge });

/** `same` with steps of one adds k - 1 (times the dilation) pixels, the odd one below and right. */
test.each([
  ['conv(4, 3, padding: 1)', 'same'],
  ['conv(4, 5, padding: 2)', 'same'],
  ['conv(4, [3, 5], padding: [1, 2])', 'same'],
  ['conv(4, 3, padding: 2, dilation: 2)', 'same'],
  ['conv(4, 2, padding: [0, 1, 0, 1])', 'same'],
  ['conv(4, 1, padding: valid)', 'same'],
  ['conv(4, 1, stride: 2, padding: 0)', 'same'],
  ['conv(4, [1, 3], stride: [2, 1], padding: [0, 1])', 'same'],
  ['depthwise_conv(3, padding: 1)', 'same'],
  // These differ from it, at least for some sizes.
  ['conv(4, 3, stride: 2, padding: 1)', all(1)],
  ['conv(4, [3, 1], stride: [2, 1], padding: [1, 0])', { ...all(0), top: 1, bottom: 1 }],
  ['conv(4, 3, padding: 1, dilation: 2)', all(1)],
  ['conv(4, 2, padding: [1, 0, 1, 0])', { ...all(0), top: 1, left: 1 }],
  ['conv(4, 3, padding: 2)', all(2)],
  ['conv(4, 3, padding: valid)', 'valid'],
  // A transposed convolution counts its padding otherwise.
  ['conv_transpose(4, 3, padding: 1)', all(1)],
])('%s pads as %j', (layer, expected) => {
  expect(paddingOf(layer)).toEqual(expected);
});

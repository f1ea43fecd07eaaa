import { expect, test } from '@jest/globals';
import { weightsOf } from '../../../src/codegen/tfjs/weights.js';
import { nodeWeights } from '../../../src/ir/operations/weights.js';
import { compile, modelOf, nodeOf } from '../../frontend/compile.js';

/** The axes of the first weight as the graph names them, and its name and shape in TensorFlow.js. */
function firstOf(layer: string): readonly unknown[] {
  const { graph } = compile(modelOf(`x = image -> conv(6, 1) -> ${layer}`));
  const node = nodeOf(graph, 'x');
  const [weight] = nodeWeights(graph, node);
  const [spec] = weightsOf(graph, node);
  return [weight!.axes, spec!.name, spec!.shape];
}

const size = { height: 3, width: 5 };

test.each([
  ['conv(4, [3, 5])', { ...size, in: 6, out: 4 }, 'kernel', [3, 5, 6, 4]],
  ['conv(4, [3, 5], groups: 2)', { ...size, in: 3, out: 4 }, 'kernel', [3, 5, 3, 4]],
  ['conv_transpose(4, [3, 5], stride: 2)', { ...size, in: 6, out: 4 }, 'kernel', [3, 5, 4, 6]],
  [
    'depthwise_conv([3, 5], multiplier: 2)',
    { ...size, channels: 6, multiplier: 2 },
    'kernel',
    [3, 5, 6, 2],
  ],
  ['batch_norm', { channels: 6 }, 'gamma', [6]],
  ['prelu', { channels: 6 }, 'alpha', [6]],
])(
  '%s has axes by their names, and an order of them in TensorFlow.js',
  (layer, axes, role, shape) => {
    expect(firstOf(layer)).toEqual([axes, `x/${role}`, shape]);
  },
);

test('running statistics have the names of Keras behind a scale and a shift', () => {
  const { graph } = compile(modelOf('x = image -> batch_norm'));
  const node = nodeOf(graph, 'x');
  expect(nodeWeights(graph, node).map(({ role }) => role)).toEqual([
    'scale',
    'shift',
    'mean',
    'variance',
  ]);
  expect(weightsOf(graph, node).map(({ name }) => name)).toEqual([
    'x/gamma',
    'x/beta',
    'x/moving_mean',
    'x/moving_variance',
  ]);
});

import type { BatchNormAttributes } from '../layer-attributes.js';
import { kernelNames } from '../names.js';
import { addPairs, sumPairs } from './channel-sums.js';
import { webgpuKernel } from './kernel.js';
import { momentsOf } from './moments.js';
import { allocate, flatGroups, flatMain, release, run, type Program } from './program.js';

/** Both values of `relu` have a program of their own: a branch less for each value. */
const perRelu = <Made>(make: (relu: boolean) => Made): ((relu: boolean) => Made) => {
  const [without, withRelu] = [make(false), make(true)];
  return (relu) => (relu ? withRelu : without);
};

const normalise = perRelu((relu): Program<'size' | 'channels' | 'epsilon'> => ({
  name: relu ? 'batch norm with ReLU' : 'batch norm',
  inputs: { x: 'f32', mean: 'f32', variance: 'f32', gamma: 'f32', beta: 'f32' },
  outputs: ['y'],
  uniforms: { size: 'u32', channels: 'u32', epsilon: 'f32' },
  code: `${flatMain}
      let c = at % uniforms.channels;
      let scale = gamma[c] / sqrt(variance[c] + uniforms.epsilon);
      let value = (x[at] - mean[c]) * scale + beta[c];
      // What is no number stays none, where a maximum may lose it.
      y[at] = ${relu ? 'select(value, 0.0, value < 0.0)' : 'value'};
    }`,
}));

/**
 * Batch normalisation with the statistics of the batch, with a ReLU after it if asked:
 * x [..., c], gamma [c], beta [c] give y like x, mean [c] and the biased variance [c].
 */
export const batchNormTraining = webgpuKernel<'x' | 'gamma' | 'beta', BatchNormAttributes>(
  kernelNames.batchNormTraining,
  ({ backend, inputs: { x, gamma, beta }, attributes: { epsilon, relu } }) => {
    const [mean, variance] = momentsOf(backend, x);
    const channels = gamma.shape[0]!;
    const size = x.shape.reduce((product, length) => product * length, 1);
    const y = allocate(backend, x.shape);
    run(backend, normalise(relu), {
      inputs: [x, mean, variance, gamma, beta],
      outputs: [y],
      uniforms: { size, channels, epsilon },
      groups: flatGroups(backend, size),
    });
    return [y, mean, variance];
  },
);

const behindRelu = (relu: boolean): string =>
  relu ? 'let g = select(0.0, dy[at], y[at] > 0.0);' : 'let g = dy[at];';

/** What both passes of the gradient read; without a ReLU they need no y. */
const readBy = (relu: boolean): Program['inputs'] => ({
  ...{ dy: 'f32', x: 'f32', mean: 'f32', variance: 'f32' },
  ...(relu ? { y: 'f32' } : {}),
});

const addGradients = perRelu((relu) =>
  addPairs({
    name: 'sums of gradients of a batch norm',
    inputs: readBy(relu),
    uniforms: { epsilon: 'f32' },
    pairOf: `${behindRelu(relu)}
      let distance = (x[at] - mean[channel]) / sqrt(variance[channel] + uniforms.epsilon);
      return vec2f(g, g * distance);`,
  }),
);

const giveBack = perRelu((relu): Program<'size' | 'channels' | 'count' | 'epsilon'> => ({
  name: 'gradient of a batch norm',
  inputs: { ...readBy(relu), gamma: 'f32', sums: 'f32' },
  outputs: ['dx'],
  uniforms: { size: 'u32', channels: 'u32', count: 'f32', epsilon: 'f32' },
  code: `${flatMain}
      let c = at % uniforms.channels;
      let inverse = 1.0 / sqrt(variance[c] + uniforms.epsilon);
      ${behindRelu(relu)}
      let distance = (x[at] - mean[c]) * inverse;
      dx[at] = gamma[c] * inverse * (g - (sums[c] + distance * sums[uniforms.channels + c]) / uniforms.count);
    }`,
}));

/**
 * Gradient of `batchNormTraining` through the batch's statistics: dy and the forward pass'
 * x, y, gamma, mean, variance give dx like x, dGamma [c], dBeta [c].
 *
 * With r = 1 / sqrt(variance + epsilon) and g = dy behind the ReLU:
 * dBeta = sum g, dGamma = r sum g (x - mean),
 * dx = gamma r (g - dBeta / n - (x - mean) r dGamma / n)  (Ioffe and Szegedy 2015).
 */
export const batchNormTrainingGradient = webgpuKernel<
  'dy' | 'x' | 'y' | 'gamma' | 'mean' | 'variance',
  BatchNormAttributes
>(kernelNames.batchNormTrainingGradient, ({ backend, inputs, attributes: { epsilon, relu } }) => {
  const { dy, x, y, gamma, mean, variance } = inputs;
  const read = [dy, x, mean, variance, ...(relu ? [y] : [])];
  const { first, second, both } = sumPairs(backend, addGradients(relu), read, x.shape, { epsilon });
  const channels = gamma.shape[0]!;
  const size = x.shape.reduce((product, length) => product * length, 1);
  const dx = allocate(backend, x.shape);
  run(backend, giveBack(relu), {
    inputs: [...read, gamma, both],
    outputs: [dx],
    uniforms: { size, channels, count: size / channels, epsilon },
    groups: flatGroups(backend, size),
  });
  release(backend, both);
  return [dx, second, first];
});

const addValues = addPairs({
  name: 'sums of a gradient',
  inputs: { x: 'f32' },
  uniforms: {},
  pairOf: 'return vec2f(x[at], 0.0);',
});

/** Sums x [..., c] over all axes but the last: the gradient of a bias. */
export const channelSum = webgpuKernel<'x', unknown>(
  kernelNames.channelSum,
  ({ backend, inputs: { x } }) => {
    const { first, second, both } = sumPairs(backend, addValues, [x], x.shape, {});
    release(backend, second, both);
    return first;
  },
);

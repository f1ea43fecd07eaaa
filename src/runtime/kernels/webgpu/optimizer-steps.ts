import type * as tf from '../../tensorflow.js';
import { kernelNames } from '../names.js';
import type { AdamStep, RmspropStep, SgdStep } from '../optimizer-attributes.js';
import type { WebgpuBackend } from './backend.js';
import { webgpuKernel } from './kernel.js';
import { allocate, flatGroups, flatMain, run, type Program } from './program.js';

const floats = (...names: readonly string[]): Readonly<Record<string, 'f32'>> =>
  Object.fromEntries(names.map((name) => [name, 'f32'] as const));

const numbers = <Name extends string>(...names: readonly Name[]) => ({
  size: 'u32' as const,
  ...(Object.fromEntries(names.map((name) => [name, 'f32'])) as Record<Name, 'f32'>),
});

const adam = {
  name: 'adam',
  inputs: floats('weight', 'gradient', 'mean', 'square'),
  outputs: ['newWeight', 'newMean', 'newSquare'],
  uniforms: numbers('beta1', 'rest1', 'beta2', 'rest2', 'epsilon', 'kept', 'rate', 'spread'),
  code: `${flatMain}
    let g = gradient[at];
    let m = uniforms.beta1 * mean[at] + uniforms.rest1 * g;
    let s = uniforms.beta2 * square[at] + uniforms.rest2 * g * g;
    newMean[at] = m;
    newSquare[at] = s;
    let root = sqrt(s) * uniforms.spread + uniforms.epsilon;
    newWeight[at] = uniforms.kept * weight[at] - uniforms.rate * m / root;
  }`,
} as const satisfies Program;

const sgd = {
  name: 'sgd',
  inputs: floats('weight', 'gradient', 'velocity'),
  outputs: ['newWeight', 'newVelocity'],
  uniforms: numbers('rate', 'momentum', 'own', 'ahead'),
  code: `${flatMain}
    let g = gradient[at];
    let v = uniforms.momentum * velocity[at] + g;
    newVelocity[at] = v;
    newWeight[at] = weight[at] - uniforms.rate * (uniforms.own * g + uniforms.ahead * v);
  }`,
} as const satisfies Program;

const rmsprop = {
  name: 'rmsprop',
  inputs: floats('weight', 'gradient', 'square', 'velocity'),
  outputs: ['newWeight', 'newSquare', 'newVelocity'],
  uniforms: numbers('rate', 'rho', 'rest', 'momentum', 'epsilon'),
  code: `${flatMain}
    let g = gradient[at];
    let s = uniforms.rho * square[at] + uniforms.rest * g * g;
    let v = uniforms.momentum * velocity[at] + g / (sqrt(s) + uniforms.epsilon);
    newSquare[at] = s;
    newVelocity[at] = v;
    newWeight[at] = weight[at] - uniforms.rate * v;
  }`,
} as const satisfies Program;

const average = {
  name: 'moving average',
  inputs: floats('old', 'batch'),
  outputs: ['next'],
  uniforms: numbers('kept', 'taken'),
  code: `${flatMain}
    next[at] = uniforms.kept * old[at] + uniforms.taken * batch[at];
  }`,
} as const satisfies Program;

/** Runs a program with a thread for each value; its outputs have the shape of the first input. */
function runEach<Uniform extends string>(
  backend: WebgpuBackend,
  program: Program<Uniform>,
  inputs: readonly tf.TensorInfo[],
  uniforms: Readonly<Record<Exclude<Uniform, 'size'>, number>>,
): tf.TensorInfo[] {
  const { shape } = inputs[0]!;
  const size = shape.reduce((product, length) => product * length, 1);
  const outputs = program.outputs.map(() => allocate(backend, shape));
  const groups = flatGroups(backend, size);
  const all = { ...uniforms, size } as Record<Uniform, number>;
  run(backend, program, { inputs, outputs, uniforms: all, groups });
  return outputs;
}

/** weight, gradient, mean, square give the new weight, mean, square; see `adam`. */
export const adamStep = webgpuKernel<'weight' | 'gradient' | 'mean' | 'square', AdamStep>(
  kernelNames.adamStep,
  ({ backend, inputs, attributes }) => {
    const { beta1, beta2, epsilon, learningRate, correction1, correction2, decay } = attributes;
    const { weight, gradient, mean, square } = inputs;
    return runEach(backend, adam, [weight, gradient, mean, square], {
      ...{ beta1, rest1: 1 - beta1, beta2, rest2: 1 - beta2, epsilon },
      kept: 1 - learningRate * decay,
      rate: learningRate / correction1,
      spread: 1 / Math.sqrt(correction2),
    });
  },
);

/** weight, gradient, velocity give the new weight and velocity; see `sgd`. */
export const sgdStep = webgpuKernel<'weight' | 'gradient' | 'velocity', SgdStep>(
  kernelNames.sgdStep,
  ({ backend, inputs, attributes: { learningRate, momentum, nesterov } }) =>
    runEach(backend, sgd, [inputs.weight, inputs.gradient, inputs.velocity], {
      ...{ rate: learningRate, momentum },
      ...(nesterov ? { own: 1, ahead: momentum } : { own: 0, ahead: 1 }),
    }),
);

/** weight, gradient, square, velocity give the new weight, square, velocity; see `rmsprop`. */
export const rmspropStep = webgpuKernel<'weight' | 'gradient' | 'square' | 'velocity', RmspropStep>(
  kernelNames.rmspropStep,
  ({ backend, inputs, attributes: { learningRate: rate, rho, momentum, epsilon } }) => {
    const { weight, gradient, square, velocity } = inputs;
    const uniforms = { rate, rho, rest: 1 - rho, momentum, epsilon };
    return runEach(backend, rmsprop, [weight, gradient, square, velocity], uniforms);
  },
);

/** old * momentum + batch * (1 - momentum): the new running statistic. */
export const movingAverage = webgpuKernel<'old' | 'batch', { readonly momentum: number }>(
  kernelNames.movingAverage,
  ({ backend, inputs: { old, batch }, attributes: { momentum } }) =>
    runEach(backend, average, [old, batch], { kept: momentum, taken: 1 - momentum })[0]!,
);

import type { AdamStep, RmspropStep, SgdStep } from '../optimizer-attributes.js';
import { kernelNames } from '../names.js';
import { allocate, floats, input, wasmKernel } from './heap.js';

// New weights always go into a new tensor: XNNPACK packs a filter's values when
// it first sees the tensor and would keep using the old ones.

/** weight, gradient, mean, square give the new weight, mean, square; see `adam`. */
export const adamStep = wasmKernel<AdamStep>(kernelNames.adamStep, (call) => {
  const { backend, attributes } = call;
  const { beta1, beta2, epsilon, learningRate, correction1, correction2, decay } = attributes;
  const { shape } = input(call, 'weight');
  const outputs = [allocate(backend, shape), allocate(backend, shape), allocate(backend, shape)];
  const [newWeight, newMean, newSquare] = outputs.map((info) => floats(backend, info)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const weight = floats(backend, input(call, 'weight'));
  const gradient = floats(backend, input(call, 'gradient'));
  const mean = floats(backend, input(call, 'mean'));
  const square = floats(backend, input(call, 'square'));
  const kept = 1 - learningRate * decay;
  const rate = learningRate / correction1;
  const spread = 1 / Math.sqrt(correction2);
  for (let at = 0; at < newWeight.length; at++) {
    const g = gradient[at]!;
    const m = beta1 * mean[at]! + (1 - beta1) * g;
    const s = beta2 * square[at]! + (1 - beta2) * g * g;
    newMean[at] = m;
    newSquare[at] = s;
    newWeight[at] = kept * weight[at]! - (rate * m) / (Math.sqrt(s) * spread + epsilon);
  }
  return outputs;
});

/** weight, gradient, velocity give the new weight and velocity; see `sgd`. */
export const sgdStep = wasmKernel<SgdStep>(kernelNames.sgdStep, (call) => {
  const { backend, attributes } = call;
  const { learningRate, momentum, nesterov } = attributes;
  const { shape } = input(call, 'weight');
  const outputs = [allocate(backend, shape), allocate(backend, shape)];
  const [newWeight, newVelocity] = outputs.map((info) => floats(backend, info)) as [
    Float32Array,
    Float32Array,
  ];
  const weight = floats(backend, input(call, 'weight'));
  const gradient = floats(backend, input(call, 'gradient'));
  const velocity = floats(backend, input(call, 'velocity'));
  for (let at = 0; at < newWeight.length; at++) {
    const g = gradient[at]!;
    const v = momentum * velocity[at]! + g;
    newVelocity[at] = v;
    newWeight[at] = weight[at]! - learningRate * (nesterov ? g + momentum * v : v);
  }
  return outputs;
});

/** weight, gradient, square, velocity give the new weight, square, velocity; see `rmsprop`. */
export const rmspropStep = wasmKernel<RmspropStep>(kernelNames.rmspropStep, (call) => {
  const { backend, attributes } = call;
  const { learningRate, rho, momentum, epsilon } = attributes;
  const { shape } = input(call, 'weight');
  const outputs = [allocate(backend, shape), allocate(backend, shape), allocate(backend, shape)];
  const [newWeight, newSquare, newVelocity] = outputs.map((info) => floats(backend, info)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const weight = floats(backend, input(call, 'weight'));
  const gradient = floats(backend, input(call, 'gradient'));
  const square = floats(backend, input(call, 'square'));
  const velocity = floats(backend, input(call, 'velocity'));
  for (let at = 0; at < newWeight.length; at++) {
    const g = gradient[at]!;
    const s = rho * square[at]! + (1 - rho) * g * g;
    const v = momentum * velocity[at]! + g / (Math.sqrt(s) + epsilon);
    newSquare[at] = s;
    newVelocity[at] = v;
    newWeight[at] = weight[at]! - learningRate * v;
  }
  return outputs;
});

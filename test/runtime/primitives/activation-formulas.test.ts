import { beforeAll, describe, expect, test } from '@jest/globals';
import type * as tf from '../../../src/runtime/tensorflow.js';
import type { ActivationFunction } from '../../../src/ir/operations/ops.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { activate } from '../../../src/runtime/primitives/activations.js';
import { differentiate, normalValues, relativeError } from '../numeric.js';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const softplus = (x: number): number => Math.log1p(Math.exp(x));
/** Abramowitz and Stegun 7.1.5: the series of the error function. */
const erf = (x: number): number => {
  let term = x;
  let sum = x;
  for (let n = 1; n < 200; n++) {
    term *= (-x * x) / n;
    sum += term / (2 * n + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
};
const functions: { readonly [K in ActivationFunction]: (x: number) => number } = {
  relu: (x) => Math.max(x, 0),
  relu6: (x) => Math.min(Math.max(x, 0), 6),
  leaky_relu: (x) => (x > 0 ? x : 0.2 * x),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  selu: (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x)),
  silu: (x) => x * sigmoid(x),
  hard_swish: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
  gelu: (x) => (x * (1 + erf(x / Math.SQRT2))) / 2,
  mish: (x) => x * Math.tanh(softplus(x)),
  softplus,
  sigmoid,
  tanh: Math.tanh,
  abs: Math.abs,
};

beforeAll(async () => {
  await startEngine('wasm');
});

describe.each(['cpu', 'wasm'] as const)('on %s, by its formula:', (engine) => {
  test.each(Object.entries(functions))('%s', async (name, formula) => {
    const values = Float32Array.from({ length: 41 }, (_, at) => (at - 20) / 4.1 + 0.013);
    const run = (x: tf.Tensor): tf.Tensor =>
      activate(x as tf.Tensor4D, { function: name as ActivationFunction, alpha: 0.2 });
    const found = await differentiate(engine, run, [{ shape: [1, 41, 1, 1], values }]);
    const weights = normalValues([1, 41, 1, 1], 99);
    const slope = (x: number, at: number): number =>
      (weights[at]! * (formula(x + 1e-5) - formula(x - 1e-5))) / 2e-5;
    const exact = Float64Array.from(values, formula);
    expect(relativeError(found.output, exact)).toBeLessThan(2e-6);
    expect(relativeError(found.gradients[0]!, Float64Array.from(values, slope))).toBeLessThan(1e-5);
  });
});

import * as tf from '../../tensorflow.js';
import { kernelNames } from '../names.js';
import type { AdamStep } from '../optimizer-attributes.js';
import { addressOf, allocate, input, wasmKernel } from '../wasm/heap.js';
import { runTask, taskOf, type TaskValues } from './simd-module.js';

/** The step of a weight takes about as long as so many multiply-adds. */
const workOfStep = 16;

/** weight, gradient, mean, square give the new weight, mean, square; see `adam`. */
export const simdAdamStep = wasmKernel<AdamStep>(kernelNames.adamStep, (call) => {
  const { backend, attributes } = call;
  const { beta1, beta2, epsilon, learningRate, correction1, correction2, decay } = attributes;
  const { shape } = input(call, 'weight');
  const outputs = [shape, shape, shape].map((each) => allocate(backend, each));
  const given = ['weight', 'gradient', 'mean', 'square'].map((name) =>
    addressOf(backend, input(call, name)),
  ) as [number, number, number, number];
  const made = outputs.map((each) => addressOf(backend, each)) as [number, number, number];
  const count = tf.util.sizeFromShape(shape);
  const task = taskOf(backend, Math.ceil(count / 4), count * workOfStep);
  runTask(backend, 'adamStep', task, [
    ...[...given, count, beta1, 1 - beta1, beta2, 1 - beta2],
    ...[1 - learningRate * decay, learningRate / correction1, 1 / Math.sqrt(correction2), epsilon],
    ...made,
  ] as TaskValues<'adamStep'>);
  return outputs;
});

import { kernelNames } from '../names.js';
import type { BatchNormAttributes } from '../layer-attributes.js';
import { addressOf, allocate, input, wasmKernel, type KernelCall } from '../wasm/heap.js';
import { withScratch } from './scratch.js';
import { simdOf } from './simd-module.js';

/** See `batchNormTraining` of `wasm/`: the same inputs and outputs. */
export const simdBatchNormTraining = wasmKernel<BatchNormAttributes>(
  kernelNames.batchNormTraining,
  (call) => {
    const { backend, attributes } = call;
    const x = input(call, 'x');
    const { pixels, channels } = sizesOf(x.shape);
    const outputs = [x.shape, [channels], [channels]].map((shape) => allocate(backend, shape));
    withScratch(backend, [channels * 16, channels * 8], ({ addresses }) => {
      const [sums, lines] = addresses as [number, number];
      const [y, mean, variance] = outputs.map((made) => addressOf(backend, made)) as Three;
      const [gamma, beta] = [addressOfInput(call, 'gamma'), addressOfInput(call, 'beta')];
      const { epsilon, relu } = attributes;
      simdOf(backend).normalise(
        ...[addressOf(backend, x), pixels, channels, gamma, beta, epsilon, Number(relu)],
        ...[y, mean, variance, sums, lines],
      );
    });
    return outputs;
  },
);

/** See `batchNormTrainingGradient` of `wasm/`: the same inputs and outputs. */
export const simdBatchNormTrainingGradient = wasmKernel<BatchNormAttributes>(
  kernelNames.batchNormTrainingGradient,
  (call) => {
    const { backend, attributes } = call;
    const { shape } = input(call, 'x');
    const { pixels, channels } = sizesOf(shape);
    const outputs = [shape, [channels], [channels]].map((each) => allocate(backend, each));
    withScratch(backend, [channels * 16, channels * 12], ({ addresses }) => {
      const [sums, planes] = addresses as [number, number];
      const made = outputs.map((each) => addressOf(backend, each)) as Three;
      const [dy, x, y] = ['dy', 'x', 'y'].map((name) => addressOfInput(call, name)) as Three;
      const given = ['gamma', 'mean', 'variance'].map((name) =>
        addressOfInput(call, name),
      ) as Three;
      const { epsilon, relu } = attributes;
      simdOf(backend).differentiateNorm(
        ...[dy, x, y, pixels, channels, ...given, epsilon, Number(relu), ...made, sums, planes],
      );
    });
    return outputs;
  },
);

type Three = [number, number, number];

function addressOfInput(call: KernelCall<unknown>, name: string): number {
  return addressOf(call.backend, input(call, name));
}

function sizesOf(shape: readonly number[]): { pixels: number; channels: number } {
  const pixels = shape.slice(0, -1).reduce((product, size) => product * size, 1);
  return { pixels, channels: shape[shape.length - 1]! };
}

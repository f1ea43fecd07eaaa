import { kernelNames } from '../names.js';
import type { BatchNormAttributes } from '../layer-attributes.js';
import { addressOf, allocate, input, wasmKernel, type KernelCall } from '../wasm/heap.js';
import { pixelParts } from './pixel-parts.js';
import { withScratch } from './scratch.js';
import { runTask, simdOf } from './simd-module.js';

/** See `batchNormTraining` of `wasm/`: the same inputs and outputs. */
export const simdBatchNormTraining = wasmKernel<BatchNormAttributes>(
  kernelNames.batchNormTraining,
  (call) => {
    const { backend, attributes } = call;
    const { epsilon, relu } = attributes;
    const { shape } = input(call, 'x');
    const { pixels, channels, parts, task } = pixelParts(backend, shape);
    const outputs = [shape, [channels], [channels]].map((each) => allocate(backend, each));
    withScratch(backend, [parts * channels * 16, channels * 8], ({ addresses }) => {
      const [sums, lines] = addresses as [number, number];
      const [y, mean, variance] = outputs.map((made) => addressOf(backend, made)) as Three;
      const [x, gamma, beta] = addressesOf(call, ['x', 'gamma', 'beta']);
      runTask(backend, 'sumSquares', task, [x, pixels, channels, sums, parts]);
      simdOf(backend).fitLines(
        ...[x, pixels, channels, gamma, beta, epsilon],
        ...[mean, variance, sums, parts, lines],
      );
      const line = [Number(relu), y, mean, lines, parts] as const;
      runTask(backend, 'applyLines', task, [x, pixels, channels, ...line]);
    });
    return outputs;
  },
);

/** See `batchNormTrainingGradient` of `wasm/`: the same inputs and outputs. */
export const simdBatchNormTrainingGradient = wasmKernel<BatchNormAttributes>(
  kernelNames.batchNormTrainingGradient,
  (call) => {
    const { backend, attributes } = call;
    const { epsilon, relu } = attributes;
    const { shape } = input(call, 'x');
    const { pixels, channels, parts, task } = pixelParts(backend, shape);
    const outputs = [shape, [channels], [channels]].map((each) => allocate(backend, each));
    withScratch(backend, [parts * channels * 16, channels * 12], ({ addresses }) => {
      const [sums, planes] = addresses as [number, number];
      const [dx, dGamma, dBeta] = outputs.map((each) => addressOf(backend, each)) as Three;
      const images = addressesOf(call, ['dy', 'x', 'y']);
      const [gamma, mean, variance] = addressesOf(call, ['gamma', 'mean', 'variance']);
      const common = [...images, pixels, channels, mean, Number(relu)] as const;
      runTask(backend, 'sumMoments', task, [...common, sums, parts]);
      simdOf(backend).fitPlanes(
        ...[pixels, channels, gamma, variance, epsilon, dGamma, dBeta, sums, parts, planes],
      );
      runTask(backend, 'applyPlanes', task, [...common, dx, planes, parts]);
    });
    return outputs;
  },
);

type Three = [number, number, number];

function addressesOf(call: KernelCall<unknown>, names: readonly [string, string, string]): Three {
  return names.map((name) => addressOf(call.backend, input(call, name))) as Three;
}

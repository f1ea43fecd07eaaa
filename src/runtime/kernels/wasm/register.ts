import * as tf from '../../tensorflow.js';
import { kernelNames } from '../names.js';
import { simdAdamStep } from '../simd/adam-step.js';
import { simdBatchNormTraining, simdBatchNormTrainingGradient } from '../simd/batch-norm.js';
import { simdChannelSum } from '../simd/channel-sum.js';
import { simdConcat, simdSplit } from '../simd/concat.js';
import { simdConvolution, simdFusedConvolution } from '../simd/convolution.js';
import {
  simdDepthwiseConvolution,
  simdDepthwiseFilterGradient,
  simdDepthwiseInputGradient,
  simdFusedDepthwiseConvolution,
} from '../simd/depthwise.js';
import { simdFilterGradient } from '../simd/filter-gradient.js';
import { simdGather } from '../simd/gather.js';
import { simdInputGradient, simdTransposedConvolution } from '../simd/input-gradient.js';
import { simdMaxPool, simdMaxPoolGradient } from '../simd/max-pool.js';
import { compileSimdKernels } from '../simd/simd-module.js';
import { batchNormTraining } from './batch-norm-forward.js';
import { batchNormTrainingGradient } from './batch-norm-gradient.js';
import { convolutionFilterGradient } from './convolution-filter-gradient.js';
import { convolutionInputGradient } from './convolution-input-gradient.js';
import { depthwiseFilterGradient } from './depthwise-filter-gradient.js';
import { depthwiseInputGradient } from './depthwise-input-gradient.js';
import { groupNorm, groupNormGradient } from './group-norm.js';
import type { WasmKernel } from './heap.js';
import { interpolationGradient } from './interpolation-gradient.js';
import { maxPoolGradient } from './max-pool-gradient.js';
import { adamStep, rmspropStep, sgdStep } from './optimizer-steps.js';
import { channelSum, identity, movingAverage, segmentSum } from './small-kernels.js';

/** Kernels that every host runs. */
const kernels: readonly WasmKernel[] = [
  adamStep,
  batchNormTraining,
  batchNormTrainingGradient,
  channelSum,
  convolutionFilterGradient,
  convolutionInputGradient,
  depthwiseFilterGradient,
  // Under a name of our own as well: the others of that name know no dilation.
  { name: kernelNames.depthwiseFilterGradient, run: depthwiseFilterGradient.run },
  depthwiseInputGradient,
  groupNorm,
  groupNormGradient,
  identity,
  interpolationGradient,
  maxPoolGradient,
  // What the gradient of max pooling does with dy is the unpooling of dy.
  { name: kernelNames.maxUnpool, run: maxPoolGradient.run },
  movingAverage,
  rmspropStep,
  segmentSum,
  sgdStep,
];

/** Kernels that take the place of others where the host has WebAssembly SIMD. */
function simdKernels(): readonly WasmKernel[] {
  const stock = (name: string): tf.KernelFunc => tf.getKernel(name, 'wasm').kernelFunc;
  return [
    simdAdamStep,
    simdBatchNormTraining,
    simdBatchNormTrainingGradient,
    simdChannelSum,
    simdConcat(stock('Concat')),
    simdConvolution,
    simdDepthwiseConvolution(stock('DepthwiseConv2dNative')),
    ...[depthwiseFilterGradient.name, kernelNames.depthwiseFilterGradient].map((name) =>
      simdDepthwiseFilterGradient(name, depthwiseFilterGradient),
    ),
    simdDepthwiseInputGradient(depthwiseInputGradient),
    simdFilterGradient,
    simdFusedConvolution(stock('FusedConv2D')),
    simdFusedDepthwiseConvolution(stock('FusedDepthwiseConv2D')),
    simdGather(stock('GatherV2')),
    simdInputGradient,
    simdMaxPool(stock('MaxPool')),
    simdMaxPoolGradient,
    { name: kernelNames.maxUnpool, run: simdMaxPoolGradient.run },
    simdSplit(stock('SplitV')),
    simdTransposedConvolution,
  ];
}

let registration: Promise<boolean> | undefined;

/**
 * Puts our kernels into the registry of the WebAssembly backend, in place of
 * its own of the same name. The package must be imported before; calling this
 * again changes nothing. Resolves to whether those with SIMD are among them.
 */
export function registerWasmKernels(): Promise<boolean> {
  registration ??= register();
  return registration;
}

async function register(): Promise<boolean> {
  const hasSimd = await compileSimdKernels();
  for (const { name, run } of hasSimd ? [...kernels, ...simdKernels()] : kernels) {
    const present: tf.KernelConfig | undefined = tf.getKernel(name, 'wasm');
    if (present) tf.unregisterKernel(name, 'wasm');
    // Its set-up stays: kernels of ours may call it, and each start of the backend needs one.
    tf.registerKernel({ ...present, kernelName: name, backendName: 'wasm', kernelFunc: run });
  }
  return hasSimd;
}

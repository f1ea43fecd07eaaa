/**
 * Time of one training step of two plain U-Nets: ours (functional network with
 * our kernels) against the same network composed from stock kernels, on the
 * WebAssembly engine, and against the plain CPU backend. Both networks of a
 * comparison run alternately in one process, so that load from elsewhere hits
 * both. Prints medians and ratios.
 *
 * S: 64 x 64, 8 filters, batch 4. L: 128 x 128, 16 filters, batch 4. Four levels.
 */
import * as tf from '../src/runtime/tensorflow.js';
import { startEngine } from '../src/runtime/engines/start-engine.js';
import { convolutionFilterGradient } from '../src/runtime/kernels/wasm/convolution-filter-gradient.js';
import { buildFunctionalNetwork } from '../src/runtime/network/functional.js';
import { adam } from '../src/runtime/network/optimizers/adam.js';
import { Optimizer } from '../src/runtime/network/optimizers/optimizer.js';
import { trainingStep } from '../src/runtime/network/training-step.js';
import type { WeightStore } from '../src/runtime/network/weights.js';
import { initialiseWeights } from '../src/runtime/network/weights.js';
import { Random } from '../src/runtime/random.js';
import { buildUnet } from '../test/runtime/graph-builder.js';

interface Size {
  readonly name: string;
  readonly pixels: number;
  readonly filters: number;
  readonly rounds: number;
  readonly cpuRounds: number;
}

const levels = 4;
const batch = 4;
const learningRate = 1e-3;
const sizes: readonly Size[] = [
  { name: 'S', pixels: 64, filters: 8, rounds: 15, cpuRounds: 1 },
  { name: 'L', pixels: 128, filters: 16, rounds: 8, cpuRounds: 0 },
];

interface Data {
  readonly image: tf.Tensor4D;
  readonly target: tf.Tensor4D;
}

function makeData(pixels: number): Data {
  const random = new Random(7);
  const fill = (channels: number, draw: () => number): tf.Tensor4D =>
    tf.tensor4d(Float32Array.from({ length: batch * pixels * pixels * channels }, draw), [
      batch,
      pixels,
      pixels,
      channels,
    ]);
  return {
    image: fill(3, () => random.uniform()),
    target: fill(1, () => random.integer(2)),
  };
}

/** Binary cross entropy on logits, in the form that does not overflow. */
function crossEntropy(logits: tf.Tensor, target: tf.Tensor): tf.Scalar {
  const rest = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
  return tf.mean(tf.sub(tf.add(tf.relu(logits), rest), tf.mul(logits, target)));
}

/** A step of our runtime; returns the loss. */
function ourStep({ filters }: Size, data: Data): () => number {
  const graph = buildUnet(levels, filters);
  const weights = initialiseWeights(graph, new Random(1));
  const options = {
    network: buildFunctionalNetwork(graph),
    weights,
    optimizer: new Optimizer(adam()),
    loss: (outputs: ReadonlyMap<string, tf.Tensor4D>) =>
      crossEntropy(outputs.get('mask')!, data.target),
  };
  return () => {
    const loss = trainingStep(options, { image: data.image, learningRate });
    const value = loss.dataSync()[0]!;
    loss.dispose();
    return value;
  };
}

/** The same step from stock operations: tf.moments, tf.batchNorm, tf.relu, tf.train.adam. */
function composedStep({ filters }: Size, data: Data): () => number {
  const graph = buildUnet(levels, filters);
  const weights = initialiseWeights(graph, new Random(1));
  const variables = weights.trainable().map(({ variable }) => variable);
  const optimizer = tf.train.adam(learningRate);
  return () =>
    tf.tidy(() => {
      const { value, grads } = tf.variableGrads(
        () => crossEntropy(composedUnet(weights, data.image), data.target),
        variables,
      );
      optimizer.applyGradients(Object.entries(grads).map(([name, tensor]) => ({ name, tensor })));
      return value.dataSync()[0]!;
    });
}

function composedUnet(weights: WeightStore, image: tf.Tensor4D): tf.Tensor4D {
  const unit = (x: tf.Tensor4D, name: string): tf.Tensor4D => {
    const y = tf.conv2d(x, weights.get(`${name}/conv/kernel`) as tf.Tensor4D, 1, 'same');
    const { mean, variance } = tf.moments(y, [0, 1, 2]);
    const gamma = weights.get(`${name}/norm/gamma`) as tf.Tensor1D;
    const beta = weights.get(`${name}/norm/beta`) as tf.Tensor1D;
    return tf.relu(
      tf.batchNorm4d(y, mean as tf.Tensor1D, variance as tf.Tensor1D, beta, gamma, 1e-3),
    );
  };
  const twice = (x: tf.Tensor4D, name: string): tf.Tensor4D =>
    unit(unit(x, `${name}/a`), `${name}/b`);
  const skips: tf.Tensor4D[] = [];
  let x = image;
  for (let level = 0; level < levels; level++) {
    x = twice(x, `encoder${level}`);
    skips.push(x);
    x = tf.maxPool(x, 2, 2, 'valid');
  }
  x = twice(x, 'middle');
  for (let level = levels - 1; level >= 0; level--) {
    const kernel = weights.get(`up${level}/kernel`) as tf.Tensor4D;
    const [count, height, width] = x.shape;
    const up = tf.conv2dTranspose(
      x,
      kernel,
      [count, height * 2, width * 2, kernel.shape[2]],
      2,
      'valid',
    );
    const biased: tf.Tensor4D = tf.add(up, weights.get(`up${level}/bias`));
    x = twice(tf.concat([skips[level]!, biased], 3), `decoder${level}`);
  }
  const logits = tf.conv2d(x, weights.get('head/kernel') as tf.Tensor4D, 1, 'same');
  return tf.add(logits, weights.get('head/bias'));
}

/** Kernels that ours replace; a swap makes the composed step run on stock ones. */
const replaced = [
  ...['Concat', 'Conv2D', 'Conv2DBackpropFilter', 'Conv2DBackpropInput', 'Identity'],
  ...['MaxPoolGrad', 'SplitV'],
];

function install(kernels: readonly tf.KernelConfig[]): void {
  for (const kernel of kernels) {
    tf.unregisterKernel(kernel.kernelName, 'wasm');
    tf.registerKernel(kernel);
  }
}

function kernelsNow(): tf.KernelConfig[] {
  return replaced.map((name) => tf.getKernel(name, 'wasm'));
}

function timed(step: () => number, times: number[]): number {
  const start = performance.now();
  const loss = step();
  times.push(performance.now() - start);
  return loss;
}

function median(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

async function compare(size: Size, stock: readonly tf.KernelConfig[]): Promise<void> {
  await tf.setBackend('wasm');
  const ours = kernelsNow();
  const data = makeData(size.pixels);
  const steps = { ours: ourStep(size, data), composed: composedStep(size, data) };
  const times: Record<keyof typeof steps, number[]> = { ours: [], composed: [] };
  const losses = { ours: 0, composed: 0 };
  for (let round = 0; round < size.rounds; round++) {
    install(stock);
    losses.composed = timed(steps.composed, times.composed);
    install(ours);
    losses.ours = timed(steps.ours, times.ours);
  }
  // The first steps compile and allocate.
  const oursMedian = median(times.ours.slice(1));
  const composedMedian = median(times.composed.slice(1));
  print(size.name, 'ours, wasm', oursMedian, 1, losses.ours);
  print(size.name, 'composed, wasm', composedMedian, composedMedian / oursMedian, losses.composed);
  if (size.cpuRounds === 0) return;

  await startEngine('cpu');
  const cpuTimes: number[] = [];
  const onCpu = composedStep(size, makeData(size.pixels));
  let loss = 0;
  for (let round = 0; round < size.cpuRounds; round++) loss = timed(onCpu, cpuTimes);
  print(size.name, 'composed, cpu', median(cpuTimes), median(cpuTimes) / oursMedian, loss);
}

function print(
  size: string,
  what: string,
  milliseconds: number,
  ratio: number,
  loss: number,
): void {
  const cells = [
    size.padEnd(3),
    what.padEnd(16),
    `${milliseconds.toFixed(1)} ms`.padStart(12),
    `${ratio.toFixed(1)} x`.padStart(9),
    `loss ${loss.toFixed(6)}`.padStart(15),
  ];
  console.log(cells.join(' '));
}

// Stock kernels are taken before ours are registered. The gradient of a filter has none: the
// transpose-and-convolve form stands in, which everyone would write.
await import('@tensorflow/tfjs-backend-wasm');
await tf.setBackend('wasm');
tf.registerKernel({
  kernelName: convolutionFilterGradient.name,
  backendName: 'wasm',
  kernelFunc: convolutionFilterGradient.run,
});
const stock = kernelsNow();
await startEngine('wasm');
const only = process.argv[2];
for (const size of sizes) if (only === undefined || only === size.name) await compare(size, stock);

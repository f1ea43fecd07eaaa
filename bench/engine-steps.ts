/**
 * Time of a training step on one engine, for a graphics card to be looked at:
 *
 *   npm run bench:engine -- webgpu [--networks S,L,U] [--steps 10]
 *
 * S: 64 x 64, 8 filters, batch 4. L: 128 x 128, 16 filters, batch 4. U: the U-Net of 2015 at its
 * full width, 64 filters, 512 x 512, batch 1, of padded convolutions. Four levels, batch norms,
 * Adam. Of each step the loss is read, as in a training. Prints medians, and how much of a step
 * passes until all of it is handed to the device.
 *
 * On webgpu the same steps run on TensorFlow.js' own kernels as well, alternately.
 */
import { parseArgs } from 'node:util';
import { engineNames, type EngineName } from '../src/runtime/engines/engine.js';
import { startEngine } from '../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../src/runtime/network/functional.js';
import { adam } from '../src/runtime/network/optimizers/adam.js';
import { Optimizer } from '../src/runtime/network/optimizers/optimizer.js';
import { trainingStep } from '../src/runtime/network/training-step.js';
import { initialiseWeights } from '../src/runtime/network/weights.js';
import { Random } from '../src/runtime/random.js';
import * as tf from '../src/runtime/tensorflow.js';
import { buildUnet } from '../test/runtime/graph-builder.js';

const networks = {
  S: { pixels: 64, filters: 8, batch: 4 },
  L: { pixels: 128, filters: 16, batch: 4 },
  U: { pixels: 512, filters: 64, batch: 1 },
} as const;
type NetworkName = keyof typeof networks;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    networks: { type: 'string', default: 'S,L,U' },
    steps: { type: 'string', default: '10' },
  },
});
const engineName = engineNames.find((name) => name === positionals[0]);
if (engineName === undefined) throw new Error(`name an engine: ${engineNames.join(', ')}`);

interface Times {
  readonly handed: number[];
  readonly done: number[];
}

/** Kernels by name, of the engine in use. */
type Kernels = ReadonlyMap<string, tf.KernelConfig>;
const kernelsNow = (backend: string): Kernels =>
  new Map(tf.getKernelsForBackend(backend).map((kernel) => [kernel.kernelName, kernel]));

/** Puts these kernels in place of those that are there. */
function install(kernels: Kernels, backend: string): void {
  for (const name of kernelsNow(backend).keys()) tf.unregisterKernel(name, backend);
  for (const kernel of kernels.values()) tf.registerKernel(kernel);
}

/** Makes steps of a network, timed one by one; gives the loss of each. */
function stepsOf({ pixels, filters, batch }: (typeof networks)[NetworkName]) {
  const graph = buildUnet(4, filters);
  const random = new Random(7);
  const fill = (channels: number, draw: () => number): tf.Tensor4D =>
    tf.tensor4d(Float32Array.from({ length: batch * pixels * pixels * channels }, draw), [
      batch,
      pixels,
      pixels,
      channels,
    ]);
  const image = fill(3, () => random.uniform());
  const target = fill(1, () => random.integer(2));
  const optimizer = new Optimizer(adam());
  const weights = initialiseWeights(graph, new Random(1));
  const stepOptions = {
    ...{ network: buildFunctionalNetwork(graph), weights, optimizer },
    loss: (outputs: ReadonlyMap<string, tf.Tensor4D>): tf.Scalar => {
      const logits = outputs.get('mask')!;
      const rest = tf.log1p(tf.exp(tf.neg(tf.abs(logits))));
      return tf.mean(tf.sub(tf.add(tf.relu(logits), rest), tf.mul(logits, target)));
    },
  };
  return {
    step: async ({ handed, done }: Times): Promise<number> => {
      const start = performance.now();
      const loss = trainingStep(stepOptions, { image, learningRate: 1e-3 });
      handed.push(performance.now() - start);
      const [value] = await loss.data();
      done.push(performance.now() - start);
      loss.dispose();
      return value!;
    },
    dispose: (): void => {
      tf.dispose([image, target]);
      weights.dispose();
      optimizer.dispose();
    },
  };
}

const median = (times: readonly number[]): number =>
  [...times].sort((a, b) => a - b)[times.length >> 1]!;

function print(network: string, kernels: string, { handed, done }: Times, loss: number): void {
  // The first steps compile and allocate.
  const [all, own] = [median(done.slice(2)), median(handed.slice(2))];
  const { batch } = networks[network as NetworkName];
  const cells = [
    network.padEnd(2),
    kernels.padEnd(13),
    `${all.toFixed(1)} ms`.padStart(12),
    `${((1000 * batch) / all).toFixed(1)} images/s`.padStart(16),
    `handed over in ${own.toFixed(1)} ms`.padStart(28),
    `loss ${loss.toFixed(6)}`.padStart(15),
  ];
  console.log(cells.join(' '));
}

/** The kernels of a package, before ours take their places. */
async function stockKernels(name: EngineName): Promise<Kernels | undefined> {
  if (name !== 'webgpu') return undefined;
  await import('@tensorflow/tfjs-backend-webgpu' as string);
  return kernelsNow('webgpu');
}

const stock = await stockKernels(engineName);
const engine = await startEngine(engineName);
console.log(engine.description);
const ours = kernelsNow(engine.backend);
const kinds: readonly (readonly [string, Kernels])[] = [
  ['our kernels', ours],
  ...(stock === undefined ? [] : [['stock kernels', stock] as const]),
];
for (const name of options.networks.split(',') as NetworkName[]) {
  const runs = kinds.map(([title, kernels]) => ({
    ...{ title, kernels, ...stepsOf(networks[name]), loss: NaN },
    times: { handed: [], done: [] } as Times,
  }));
  for (let round = 0; round < Number(options.steps) + 2; round++) {
    for (const each of runs) {
      install(each.kernels, engine.backend);
      each.loss = await each.step(each.times);
    }
  }
  for (const { title, times, loss, dispose } of runs) {
    print(name, title, times, loss);
    dispose();
  }
}

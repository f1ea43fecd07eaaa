import { beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { describeFailure } from '../../../src/runtime/engines/describe-failure.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { modelBytes } from '../../../src/runtime/onnx/model-bytes.js';
import type { OnnxRuntime, OnnxSessionOptions } from '../../../src/runtime/onnx/onnx-runtime.js';
import { startOnnx } from '../../../src/runtime/onnx/start-onnx.js';
import { graphToPredict } from '../../../src/runtime/prediction/predicted-graph.js';
import type { WeightedGraph, Windows } from '../../../src/runtime/prediction/window-network.js';
import { Random } from '../../../src/runtime/random.js';
import { compiled, smallSpec } from '../training/support.js';
import { runtimeForPages } from './runtime-for-pages.js';

let network: WeightedGraph;
beforeAll(async () => {
  await startEngine('wasm');
  const { model, recipe } = compiled(smallSpec.replace('conv(1, 1) -> sigmoid', 'conv(3, 1)'));
  const store = initialiseWeights(model.graph, new Random(1));
  const { graph } = graphToPredict(model, recipe);
  network = { graph, recipe, weights: await store.values() };
  store.dispose();
});

const windows: Windows = {
  ...{ count: 2, height: 6, width: 10, channels: 1 },
  data: Float32Array.from({ length: 120 }, (_, i) => ((i * 37) % 101) / 50 - 1),
};

/** What a session of a made-up library does: how far it is from right, how long it takes. */
interface Fake {
  readonly error: number;
  readonly milliseconds: number;
}

/** A library in which every provider gives one third everywhere, but for its error. */
function fakeRuntime(providers: Readonly<Record<string, Fake | 'broken'>>): {
  readonly runtime: OnnxRuntime;
  readonly options: OnnxSessionOptions[];
  readonly released: string[];
} {
  const options: OnnxSessionOptions[] = [];
  const released: string[] = [];
  class Tensor {
    constructor(
      readonly type: 'float32',
      readonly data: Float32Array,
      readonly dims: readonly number[],
    ) {}
  }
  const create: OnnxRuntime['InferenceSession']['create'] = (_model, given) => {
    options.push(given);
    const [name = ''] = given.executionProviders ?? [];
    const fake = providers[name];
    if (fake === undefined || fake === 'broken') return Promise.reject(new Error('no driver.'));
    return Promise.resolve({
      run: async ({ image }) => {
        const end = performance.now() + fake.milliseconds;
        while (performance.now() < end);
        const [count = 0, , height = 0, width = 0] = image!.dims;
        const data = new Float32Array(count * 3 * height * width).fill(1 / 3 + fake.error);
        return Promise.resolve({ mask: new Tensor('float32', data, [count, 3, height, width]) });
      },
      release: () => {
        released.push(name);
        return Promise.resolve();
      },
    });
  };
  const accelerators = Object.keys(providers).filter((name) => name !== 'cpu');
  const runtime = { env: {}, Tensor, InferenceSession: { create }, processor: 'cpu', accelerators };
  return { runtime, options, released };
}

test.each([
  ['alone', { cpu: { error: 0, milliseconds: 1 } }, 'onnx: the processor, a thread for each core'],
  [
    'with one that is right and faster',
    { cpu: { error: 0, milliseconds: 30 }, cuda: { error: 1e-6, milliseconds: 1 } },
    'onnx: CUDA',
  ],
  [
    'with one that does not start, and a second',
    {
      cpu: { error: 0, milliseconds: 30 },
      ...{ cuda: 'broken' as const, coreml: { error: 0, milliseconds: 1 } },
    },
    'onnx: Core ML; CUDA is installed but does not start',
  ],
  [
    'with one that rounds',
    { cpu: { error: 0, milliseconds: 30 }, dml: { error: 0.002, milliseconds: 1 } },
    'onnx: the processor, a thread for each core; DirectML differs from it by 0.002',
  ],
  [
    'with one that gives no numbers',
    { cpu: { error: 0, milliseconds: 30 }, dml: { error: NaN, milliseconds: 1 } },
    'onnx: the processor, a thread for each core; DirectML fails, or gives no numbers',
  ],
])('a processor %s: %s', async (_name, providers, line) => {
  const told: string[] = [];
  const { runtime } = fakeRuntime(providers);
  const engine = await startOnnx({ runtime, tell: (text) => told.push(text) });
  await engine.prepare(network);
  await engine.prepare(network);
  expect(told).toEqual([line]);
});

test('one that is slower than the processor is not used, and released', async () => {
  const told: string[] = [];
  const slow = { cpu: { error: 0, milliseconds: 1 }, cuda: { error: 0, milliseconds: 40 } };
  const { runtime, released } = fakeRuntime(slow);
  const engine = await startOnnx({ runtime, tell: (text) => told.push(text) });
  await engine.prepare(network);
  expect(told[0]).toMatch(/^onnx: the processor.*; CUDA takes \d+\.\d times as long$/);
  expect(released).toEqual(['cuda']);
});

test('the threads that are asked for are those of the session', async () => {
  const told: string[] = [];
  const { runtime, options } = fakeRuntime({ cpu: { error: 0, milliseconds: 0 } });
  const tell = (line: string): void => void told.push(line);
  await (await startOnnx({ runtime, threads: 3, tell })).prepare(network);
  await (await startOnnx({ runtime })).prepare(network);
  expect(options.map(({ intraOpNumThreads }) => intraOpNumThreads)).toEqual([3, undefined]);
  expect(told).toEqual(['onnx: the processor, 3 threads']);
  await expect(startOnnx({ runtime, threads: 1.5 })).rejects.toThrow('whole number from 1 up');
});

test('what the library throws is a message: memory that is full, and the rest', async () => {
  const { runtime } = fakeRuntime({ cpu: { error: 0, milliseconds: 0 } });
  const throwing = (message: string): OnnxRuntime => ({
    ...runtime,
    InferenceSession: {
      create: () =>
        Promise.resolve({
          run: () => Promise.reject(new Error(message)),
          release: () => Promise.resolve(),
        }),
    },
  });
  const failure = async (message: string): Promise<string | undefined> => {
    const ready = await (await startOnnx({ runtime: throwing(message) })).prepare(network);
    const error: unknown = await ready.run(windows).catch((thrown: unknown) => thrown);
    return describeFailure(error)?.message;
  };
  expect(
    await failure('bfc_arena.cc Failed to allocate memory for requested buffer of size 9'),
  ).toBe(
    'The engine "onnx" ran out of memory: bfc_arena.cc Failed to allocate memory for requested buffer of size 9; what it computed in this call is discarded.',
  );
  expect(await failure('Non-zero status code.\nsecond line')).toBe(
    'The engine "onnx" failed: Non-zero status code; what it computed in this call is discarded.',
  );
  const broken = fakeRuntime({ cpu: 'broken' }).runtime;
  const refused: unknown = await (
    await startOnnx({ runtime: broken })
  )
    .prepare(network)
    .catch((thrown: unknown) => thrown);
  expect(describeFailure(refused)?.message).toMatch('The engine "onnx" failed: no driver');
});

const inPages = runtimeForPages === undefined ? test.skip : test;

inPages('weights that are too many for one message lie beside the model, in memory', async () => {
  const apart = modelBytes(network, 1000);
  expect(apart.externalData.map(({ path }) => path)).toEqual(['weights']);
  expect(apart.model.byteLength).toBeLessThan(modelBytes(network).model.byteLength);
  const { InferenceSession, Tensor } = runtimeForPages!;
  const digests: string[] = [];
  for (const { model, externalData } of [apart, modelBytes(network)]) {
    const session = await InferenceSession.create(model, { externalData });
    const image = new Tensor('float32', windows.data, [2, 1, 6, 10]);
    const { mask } = await session.run({ image });
    await session.release();
    digests.push(createHash('sha256').update(Buffer.from(mask!.data.buffer)).digest('hex'));
  }
  expect(digests[0]).toBe(digests[1]);
});

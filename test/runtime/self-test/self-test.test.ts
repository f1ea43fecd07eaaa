import { readFileSync } from 'node:fs';
import { beforeEach, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { renderSelfTest, selfTestPath } from '../../../scripts/render-self-test.js';
import { compileText } from '../../../src/compile.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { Random } from '../../../src/runtime/random.js';
import { makeBatch, measureStep } from '../../../src/runtime/self-test/measure.js';
import { batch, selfTestSpec, side } from '../../../src/runtime/self-test/network.js';
import { compareTraces, testEngine } from '../../../src/runtime/self-test/self-test.js';
import { expectedTraces } from '../../../src/runtime/self-test/traces.generated.js';
import { relativeError } from '../numeric.js';
import { evaluateNetwork } from '../reference-network.js';

const engine = 'wasm';

beforeEach(async () => {
  await startEngine(engine);
});

test('the stored numbers are what the plain engine computes', async () => {
  expect(readFileSync(selfTestPath, 'utf8')).toBe(await renderSelfTest());
});

test('its network is what its operations are defined as', () => {
  const [model] = compileText('self-test', selfTestSpec).models;
  const weights = initialiseWeights(model!.graph, new Random(1));
  const { image, values } = makeBatch();
  const outputs = buildFunctionalNetwork(model!.graph).forward(weights, image).outputs;
  const found = outputs.get('mask')!.dataSync();
  const arrays = new Map(weights.specs.map(({ name }) => [name, weights.get(name).dataSync()]));
  const area = side * side;
  for (let n = 0; n < batch; n++) {
    const own = Float64Array.from(values.subarray(n * area * 3, (n + 1) * area * 3));
    const [defined] = evaluateNetwork(model!.graph, arrays, {
      shape: [side, side, 3],
      values: own,
    });
    expect(relativeError(found.subarray(n * area, (n + 1) * area), defined!.values)).toBeLessThan(
      1e-5,
    );
  }
});

test('an engine that computes rightly passes, and keeps no tensor', async () => {
  const before = tf.memory().numTensors;
  const { fault, milliseconds } = await testEngine();
  expect(fault).toBeUndefined();
  expect(milliseconds).toBeGreaterThan(0);
  expect(tf.memory().numTensors).toBe(before);
});

/** Runs `work` with a kernel in place of its own; gives what `work` gives. */
async function withKernel<T>(
  kernelName: string,
  change: (kernel: tf.KernelFunc) => tf.KernelFunc,
  work: () => Promise<T>,
): Promise<T> {
  const own = tf.getKernel(kernelName, engine);
  tf.unregisterKernel(kernelName, engine);
  tf.registerKernel({ ...own, kernelFunc: change(own.kernelFunc) });
  try {
    return await work();
  } finally {
    tf.unregisterKernel(kernelName, engine);
    tf.registerKernel(own);
  }
}

/** The kernels of the engine that the step runs. */
async function kernelsOfStep(): Promise<readonly string[]> {
  const known = new Set(tf.getKernelsForBackend(engine).map(({ kernelName }) => kernelName));
  const { kernels } = await tf.profile(async () => {
    await measureStep();
    return [];
  });
  return [...new Set(kernels.map(({ name }) => name))].filter((name) => known.has(name));
}

describe('a kernel that is wrong by a hundredth is found out', () => {
  /** They move values without computing any, or give no numbers. */
  const movers = new Set([
    'Identity',
    'Reshape',
    'Cast',
    'Fill',
    'ZerosLike',
    'OnesLike',
    'Greater',
  ]);

  test('whichever it is', async () => {
    const names = (await kernelsOfStep()).filter((name) => !movers.has(name));
    expect(names.length).toBeGreaterThan(15);
    const unnoticed: string[] = [];
    for (const name of names) {
      const wrong = await withKernel(
        name,
        (kernel) => (call) => {
          const result = kernel(call);
          for (const info of Array.isArray(result) ? result : [result]) spoil(info);
          return result;
        },
        testEngine,
      );
      if (wrong.fault === undefined) unnoticed.push(name);
    }
    expect(unnoticed).toEqual([]);
  });

  function spoil({ dataId, shape }: tf.TensorInfo): void {
    const { wasm, dataIdMap } = tf.backend() as unknown as {
      readonly wasm: { readonly HEAPF32: Float32Array };
      readonly dataIdMap: { get(id: object): { readonly memoryOffset: number; dtype: string } };
    };
    const { memoryOffset, dtype } = dataIdMap.get(dataId);
    if (dtype !== 'float32') return;
    const at = memoryOffset / 4;
    const view = wasm.HEAPF32.subarray(at, at + tf.util.sizeFromShape(shape));
    for (let i = 0; i < view.length; i++) view[i]! *= 1.01;
  }
});

test('a fault names the value, what was found and what was expected', () => {
  const found = { ...expectedTraces, loss: [2, -2] as const };
  expect(compareTraces(found, expectedTraces)).toMatch(
    /^the loss is wrong: norm 2.00000 .* expected /,
  );
});

test('an engine that throws fails with what it says', async () => {
  const broken = await withKernel(
    'Conv2D',
    () => () => {
      throw new Error('no such instruction.\nmore');
    },
    testEngine,
  );
  expect(broken.fault).toBe('no such instruction');
});

import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import type { Gpu } from '../../../src/runtime/engines/webgpu/api.js';
import { EngineError, EngineFailure } from '../../../src/runtime/engines/engine.js';
import { failureOfEngine } from '../../../src/runtime/engines/guard.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { openDevice } from '../../../src/runtime/engines/webgpu/open-device.js';
import { describeOnWebgpu } from '../webgpu.js';
import { runAlone } from './run-alone.js';

/** An image that is too large to be computed on the processor in passing. */
const image = (value = 1): tf.Tensor => tf.fill([100, 100], value);
const firstOf = async (tensor: tf.Tensor): Promise<number> => (await tensor.data())[0]!;
const lose = (): void =>
  (tf.backend() as unknown as { device: { destroy(): void } }).device.destroy();

describeOnWebgpu('the webgpu engine', () => {
  beforeEach(async () => {
    await startEngine('webgpu');
  });
  afterEach(async () => {
    await startEngine('webgpu');
    expect(failureOfEngine()).toBeUndefined();
  });

  test('says what computes, and starts once', async () => {
    const engine = await startEngine('webgpu');
    expect(engine).toMatchObject({ name: 'webgpu', backend: 'webgpu', threads: undefined });
    expect(engine.description).toMatch(/^WebGPU on .+, tensors up to \d+ MiB$/);
    const backend = tf.backend();
    await startEngine('wasm');
    expect(await startEngine('webgpu')).toBe(engine);
    expect(tf.backend()).toBe(backend);
  });

  test('leaves nothing in the navigator, which would keep the process alive', () => {
    const { navigator } = globalThis as { navigator?: object };
    expect(navigator === undefined || !('gpu' in navigator)).toBe(true);
  });

  test('a tensor larger than the device takes ends it, out of memory', async () => {
    const large = tf.ones([2 ** 17, 1]);
    const product = (): tf.Tensor => tf.matMul(large, large, false, true);
    expect(product).toThrow(EngineFailure);
    expect(failureOfEngine()).toMatchObject({ backend: 'webgpu', kind: 'out-of-memory' });
    expect(() => image()).toThrow(EngineFailure);
  });

  test('a lost device ends it: readings under way and all that follows', async () => {
    const before = tf.square(image());
    const reading = before.data();
    lose();
    await expect(reading).rejects.toMatchObject({ name: 'EngineFailure', kind: 'broken' });
    await expect(before.data()).rejects.toBeInstanceOf(EngineFailure);
    expect(() => tf.square(image())).toThrow('the device was lost');
    expect(() => before.dispose()).not.toThrow();
  });

  test('a fresh start opens another device', async () => {
    lose();
    await expect(tf.square(image()).data()).rejects.toBeInstanceOf(EngineFailure);
    await startEngine('webgpu');
    expect(await firstOf(tf.square(image(3)))).toBe(9);
  });

  test('a process ends by itself, with nothing on its outputs but what it says', async () => {
    const [printed] = await runAlone('on-webgpu', [[]]);
    expect(printed).toBe('9\n');
  });
});

describe('an adapter', () => {
  const limits = {
    ...{ maxBufferSize: 2 ** 32, maxStorageBufferBindingSize: 2 ** 31 },
    ...{ maxStorageBuffersPerShaderStage: 8, maxComputeWorkgroupStorageSize: 16384 },
    ...{ maxComputeInvocationsPerWorkgroup: 256, maxComputeWorkgroupSizeX: 256 },
    ...{ maxComputeWorkgroupSizeY: 256, maxComputeWorkgroupsPerDimension: 65535 },
  };
  const card = { vendor: 'nvidia', architecture: 'hopper', device: '', description: '' };
  const gpuOf = (info: object | null, device: () => unknown = () => ({})): Gpu => ({
    requestAdapter: () =>
      Promise.resolve(
        info && ({ info, limits, requestDevice: () => Promise.resolve().then(device) } as never),
      ),
  });

  test.each([
    [card, 'WebGPU on nvidia hopper, tensors up to 2048 MiB'],
    [
      { ...card, description: 'NVIDIA GeForce RTX 4070' },
      'WebGPU on NVIDIA GeForce RTX 4070, tensors up to 2048 MiB',
    ],
    [
      { ...card, description: 'Some device', isFallbackAdapter: true },
      'WebGPU on Some device, in software, tensors up to 2048 MiB',
    ],
    [
      { ...card, architecture: '', vendor: 'mesa', description: 'llvmpipe (LLVM 15.0.6)' },
      'WebGPU on llvmpipe (LLVM 15.0.6), in software, tensors up to 2048 MiB',
    ],
    [
      { vendor: '', architecture: '', device: '', description: '' },
      'WebGPU on unnamed adapter, tensors up to 2048 MiB',
    ],
  ])('%j', async (info, description) => {
    expect((await openDevice(gpuOf(info))).description).toBe(description);
  });

  test('none, or one without a device, is explained', async () => {
    const none = openDevice(gpuOf(null));
    await expect(none).rejects.toBeInstanceOf(EngineError);
    await expect(none).rejects.toThrow('WebGPU finds no graphics card here; it needs');
    const refused = openDevice(
      gpuOf(card, () => {
        throw new Error('no');
      }),
    );
    await expect(refused).rejects.toThrow('The graphics card "nvidia hopper" gives no device: no');
  });
});

import { expect, test } from '@jest/globals';
import { optimizers } from '../../../src/catalog/optimizers.js';
import { modelMemory, optimizerSlots } from '../../../src/runtime/memory/model-memory.js';
import { buildOptimizer } from '../../../src/runtime/training/build-optimizer.js';
import { callCli } from '../../cli/run-cli.js';
import { compiled, smallSpec } from '../training/support.js';

const withOptimizer = (name: string): ReturnType<typeof compiled> =>
  compiled(smallSpec.replace('adam(lr: 0.01)', `${name}(lr: 0.01)`));

test.each(Object.keys(optimizers))('%s keeps as many tensors as stated', (name) => {
  const { optimizer } = withOptimizer(name).recipe;
  expect(optimizerSlots[optimizer.name]).toBe(buildOptimizer(optimizer).optimizer.slotCount);
});

test('what is told grows with the image, and more for training than for predicting', () => {
  const { model } = compiled();
  const [small, large] = [modelMemory(model, [128, 128]), modelMemory(model, [256, 256])];
  expect(large.weights).toBe(small.weights);
  for (const key of ['prediction', 'training'] as const) {
    expect(large[key]).toBeGreaterThan(2 * small[key]);
  }
  expect(small.training).toBeGreaterThan(2 * small.prediction);
  expect(modelMemory(withOptimizer('sgd').model, [128, 128]).training).toBeLessThan(small.training);
});

test('the summary tells it, at the size asked for', async () => {
  const spec = 'specs/nuclei.unet';
  const reported = async (size: string): Promise<ReturnType<typeof modelMemory>> => {
    const { stdout } = await callCli(['summary', spec, '--size', size, '--json'], { folder: '.' });
    return (JSON.parse(stdout) as { memory: ReturnType<typeof modelMemory> }).memory;
  };
  const [small, large] = [await reported('64x64'), await reported('128x128')];
  expect(small.weights).toBe(4 * 487_881);
  expect(large.training).toBeGreaterThan(small.training);
  const { stdout } = await callCli(['summary', spec, '--size', '128x128'], { folder: '.' });
  const mib = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  expect(stdout).toContain(
    `memory           about ${mib(large.prediction)} to predict an image, ${mib(large.training)} to train with a batch of one`,
  );
});

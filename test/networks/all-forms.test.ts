import { afterAll, describe, expect, test } from '@jest/globals';
import type * as tf from '../../src/runtime/tensorflow.js';
import * as fc from 'fast-check';
import { layers } from '../../src/catalog/layers.js';
import { compileText } from '../../src/compile.js';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { emitCase } from '../codegen/cases.js';
import { loadModule, removeModules } from '../codegen/load-module.js';
import { compareForms, largestMap, tellingSizes } from './forms.js';
import { randomNetwork } from './random-network.js';

afterAll(removeModules);

/** `RANDOM_NETWORKS=2000` tries more, `SEED=7` others. */
const runs = Number(process.env['RANDOM_NETWORKS'] ?? 24);
const seed = Number(process.env['SEED'] ?? 20150518);

/** Pixels of the largest tensor that the reference still has time for. */
const mostPixels = 1500;

const buildOf = async (text: string): Promise<() => tf.LayersModel> => {
  const { code } = await emitCase({ name: 'random', file: 'random.unet', text, isValid: true });
  return (await loadModule(code))['buildRandom'] as () => tf.LayersModel;
};

describe.each(['wasm', 'cpu'] as const)('on %s', (engine) => {
  test('random networks are the same in every form', async () => {
    await startEngine(engine);
    const numRuns = engine === 'cpu' ? Math.ceil(runs / 3) : runs;
    let [compiled, compared] = [0, 0];
    const check = fc.asyncProperty(randomNetwork, async (text) => {
      const { models, diagnostics } = compileText('random.unet', text);
      const [model] = models;
      if (hasErrors(diagnostics) || model === undefined) return;
      compiled += 1;
      const build = await buildOf(text);
      for (const size of tellingSizes(model, 6)) {
        if (largestMap(model, size) > mostPixels) continue;
        compared += 1;
        expect([text, size, await compareForms(model, size, build)]).toEqual([text, size, []]);
      }
    });
    await fc.assert(check, { numRuns, seed });
    expect(compiled).toBeGreaterThan(numRuns / 10);
    expect(compared).toBeGreaterThan(compiled);
  });
});

test('a skip cut along one axis alone is the same in every form', async () => {
  await startEngine('wasm');
  const text = `model A {
  input image: [H, W, 1]
  encoder plain {
    widths: [2, 2]
    stage: conv(2, 3)
    down: conv(2, stride: 2, padding: same)
    level 2 { stage: conv(2, padding: [0, 1]) }
  }
  skip plain {
    align: crop
    merge: [skip, up] -> concat
  }
  decoder {
    up: conv_transpose(2, 2, stride: 2) -> conv(2, 3)
    stage: conv(2, 3)
  }
  head mask: conv(1, 1)
}`;
  const { models, diagnostics } = compileText('a.unet', text);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  for (const size of tellingSizes(models[0]!, 16)) {
    expect(await compareForms(models[0]!, size)).toEqual([]);
  }
});

test('random networks have every layer and every option of the catalogue', () => {
  const texts = fc.sample(randomNetwork, { numRuns: 1500, seed });
  const steps = texts.flatMap((text) => text.match(/\w+\([^()]*\)|\w+/g) ?? []);
  for (const [name, { options }] of Object.entries(layers)) {
    const calls = steps.filter((each) => each === name || each.startsWith(`${name}(`));
    expect([name, calls.length > 0]).toEqual([name, true]);
    const positional: readonly string[] = layers[name as keyof typeof layers].positional;
    for (const option of Object.keys(options)) {
      const isGiven =
        positional.includes(option) || calls.some((each) => each.includes(`${option}: `));
      expect([name, option, isGiven]).toEqual([name, option, true]);
    }
  }
});

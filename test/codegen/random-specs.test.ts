import { afterAll, beforeAll, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import * as fc from 'fast-check';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import { compileText } from '../../src/compile.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { buildLayersModel, setModelWeights } from '../../src/runtime/network/layers-model.js';
import { initialiseWeights } from '../../src/runtime/network/weights.js';
import { Random } from '../../src/runtime/random.js';
import { emitCase, root } from './cases.js';
import { randomSpec } from './random-specs.js';

const folder = join(root, `.tmp/random-${process.pid}`);
beforeAll(async () => {
  await startEngine('cpu');
  mkdirSync(folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

/** `RANDOM_SPECS=500` tries more. */
const runs = Number(process.env['RANDOM_SPECS'] ?? 30);
let count = 0;
let compiled = 0;

test('modules of random specs compute what their graphs compute', async () => {
  const check = fc.asyncProperty(randomSpec, async (text) => {
    const { models, diagnostics } = compileText('random.unet', text);
    if (hasErrors(diagnostics)) return;
    compiled += 1;
    const { graph } = models[0]!;
    const built = await load(text);
    const names = (model: tf.LayersModel): readonly string[] =>
      model.layers.map((layer) => layer.name).sort();
    const reference = buildLayersModel(graph);
    expect(names(built)).toEqual(names(reference));
    const weights = initialiseWeights(graph, new Random(1));
    setModelWeights(reference, graph, weights);
    setModelWeights(built, graph, weights);
    const difference = tf.tidy(() => {
      const image = tf.randomNormal<tf.Rank.R4>([1, 5, 4, 2], 0, 1, 'float32', 3);
      const [left, right] = [built, reference].map((model) => model.predict(image) as tf.Tensor);
      return tf.max(tf.abs(tf.sub(left!, right!))).dataSync()[0];
    });
    expect(difference).toBe(0);
    for (const each of [built, reference, weights]) each.dispose();
  });
  await fc.assert(check, { numRuns: runs, seed: 20151 });
  expect(compiled).toBeGreaterThan(runs / 2);
});

async function load(text: string): Promise<tf.LayersModel> {
  const each = { name: 'random', file: 'random.unet', text, isValid: true };
  const { code } = await emitCase(each);
  const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
  const file = join(folder, `${(count += 1)}.mjs`);
  writeFileSync(file, ts.transpileModule(code, { compilerOptions }).outputText);
  const exports = (await import(pathToFileURL(file).href)) as {
    readonly buildRandom: () => tf.LayersModel;
  };
  return exports.buildRandom();
}

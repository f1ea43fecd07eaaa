import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type * as tf from '../../src/runtime/tensorflow.js';
import * as fc from 'fast-check';
import { hasErrors } from '../../src/diagnostics/diagnostic.js';
import { compileText } from '../../src/compile.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { layeredGraph } from '../../src/codegen/tfjs/layered-graph.js';
import { layersOf } from '../../src/codegen/tfjs/layers.js';
import { compareForms } from '../networks/forms.js';
import { emitCase } from './cases.js';
import { loadModule, removeModules } from './load-module.js';
import { randomSpec } from './random-specs.js';

beforeAll(async () => {
  await startEngine('cpu');
});
afterAll(removeModules);

/** `RANDOM_SPECS=500` tries more. */
const runs = Number(process.env['RANDOM_SPECS'] ?? 30);
let compiled = 0;

test('modules of random specs compute what their graphs compute', async () => {
  const check = fc.asyncProperty(randomSpec, async (text) => {
    const { models, diagnostics } = compileText('random.unet', text);
    if (hasErrors(diagnostics)) return;
    compiled += 1;
    const { graph } = models[0]!;
    const each = { name: 'random', file: 'random.unet', text, isValid: true };
    const exports = await loadModule((await emitCase(each)).code);
    const build = exports['buildRandom'] as () => tf.LayersModel;
    const built = build();
    const expected = layeredGraph(graph).nodes.flatMap((node) =>
      node.op.kind === 'input' ? [node.name] : layersOf(node).map(({ name }) => name),
    );
    expect(built.layers.map(({ name }) => name).sort()).toEqual([...expected].sort());
    built.dispose();
    expect(await compareForms({ graph }, [5, 4], build)).toEqual([]);
  });
  await fc.assert(check, { numRuns: runs, seed: 20151 });
  expect(compiled).toBeGreaterThan(runs / 2);
});

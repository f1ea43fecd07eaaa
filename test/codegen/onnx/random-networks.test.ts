import { beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compileText } from '../../../src/compile.js';
import { hasErrors } from '../../../src/diagnostics/diagnostic.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { largestMap, tellingSizes } from '../../networks/forms.js';
import { randomNetwork } from '../../networks/random-network.js';
import { compareOnnx, runtime } from './run-onnx.js';

beforeAll(async () => {
  await startEngine('wasm');
});

/** `RANDOM_NETWORKS=2000` tries more, `SEED=7` others. */
const runs = Number(process.env['RANDOM_NETWORKS'] ?? 120);
const seed = Number(process.env['SEED'] ?? 20150518);

const mostPixels = 20_000;

const withRuntime = runtime === undefined ? test.skip : test;

withRuntime('random networks are the same in ONNX Runtime', async () => {
  let compared = 0;
  const check = fc.asyncProperty(randomNetwork, async (text) => {
    const { models, diagnostics } = compileText('random.unet', text);
    const [model] = models;
    if (hasErrors(diagnostics) || model === undefined) return;
    const sizes = tellingSizes(model, 9).filter((size) => largestMap(model, size) <= mostPixels);
    if (sizes.length > 0) compared += 1;
    expect([text, await compareOnnx(model, sizes)]).toEqual([text, []]);
  });
  await fc.assert(check, { numRuns: runs, seed });
  expect(compared).toBeGreaterThan(runs / 4);
});

/**
 * What a prediction costs beside ONNX Runtime called by hand, in one process: images in
 * memory, from pixels to probabilities, against a session that is given tensors which are
 * ready. Both take turns; processor time, on one thread. Needs the package onnxruntime-node.
 *
 *     node scripts/run.mjs bench/prediction-overhead.ts [SPEC] [SIDE...]
 */
import { readFileSync } from 'node:fs';
import { compileRun } from '../src/runtime/training/run-spec.js';
import { startEngine } from '../src/runtime/engines/start-engine.js';
import { initialiseWeights } from '../src/runtime/network/weights.js';
import { modelBytes } from '../src/runtime/onnx/model-bytes.js';
import { loadOnnxRuntime } from '../src/runtime/onnx/onnx-runtime.js';
import { startOnnx } from '../src/runtime/onnx/start-onnx.js';
import { graphToPredict } from '../src/runtime/prediction/predicted-graph.js';
import { trainedNetwork } from '../src/runtime/prediction/trained-network.js';
import { Random } from '../src/runtime/random.js';

const [spec = 'specs/nuclei.unet', ...given] = process.argv.slice(2);
const sides = given.length === 0 ? [128, 256, 512, 1024] : given.map(Number);
const threads = 1;
/** Milliseconds that each side of a comparison takes at least. */
const enough = 2000;

const { run } = compileRun(spec, readFileSync(spec, 'utf8'));
if (run === undefined) throw new Error(`${spec} does not compile`);
await startEngine('cpu');
const store = initialiseWeights(run.model.graph, new Random(1));
const weights = await store.values();
const { graph } = graphToPredict(run.model, run.recipe);
const runtime = await loadOnnxRuntime();
const { model } = modelBytes({ graph, recipe: run.recipe, weights });
const session = await runtime.InferenceSession.create(model, {
  executionProviders: ['cpu'],
  intraOpNumThreads: threads,
});
const network = trainedNetwork(run, weights, {});
const predictor = await network.createPredictor({ engine: await startOnnx({ threads }) });
const { channels } = network.network;
const place = { file: 'image.png', start: 0, end: 0 };

for (const side of sides) {
  const random = new Random(side);
  const data = Float32Array.from({ length: side * side * channels }, () => random.uniform());
  const feed = new runtime.Tensor('float32', data, [1, channels, side, side]);
  const byHand = (): Promise<unknown> => session.run({ [graph.inputs[0]!.name]: feed });
  const ours = (): Promise<unknown> =>
    predictor.predict({ height: side, width: side, channels, data }, place);
  const times: Record<'byHand' | 'ours', number[]> = { byHand: [], ours: [] };
  const begin = performance.now();
  for (let round = 0; performance.now() - begin < 2 * enough || round < 5; round++) {
    times.byHand.push(await processorTime(byHand));
    times.ours.push(await processorTime(ours));
  }
  const [hand, own] = [median(times.byHand), median(times.ours)];
  const shown = [hand, own].map((each) => `${each.toFixed(1)} ms`.padStart(10)).join('');
  process.stdout.write(`${side} x ${side}: by hand, ours ${shown}  ${(own / hand).toFixed(2)} x\n`);
}
predictor.dispose();

async function processorTime(work: () => Promise<unknown>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

function median(times: readonly number[]): number {
  const sorted = times.slice(1).sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/**
 * What a prediction costs beside ONNX Runtime called by hand, in one process: images in
 * memory, from pixels to probabilities, against a session that is given tensors which are
 * ready. Last comes a photograph, beside its tiles. Both take turns; processor time, on one thread. Needs the package onnxruntime-node.
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
/** Milliseconds that a comparison takes at least. */
const enough = 4000;

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

for (const side of sides) await compare(side, side);
// A photograph of 12 megapixels beside what its tiles cost, one after the other.
await compare(3000, 4000);
predictor.dispose();

/**
 * Compares for images of one size. Where these are cut into tiles, the session is given one of
 * the tiles, and its time counts as often as there are tiles.
 */
async function compare(height: number, width: number): Promise<void> {
  const random = new Random(height);
  const data = Float32Array.from({ length: height * width * channels }, () => random.uniform());
  const predict = async (): Promise<string> => {
    const { value } = await predictor.predict({ height, width, channels, data }, place);
    return value!.description;
  };
  const plan = /into (\d+) tiles of (\d+) x (\d+)( \(width x height\))?/.exec(await predict());
  const [count = 1, one = height, other = width] = (plan ?? []).slice(1, 4).map(Number);
  const [rows, columns] = plan?.[4] === undefined ? [one, other] : [other, one];
  const values = new Float32Array(rows * columns * channels).map(() => random.uniform());
  const feed = new runtime.Tensor('float32', values, [1, channels, rows, columns]);
  const byHand = (): Promise<unknown> => session.run({ [graph.inputs[0]!.name]: feed });
  const times: Record<'byHand' | 'ours', number[]> = { byHand: [], ours: [] };
  const begin = performance.now();
  for (let round = 0; performance.now() - begin < enough || round < 5; round++) {
    times.byHand.push(await processorTime(byHand));
    times.ours.push(await processorTime(predict));
  }
  const [hand, own] = [count * median(times.byHand), median(times.ours)];
  const shown = [hand, own].map((each) => `${each.toFixed(1)} ms`.padStart(11)).join('');
  const tiles = count === 1 ? '' : `  ${count} tiles of ${rows} x ${columns}`;
  const size = `${height} x ${width}`.padEnd(12);
  process.stdout.write(`${size} by hand, ours ${shown}  ${(own / hand).toFixed(2)} x${tiles}\n`);
}

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

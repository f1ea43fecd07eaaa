import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '../../../src/runtime/tensorflow.js';
import { compileText, type CompiledModel } from '../../../src/compile.js';
import { hasErrors } from '../../../src/diagnostics/diagnostic.js';
import type { Graph } from '../../../src/ir/graph.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import type { OnnxRuntime } from '../../../src/runtime/onnx/onnx-runtime.js';
import { startOnnx } from '../../../src/runtime/onnx/start-onnx.js';
import { functionalEngine } from '../../../src/runtime/prediction/functional-engine.js';
import { graphToPredict } from '../../../src/runtime/prediction/predicted-graph.js';
import type { WeightedGraph, Windows } from '../../../src/runtime/prediction/window-network.js';
import { Random } from '../../../src/runtime/random.js';
import { tellingSizes } from '../../networks/forms.js';
import { normalValues } from '../numeric.js';

/** How the probabilities of one network on ONNX Runtime compare with those of the functional network. */
export interface SpecComparison {
  readonly name: string;
  /** The largest difference of a probability. */
  readonly difference: number;
  readonly pixels: number;
  /** Pixels that are painted as another class. */
  readonly otherClass: number;
}

/** Compares every spec of the repository. Starts the wasm engine. */
export async function compareSpecs(runtime: OnnxRuntime): Promise<readonly SpecComparison[]> {
  await startEngine('wasm');
  const found: SpecComparison[] = [];
  for (const file of readdirSync('specs').filter((name) => name.endsWith('.unet'))) {
    for (const model of narrowModels(file)) {
      found.push({ name: `${file}, ${model.name}`, ...(await compare(model, runtime)) });
    }
  }
  return found;
}

/** The models of a spec, with few channels where that is a parameter. */
function narrowModels(file: string): readonly CompiledModel[] {
  const text = readFileSync(join('specs', file), 'utf8');
  const narrow = compileText(file, text, { set: { base: '4' } });
  return (hasErrors(narrow.diagnostics) ? compileText(file, text) : narrow).models;
}

async function compare(
  model: CompiledModel,
  runtime: OnnxRuntime,
): Promise<Omit<SpecComparison, 'name'>> {
  const { recipe } = model;
  const { graph } = graphToPredict(model, recipe);
  const { channels } = graph.nodes[graph.inputs[0]!.node]!;
  const [height, width] = tellingSizes(model, 48).at(-1)!;
  const count = 2;
  const data = normalValues([count, height, width, channels], 3);
  const windows: Windows = { count, height, width, channels, data };
  const network = { graph, recipe, weights: await weightsLikeTrained(model.graph, windows) };
  const expected = await outputsOf(functionalEngine, network, windows);
  const found = await outputsOf(await startOnnx({ runtime }), network, windows);
  let [difference, pixels, otherClass] = [0, 0, 0];
  for (const { name, node } of graph.outputs) {
    const [values, own] = [expected.get(name)!, found.get(name)!];
    if (own.length !== values.length) return { difference: Infinity, pixels, otherClass };
    for (const [at, value] of values.entries()) {
      difference = Math.max(difference, Math.abs(value - own[at]!));
    }
    const { channels: classes } = graph.nodes[node]!;
    const others = classesOf(own, classes);
    for (const [pixel, each] of classesOf(values, classes).entries()) {
      pixels += 1;
      if (each !== others[pixel]) otherClass += 1;
    }
  }
  return { difference, pixels, otherClass };
}

async function outputsOf(
  engine: typeof functionalEngine,
  network: WeightedGraph,
  windows: Windows,
): ReturnType<Awaited<ReturnType<(typeof functionalEngine)['prepare']>>['run']> {
  const ready = await engine.prepare(network);
  const outputs = await ready.run(windows);
  ready.dispose();
  return outputs;
}

/** New weights whose norms have the statistics of the windows: values stay of the size that training keeps them at. */
async function weightsLikeTrained(
  graph: Graph,
  { count, height, width, channels, data }: Windows,
): Promise<ReadonlyMap<string, Float32Array>> {
  const store = initialiseWeights(graph, new Random(5));
  const nodes = graph.nodes.map((node) => ({
    ...node,
    isFrozen: false,
    op:
      node.op.kind === 'batch_norm'
        ? { ...node.op, running: { ...node.op.running, keep: 0.5 } }
        : node.op,
  }));
  tf.tidy(() => {
    const image = tf.tensor4d(data, [count, height, width, channels]);
    const options = { training: true, random: new Random(6) };
    const { updates } = buildFunctionalNetwork({ ...graph, nodes }).forward(store, image, options);
    for (const [name, value] of updates) store.assign(name, value);
  });
  const weights = await store.values();
  store.dispose();
  return weights;
}

/** The class of each pixel of an output. */
function classesOf(values: Float32Array, channels: number): readonly number[] {
  return Array.from({ length: values.length / channels }, (_, pixel) => {
    const own = values.subarray(pixel * channels, (pixel + 1) * channels);
    return channels === 1 ? Number(own[0]! > 0.5) : own.indexOf(Math.max(...own));
  });
}

import * as tf from '../../../src/runtime/tensorflow.js';
import { encodeModel } from '../../../src/codegen/onnx/encode.js';
import { emitOnnx } from '../../../src/codegen/onnx/emit.js';
import { foldNorms } from '../../../src/codegen/onnx/fold-norms.js';
import { joined } from '../../../src/codegen/onnx/protobuf.js';
import type { CompiledModel } from '../../../src/compile.js';
import { namedValues } from '../../../src/runtime/exports/onnx-weights.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import { prepareInference } from '../../../src/runtime/network/inference.js';
import type { WeightStore } from '../../../src/runtime/network/weights.js';
import { variedWeights } from '../../networks/forms.js';
import { normalValues } from '../../runtime/numeric.js';

/** ONNX Runtime, as much of it as the tests use. */
interface Runtime {
  readonly env: { readonly wasm: { numThreads: number }; logLevel: string };
  readonly Tensor: new (type: 'float32', data: Float32Array, shape: readonly number[]) => OrtTensor;
  readonly InferenceSession: { create(model: Uint8Array): Promise<OrtSession> };
}

interface OrtTensor {
  readonly dims: Shape4;
  readonly data: Float32Array;
}

interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Readonly<Record<string, OrtTensor>>): Promise<Readonly<Record<string, OrtTensor>>>;
  release(): Promise<void>;
}

/** Its WASM engine, which runs in Node.js and in pages alike; undefined where the package is not installed. */
export const runtime: Runtime | undefined = await loadRuntime();

async function loadRuntime(): Promise<Runtime | undefined> {
  const name = 'onnxruntime-web' as string;
  try {
    const found = (await import(name)) as Runtime;
    found.env.wasm.numThreads = 1;
    found.env.logLevel = 'error';
    return found;
  } catch {
    return undefined;
  }
}

type Shape4 = readonly [number, number, number, number];

/** Images [n, h, w, c] as ONNX has them [n, c, h, w], or, with `back`, the other way. */
export function turned(values: Float32Array, shape: Shape4, back = false): Float32Array {
  const [n, a, b, c] = shape;
  // Planes of (h w) x c become c x (h w); back, c x (h w) become (h w) x c.
  const [rows, columns] = back ? [a, b * c] : [a * b, c];
  const result = new Float32Array(values.length);
  for (let image = 0, from = 0; image < n; image++) {
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        result[image * rows * columns + column * rows + row] = values[from++]!;
      }
    }
  }
  return result;
}

/** Runs a model in ONNX Runtime on images [n, h, w, c]: every output [n, h, w, c], by its name. */
export async function runOnnx(
  bytes: Uint8Array,
  image: Float32Array,
  shape: Shape4,
): Promise<
  ReadonlyMap<string, { readonly shape: readonly number[]; readonly values: Float32Array }>
> {
  const ort = runtime!;
  const session = await ort.InferenceSession.create(bytes);
  const [n, h, w, c] = shape;
  const feed = new ort.Tensor('float32', turned(image, shape), [n, c, h, w]);
  const found = await session.run({ [session.inputNames[0]!]: feed });
  const outputs = session.outputNames.map((name) => {
    const { dims, data } = found[name]!;
    const [batch, channels, height, width] = dims;
    const values = turned(data, [batch, channels, height, width], true);
    return [name, { shape: [batch, height, width, channels], values }] as const;
  });
  await session.release();
  return new Map(outputs);
}

/** The bytes of a model with those weights, and with norms that are parts of convolutions where that is wished. */
export async function onnxOf(
  model: CompiledModel,
  weights: WeightStore,
  foldsNorms = false,
): Promise<Uint8Array> {
  const plain = { graph: model.graph, valuesOf: namedValues(await weights.values()) };
  const { graph, valuesOf } = foldsNorms ? foldNorms(plain.graph, plain.valuesOf) : plain;
  return joined(encodeModel(emitOnnx({ ...model, graph }, valuesOf)).model);
}

/** The largest difference beside the largest expected value, or `least`. */
function errorBeside(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  least: number,
): number {
  const all = Array.from(expected);
  const magnitude = all.reduce((most, value) => Math.max(most, Math.abs(value)), least);
  const difference = all.reduce(
    (most, value, at) => Math.max(most, Math.abs(value - actual[at]!)),
    0,
  );
  return difference / magnitude;
}

/** How often further apart than two forms of ours ONNX Runtime may be, and how far it may always be. */
const [noiseFactor, leastTolerance] = [5, 1e-5];

/**
 * Where the model differs from the functional network, for images of each size; every line
 * is one difference. Some networks blow up what float32 rounds: there the folded network
 * tells how far apart the same sums in another order come.
 */
export async function compareOnnx(
  model: CompiledModel,
  sizes: readonly (readonly [number, number])[],
  { batch = 1, foldsNorms = false } = {},
): Promise<readonly string[]> {
  const { graph } = model;
  const { channels } = graph.nodes[graph.inputs[0]!.node]!;
  const weights = variedWeights(graph);
  const bytes = await onnxOf(model, weights, foldsNorms);
  const folded = prepareInference(graph, weights);
  const lines: string[] = [];
  for (const [height, width] of sizes) {
    const shape = [batch, height, width, channels] as const;
    const data = normalValues(shape, 7);
    const image = tf.tensor4d(data, [...shape]);
    const functional = buildFunctionalNetwork(graph).forward(weights, image).outputs;
    const other = folded.forward(image);
    const found = await runOnnx(bytes, data, shape);
    for (const { name, values: kind } of graph.outputs) {
      const tensor = functional.get(name)!;
      const place = `${name} at ${height} x ${width}`;
      const { shape: own, values } = found.get(name)!;
      if (own.join() !== tensor.shape.join()) {
        lines.push(`${place} is ${own.join()}, not ${tensor.shape.join()}`);
        continue;
      }
      const expected = tensor.dataSync();
      // Probabilities are as exact as 1 is, however small they are.
      const least = kind === 'logits' ? 1e-6 : 1;
      const noise = errorBeside(other.get(name)!.dataSync(), expected, least);
      const error = errorBeside(values, expected, least);
      if (error <= Math.max(leastTolerance, noiseFactor * noise)) continue;
      lines.push(
        `${place} differs by ${error.toExponential(1)}, forms by ${noise.toExponential(1)}`,
      );
    }
    tf.dispose([image, ...functional.values(), ...other.values()]);
  }
  folded.dispose();
  weights.dispose();
  return lines;
}

import * as tf from '../../src/runtime/tensorflow.js';
import type { CompiledModel } from '../../src/compile.js';
import type { Graph, GraphNode } from '../../src/ir/graph.js';
import { sizeAt, type AxisAnalysis } from '../../src/ir/sizes/analysis.js';
import { legalAtLeast } from '../../src/ir/sizes/sizes.js';
import { graphWeights } from '../../src/codegen/tfjs/weights.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { prepareInference } from '../../src/runtime/network/inference.js';
import { buildLayersModel, setModelWeights } from '../../src/runtime/network/layers-model.js';
import type { WeightStore } from '../../src/runtime/network/weights.js';
import { initialiseWeights } from '../../src/runtime/network/weights.js';
import { Random } from '../../src/runtime/random.js';
import { evaluateNetwork } from '../runtime/reference-network.js';
import { makeImage, type Image } from '../runtime/reference-operations.js';
import { normalValues, relativeError } from '../runtime/numeric.js';

/** One output of one form of a network. */
export interface FormValue {
  readonly form: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  /** How far apart float32 may bring two forms, relative to the largest value. */
  readonly tolerance?: number;
}

/** Weights that leave nothing at 0 or 1, so that a swapped or missing one shows. */
export function variedWeights(graph: Graph, seed = 3): WeightStore {
  const weights = initialiseWeights(graph, new Random(seed));
  graphWeights(graph).forEach((spec, at) => {
    if (spec.role === 'kernel') return;
    const values = normalValues(spec.shape, 100 + at, 0.3);
    const isPositive = spec.role === 'gamma' || spec.role === 'moving_variance';
    const shifted = isPositive ? values.map((value) => 1 + Math.abs(value)) : values;
    tf.tidy(() => weights.assign(spec.name, tf.tensor(shifted, [...spec.shape])));
  });
  return weights;
}

/** How far apart two forms may be, relative to the largest value of the output. */
const leastTolerance = 1e-5;

/**
 * Where forms of a network differ: the functional network, the folded one, the layers
 * model, the layers model once saved and loaded, and the module's, if its `build` is
 * given. Each is compared with the float64 reference where images are small, else with
 * the functional network. Every line of the answer is one difference.
 */
export async function compareForms(
  { graph }: Pick<CompiledModel, 'graph'>,
  [height, width]: readonly [number, number],
  build?: () => tf.LayersModel,
  options: {
    readonly isJudged?: boolean;
    readonly batch?: number;
    /** How far apart forms may be where nothing judges what rounding does to them. */
    readonly tolerance?: number;
  } = {},
): Promise<readonly string[]> {
  const { isJudged = true, batch = 1, tolerance } = options;
  const weights = variedWeights(graph);
  const images = graph.inputs.map(({ node }, at) => {
    const shape = [batch, height, width, graph.nodes[node]!.channels] as const;
    return tf.tensor4d(normalValues(shape, 7 + at), [...shape]);
  });
  const found: (readonly FormValue[])[] = [];
  const keep = (form: string, tensors: readonly tf.Tensor[]): void => {
    found.push(
      tensors.map((tensor) => {
        const values = tensor.dataSync().slice();
        return { form, shape: tensor.shape, values, ...(tolerance !== undefined && { tolerance }) };
      }),
    );
    tf.dispose([...tensors]);
  };
  const judge = isJudged ? judgement(graph, await weights.values(), images) : undefined;
  keep('functional', [...buildFunctionalNetwork(graph).forward(weights, images).outputs.values()]);
  const folded = prepareInference(graph, weights);
  keep('folded', [...folded.forward(images).values()]);
  folded.dispose();
  const model = buildLayersModel(graph, 'zero');
  setModelWeights(model, graph, weights);
  keep('layers', predict(model, images));
  const restored = await saveAndLoad(model);
  keep('loaded layers', predict(restored, images));
  const built = build?.();
  if (built !== undefined) {
    setModelWeights(built, graph, weights);
    keep('module', predict(built, images));
  }
  for (const each of [model, restored, built, weights]) each?.dispose();
  tf.dispose(images);
  const [expected, ...others] = judge === undefined ? found : [judge, ...found];
  return others.flatMap((form) => form.flatMap((value, at) => differences(value, expected![at]!)));
}

function differences(actual: FormValue, expected: FormValue): readonly string[] {
  if (actual.shape.join() !== expected.shape.join()) {
    return [`${actual.form} has ${actual.shape.join()}, not ${expected.shape.join()}`];
  }
  const error = relativeError(actual.values, expected.values);
  if (error < (expected.tolerance ?? leastTolerance)) return [];
  return [`${actual.form} differs from ${expected.form} by ${error.toExponential(1)}`];
}

/** The outputs for each image of the batch by the definitions of the operations. */
function judgement(
  graph: Graph,
  weights: ReadonlyMap<string, Float32Array>,
  batches: readonly tf.Tensor4D[],
): readonly FormValue[] {
  const [batch] = batches[0]!.shape;
  const read = batches.map((tensor) => tensor.dataSync());
  const evaluate = (isRounded: boolean): readonly (readonly Image[])[] =>
    Array.from({ length: batch }, (_, index) => {
      const images = batches.map(({ shape: [, height, width, channels] }, at) => {
        let next = index * height * width * channels;
        return makeImage([height, width, channels], () => read[at]![next++]!);
      });
      return evaluateNetwork(graph, weights, images, isRounded);
    });
  const [exact, rounded] = [evaluate(false), evaluate(true)];
  const joined = (images: readonly (readonly Image[])[], output: number): Float64Array =>
    Float64Array.from(images.flatMap((outputs) => [...outputs[output]!.values]));
  return exact[0]!.map(({ shape }, output) => {
    const values = joined(exact, output);
    // Operations round inside, too, and some networks blow that up.
    const tolerance = Math.max(leastTolerance, 30 * relativeError(joined(rounded, output), values));
    return { form: 'reference', shape: [batch, ...shape], values, tolerance };
  });
}

export function predict(model: tf.LayersModel, images: tf.Tensor | tf.Tensor[]): tf.Tensor[] {
  const result = model.predict(images);
  return Array.isArray(result) ? result : [result];
}

/** The model as a file gives it back: what is saved is JSON, what is loaded must be too. */
export async function saveAndLoad(model: tf.LayersModel): Promise<tf.LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  await model.save(
    tf.io.withSaveHandler((given) => {
      artifacts = given;
      return Promise.resolve({
        modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' },
      });
    }),
  );
  const topology = JSON.parse(JSON.stringify(artifacts!.modelTopology)) as object;
  return tf.loadLayersModel(tf.io.fromMemory({ ...artifacts!, modelTopology: topology }));
}

/** Legal sizes that tell forms apart: the least, and ones that are odd or not square where they may be. */
export function tellingSizes(
  { sizes: { height, width } }: Pick<CompiledModel, 'sizes'>,
  from: number,
): readonly (readonly [number, number])[] {
  const next = (axis: AxisAnalysis, size: number): number =>
    typeof axis.input === 'number' ? axis.input : (legalAtLeast(axis, size) ?? next(axis, 1));
  const isSquare = height.input === width.input;
  const all = [
    [next(height, 1), next(width, 1)],
    [next(height, from), next(width, isSquare ? from : from + 1)],
    [next(height, from + 2), next(width, isSquare ? from + 2 : from)],
  ] as const;
  const texts = all.map((size) => size.join());
  return all.filter((_, at) => texts.indexOf(texts[at]!) === at);
}

type Sized = Pick<CompiledModel, 'graph' | 'sizes'>;

/** The pixels of each tensor that some nodes of the graph make, for an image of that size. */
const areasOf = (
  { graph, sizes }: Sized,
  [height, width]: readonly [number, number],
  isMeant: (node: GraphNode) => boolean = () => true,
): readonly number[] =>
  graph.nodes
    .filter(isMeant)
    .map(({ id }) => sizeAt(sizes.height, id, height)! * sizeAt(sizes.width, id, width)!);

/** The most pixels that a tensor of the graph has for an image of that size. */
export const largestMap = (model: Sized, size: readonly [number, number]): number =>
  Math.max(...areasOf(model, size));

/**
 * How many images make a batch in which every batch norm of four axes has eight values or more:
 * over two it gives a sign, which rounding decides.
 */
export function batchOfNorms(model: Sized, size: readonly [number, number]): number {
  const areas = areasOf(model, size, ({ op }) => op.kind === 'batch_norm');
  return Math.max(2, Math.ceil(8 / Math.min(...areas, 8)));
}

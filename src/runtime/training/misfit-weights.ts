import type { Graph } from '../../ir/graph.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import { graphWeights, type WeightSpec } from '../../codegen/tfjs/weights.js';
import { isObject } from '../../files/index.js';
import { modelLayers } from '../network/model-layers.js';
import { averageSlot, optimizerSlots, slotNames } from '../network/optimizers/slots.js';
import { sizeOf } from '../runs/checkpoint-shape.js';
import type { CheckpointModel, StoredOptimizer } from '../runs/checkpoint.js';
import { firstDifference } from '../runs/first-difference.js';

/**
 * Where the layers and weights that a checkpoint lists are not those of a graph, in words.
 * Their order is that of the stored layers: to know which order that is, the model would
 * have to be built.
 */
export function misfitOfWeights(
  { modelTopology, weightsManifest, userDefinedMetadata }: CheckpointModel,
  graph: Graph,
): string | undefined {
  const expected = modelLayers(graph);
  const layers = layerNames(modelTopology);
  if (layers === undefined) return 'modelTopology lists no layers';
  const known = new Set(layers);
  const lost = [...expected.keys()].find((name) => !known.has(name));
  if (lost !== undefined) return `modelTopology lacks the layer "${lost}" of its spec`;
  const other = layers.find((name) => !expected.has(name));
  if (other !== undefined)
    return `modelTopology has a layer "${other}" that its spec does not give`;
  if (known.size < layers.length) return 'modelTopology lists a layer twice';
  const weights = layers.flatMap((layer) =>
    expected.get(layer)!.map((spec) => ({ layer, spec, isKept: isStatistic(spec) })),
  );
  // TensorFlow.js saves what no optimizer moves last.
  const ordered = [
    ...weights.filter((each) => !each.isKept),
    ...weights.filter((each) => each.isKept),
  ];
  const names = ordered.map(({ spec }) => spec.name);
  const { weightNames } = userDefinedMetadata.unetc;
  const difference = firstDifference(weightNames, names, 'weightNames');
  if (difference !== undefined) return difference;
  const stored = weightsManifest[0]!.weights;
  for (const [at, { layer, spec }] of ordered.entries()) {
    const { name, shape } = stored[at]!;
    if (!name.startsWith(`${layer}/`) || !name.endsWith(spec.role)) {
      return `the manifest has "${name}" where its spec gives "${spec.name}"`;
    }
    if (sizeOf(shape) !== sizeOf(spec.shape)) {
      return `"${name}" has the shape ${shape.join(' x ')}; its spec gives ${spec.shape.join(' x ')}`;
    }
  }
  return undefined;
}

/** Where what a checkpoint keeps for its optimizer, and for the average of weights, is not what the recipe keeps, in words. */
export function misfitOfOptimizer(
  { step, slots }: StoredOptimizer,
  { optimizer, ema }: Pick<TrainRecipe, 'optimizer' | 'ema'>,
  graph: Graph,
): string | undefined {
  const kept: readonly string[] = optimizerSlots[optimizer.name];
  const stored = new Map(slots.map(({ name, length }) => [name, length]));
  const expected = graphWeights(graph)
    .filter(({ trainable }) => trainable)
    .map((weight) => ({ weight, names: slotNames(weight.name, kept) }));
  // Weights that no loss depends on have none.
  const used = expected.filter(({ names }) => names.some((name) => stored.has(name)));
  const ownSlots = used.flatMap(({ weight, names }) =>
    names.map((name) => ({ name, length: sizeOf(weight.shape) })),
  );
  const averages = ema === undefined ? [] : graphWeights(graph);
  const given = [
    ...ownSlots,
    ...averages.flatMap(({ name, shape }) =>
      slotNames(name, [averageSlot]).map((slot) => ({ name: slot, length: sizeOf(shape) })),
    ),
  ];
  const known = given.map(({ name }) => name);
  const other = slots.find(({ name }) => !known.includes(name));
  if (other !== undefined) return `the optimizer of its spec has no slot "${other.name}"`;
  if (step > 0 && used.length === 0 && expected.length > 0 && kept.length > 0) {
    return 'optimizer.slots is empty after the first step';
  }
  return firstDifference(slots, given, 'optimizer.slots');
}

const isStatistic = ({ role }: WeightSpec): boolean =>
  role === 'moving_mean' || role === 'moving_variance';

/** The names of the layers of a stored model, in its order. */
function layerNames(topology: unknown): readonly string[] | undefined {
  const model = fieldOf(topology, 'model_config') ?? topology;
  const layers = fieldOf(fieldOf(model, 'config'), 'layers');
  if (!Array.isArray(layers)) return undefined;
  return layers.map((layer) => {
    const name = fieldOf(layer, 'name');
    return typeof name === 'string' ? name : '';
  });
}

function fieldOf(value: unknown, key: string): unknown {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

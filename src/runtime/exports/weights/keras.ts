import type { File, Group } from 'h5wasm';
import type { Graph } from '../../../ir/graph.js';
import { weightOwners, weightsName } from '../../../ir/operations/weights.js';
import { layerName } from '../../../codegen/keras/layer-names.js';
import { modelLayers } from '../../../codegen/keras/model-layers.js';
import { weightsOf, type WeightSpec } from '../../../codegen/tfjs/weights.js';
import { snakeCase } from '../../pretrained/keras-hdf5.js';

/** HDF5 keeps attributes of up to 64 KiB; Keras reads longer lists in numbered parts. */
const namesInPart = 1_000;

/** Weights by the network's own names, in the runtime's order of axes, which is Keras'. */
type Values = ReadonlyMap<string, Float32Array>;

/**
 * A file in Keras' older format, which holds weights by the names of layers:
 * `model.load_weights("net.h5", by_name=True)`. Layers are called as in the emitted Keras
 * model, and each has its weights in the order in which Keras has them.
 */
export const kerasFile = (graph: Graph, values: Values): Promise<Uint8Array> =>
  writeHdf5((file) => writeLayers(file, graph, values));

/**
 * A file in the format of Keras 3 that the emitted Keras model itself loads:
 * `model.load_weights("net.weights.h5")`. Layers lie in it by their class and their number
 * among those of the class in `model.layers`; their names stand beside, as Keras writes them.
 */
export const kerasWeightsFile = (graph: Graph, values: Values): Promise<Uint8Array> =>
  writeHdf5((file) => writeNumberedLayers(file, graph, values));

async function writeHdf5(write: (file: File) => void): Promise<Uint8Array> {
  const { File: Hdf5File, ready } = await import('h5wasm');
  const library = await ready;
  library.activate_throwing_error_handler();
  const path = `/written-${written++}.h5`;
  const file = atOneTime(() => new Hdf5File(path, 'w'));
  try {
    atOneTime(() => {
      write(file);
      file.close();
    });
    return library.FS.readFile(path);
  } finally {
    library.FS.unlink(path);
  }
}

/**
 * HDF5 writes into each object when it was made, which h5wasm has no option to leave out. Equal
 * weights shall be equal files, so its clock stands still; nothing else runs meanwhile.
 */
function atOneTime<T>(run: () => T): T {
  const { now } = Date;
  Date.now = () => 0;
  try {
    return run();
  } finally {
    Date.now = now;
  }
}

/** Counts the files written, for names. */
let written = 0;

interface WeightedLayer {
  readonly layer: string;
  readonly weights: readonly (WeightSpec & { readonly stored: number[] })[];
}

/** The layers that have weights, each with the shapes in which Keras has these. */
const weightedLayers = (graph: Graph): readonly WeightedLayer[] =>
  weightOwners(graph).flatMap((node) => {
    const weights = weightsOf(graph, node).map((weight) => {
      // Keras has slopes for every pixel, unless axes are shared: then those have length 1.
      const stored = node.op.kind === 'prelu' ? [1, 1, ...weight.shape] : [...weight.shape];
      return { ...weight, stored };
    });
    return weights.length === 0 ? [] : [{ weights, layer: layerName(weightsName(node)) }];
  });

function writeLayers(file: File, graph: Graph, values: Values): void {
  const layers = weightedLayers(graph);
  writeNames(
    file,
    'layer_names',
    layers.map(({ layer }) => layer),
  );
  for (const { weights, layer } of layers) {
    const group = file.create_group(layer) as Group;
    writeNames(
      group,
      'weight_names',
      weights.map(({ role }) => `${layer}/${role}`),
    );
    const inner = group.create_group(layer) as Group;
    for (const { name, role, stored } of weights) {
      inner.create_dataset({ name: role, data: values.get(name)!, shape: stored });
    }
  }
}

function writeNumberedLayers(file: File, graph: Graph, values: Values): void {
  const weighted = new Map(weightedLayers(graph).map((each) => [each.layer, each.weights]));
  const counts = new Map<string, number>();
  const layers = file.create_group('layers') as Group;
  for (const { name: layer, className } of modelLayers(graph)) {
    const word = snakeCase(className);
    const count = counts.get(word) ?? 0;
    counts.set(word, count + 1);
    const weights = weighted.get(layer);
    if (weights === undefined) continue;
    const group = layers.create_group(count === 0 ? word : `${word}_${count}`) as Group;
    const vars = group.create_group('vars') as Group;
    vars.create_attribute('name', layer);
    for (const [at, { name, stored }] of weights.entries()) {
      vars.create_dataset({ name: String(at), data: values.get(name)!, shape: stored });
    }
  }
}

function writeNames(group: File | Group, attribute: string, names: readonly string[]): void {
  if (names.length <= namesInPart) {
    group.create_attribute(attribute, [...names]);
    return;
  }
  for (let at = 0; at * namesInPart < names.length; at++) {
    const part = names.slice(at * namesInPart, (at + 1) * namesInPart);
    group.create_attribute(`${attribute}${at}`, part);
  }
}

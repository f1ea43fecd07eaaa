import type { File, Group } from 'h5wasm';
import type { Graph } from '../../../ir/graph.js';
import { weightsOf } from '../../../codegen/tfjs/weights.js';

/** What a layer of the emitted Keras model is called: it refuses slashes in names. */
const kerasLayerName = (node: string): string => node.replaceAll('/', '-');

/** HDF5 keeps attributes of up to 64 KiB; Keras reads longer lists in numbered parts. */
const namesInPart = 1_000;

/**
 * A file in Keras' `.h5` format, which holds weights by the names of layers:
 * `model.load_weights("net.h5", by_name=True)`. Layers are called as in the emitted Keras
 * model, and each has its weights in the order in which Keras has them.
 *
 * @param values by the network's own names, in the runtime's order of axes, which is Keras'.
 */
export async function kerasFile(
  graph: Graph,
  values: ReadonlyMap<string, Float32Array>,
): Promise<Uint8Array> {
  const { File: Hdf5File, ready } = await import('h5wasm');
  const library = await ready;
  library.activate_throwing_error_handler();
  const path = `/written-${written++}.h5`;
  const file = new Hdf5File(path, 'w');
  try {
    writeLayers(file, graph, values);
    file.close();
    return library.FS.readFile(path);
  } finally {
    library.FS.unlink(path);
  }
}

/** Counts the files written, for names. */
let written = 0;

function writeLayers(file: File, graph: Graph, values: ReadonlyMap<string, Float32Array>): void {
  const layers = graph.nodes.flatMap((node) => {
    const weights = weightsOf(graph, node);
    return weights.length === 0 ? [] : [{ node, weights, layer: kerasLayerName(node.name) }];
  });
  writeNames(
    file,
    'layer_names',
    layers.map(({ layer }) => layer),
  );
  for (const { node, weights, layer } of layers) {
    const group = file.create_group(layer) as Group;
    writeNames(
      group,
      'weight_names',
      weights.map(({ role }) => `${layer}/${role}`),
    );
    const inner = group.create_group(layer) as Group;
    for (const { name, role, shape } of weights) {
      // Keras has slopes for every pixel, unless axes are shared: then those have length 1.
      const stored = node.op.kind === 'prelu' ? [1, 1, ...shape] : [...shape];
      inner.create_dataset({ name: role, data: values.get(name)!, shape: stored });
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

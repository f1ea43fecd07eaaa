import type { Graph, NodeId } from '../../ir/graph.js';
import type { LayerCall } from './layer-calls.js';
import { layerClassOf } from './layer-functions.js';
import { nameText } from './layer-names.js';
import { writeOperation } from './operations.js';

/** A layer of a built model. */
export interface ModelLayer {
  readonly name: string;
  /** Its class, without a module: `Conv2D`. */
  readonly className: string;
}

interface Made extends ModelLayer {
  readonly inputs: readonly Made[];
}

/**
 * The layers of the model that an emitted file builds, in the order of its `model.layers`:
 * those further from the outputs first, by the longest way, and those equally far as a walk
 * meets them that goes from the outputs, sorted by name, to the inputs, depth first (`map_graph`
 * of Keras 3).
 */
export function modelLayers(graph: Graph): readonly ModelLayer[] {
  const made = layersByNode(graph);
  const met: Made[] = [];
  const finished: Made[] = [];
  const seen = new Set<Made>();
  const visit = (layer: Made): void => {
    if (seen.has(layer)) return;
    seen.add(layer);
    met.push(layer);
    for (const input of layer.inputs) visit(input);
    finished.push(layer);
  };
  const outputs = [...graph.outputs].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { node } of outputs) visit(made.get(node)!);
  const depths = new Map<Made, number>(met.map((layer) => [layer, 0]));
  for (const layer of finished.reverse()) {
    const next = depths.get(layer)! + 1;
    for (const input of layer.inputs) depths.set(input, Math.max(next, depths.get(input)!));
  }
  // Sorting is stable: layers of one depth stay as they were met.
  return met.sort((a, b) => depths.get(b)! - depths.get(a)!);
}

/** The last layer of each node, as the calls say that the file has for it. */
function layersByNode({ nodes }: Graph): ReadonlyMap<NodeId, Made> {
  const byNode = new Map<NodeId, Made>();
  const byText = new Map<string, Made>();
  const add = (text: string, className: string, inputs: readonly Made[]): Made => {
    const layer = { name: text.slice(1, -1), className, inputs };
    byText.set(text, layer);
    return layer;
  };
  const write = ({ of, x, name }: LayerCall): string => {
    const texts = x.replace(/^\[|\]$/g, '').split(', ');
    add(
      name,
      layerClassOf(of),
      texts.map((text) => byText.get(text)!),
    );
    return name;
  };
  // Without formulas none is written.
  const scope = { nameOf: (name: string) => name, isWhole: () => false, makeDivisible: '' };
  for (const node of nodes) {
    const own = nameText({ suffix: node.name, isWhole: true });
    if (node.op.kind === 'input') {
      byNode.set(node.id, add(own, 'InputLayer', []));
      continue;
    }
    const inputs = node.inputs.map((id) => `"${byNode.get(id)!.name}"`);
    const operation = { node, word: '', formulas: {} };
    const text = writeOperation(operation, inputs, own, scope, { write });
    byNode.set(node.id, byText.get(text)!);
  }
  return byNode;
}

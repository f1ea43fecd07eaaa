import type { Graph, NodeId } from '../../ir/graph.js';
import { layersInOrder, type CallOfLayer } from '../layer-order.js';
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

type Made = CallOfLayer<ModelLayer>;

/**
 * The layers of the model that an emitted file builds, in the order of its `model.layers`;
 * Keras goes through outputs sorted by name.
 */
export function modelLayers(graph: Graph): readonly ModelLayer[] {
  const made = callsByNode(graph);
  const outputs = [...graph.outputs].sort((a, b) => (a.name < b.name ? -1 : 1));
  return layersInOrder(outputs.map(({ node }) => made.get(node)!));
}

/** The last call of each node, as the file has it; calls of a shared operation are of one layer. */
function callsByNode({ nodes }: Graph): ReadonlyMap<NodeId, Made> {
  const byNode = new Map<NodeId, Made>();
  const layers = new Map<string, ModelLayer>();
  const byText = new Map<string, Made>();
  const add = (text: string, className: string, inputs: readonly Made[]): Made => {
    const layer = layers.get(text) ?? { name: text.slice(1, -1), className };
    layers.set(text, layer);
    const call = { layer, inputs };
    byText.set(text, call);
    return call;
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
    const own = nameText({ suffix: node.sharedName ?? node.name, isWhole: true });
    if (node.op.kind === 'input') {
      byNode.set(node.id, add(own, 'InputLayer', []));
      continue;
    }
    // A call is read by its node, since those of a shared operation have one name.
    const inputs = node.inputs.map((id) => {
      const text = `"${id}"`;
      byText.set(text, byNode.get(id)!);
      return text;
    });
    const operation = { node, word: '', formulas: {} };
    const text = writeOperation(operation, inputs, own, scope, { write });
    byNode.set(node.id, byText.get(text)!);
  }
  return byNode;
}

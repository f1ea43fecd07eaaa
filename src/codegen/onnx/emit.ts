import type { DescribedModel } from '../model-facts.js';
import { withConstantResizing } from '../../ir/forms/constant-resizing.js';
import type { Graph, NodeId } from '../../ir/graph.js';
import { inputValue, outputValue } from './axes.js';
import { describeMetadata } from './metadata.js';
import type { OnnxModel } from './model.js';
import { expressionOf } from './operations.js';
import type { ValuesOf } from './weights.js';
import { Writer } from './writer.js';

/** A model as ONNX says it, with the numbers of its weights. */
export function emitOnnx(model: DescribedModel, valuesOf: ValuesOf): OnnxModel {
  const graph = withConstantResizing(model.graph);
  const { sizes } = model;
  const writer = new Writer(graph, valuesOf);
  for (const { node, name } of graph.inputs) writer.give(node, name);
  const names = nameValues(graph);
  for (const node of graph.nodes) {
    if (node.op.kind === 'input') continue;
    writer.write(node, expressionOf(graph, node, sizes), names.get(node.id)!);
  }
  for (const { node, name } of graph.outputs) {
    if (writer.value(node) !== name) writer.repeat(node, name);
  }
  return {
    name: graph.model,
    documentation: graph.doc ?? '',
    nodes: writer.nodes,
    constants: writer.constants,
    inputs: graph.inputs.map((input) => inputValue(graph, input)),
    outputs: graph.outputs.map((output) => outputValue(graph, output, sizes)),
    metadata: describeMetadata(model),
  };
}

/** Values that are outputs have the outputs' names, and no other value has one of these. */
function nameValues({ nodes, outputs }: Graph): ReadonlyMap<NodeId, string> {
  const names = new Map<NodeId, string>();
  const taken = new Set(outputs.map(({ name }) => name));
  for (const { node, name } of outputs) if (!names.has(node)) names.set(node, name);
  for (const { id, name } of nodes) {
    if (!names.has(id)) names.set(id, taken.has(name) ? `${name}:value` : name);
  }
  return names;
}

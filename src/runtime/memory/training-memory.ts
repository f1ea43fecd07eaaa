import type { Graph } from '../../ir/graph.js';
import { weightOwners } from '../../ir/operations/weights.js';
import { fuseNormAndRelu, planSteps } from '../network/plan.js';
import { stepMemory } from './step-memory.js';
import { bytesOf, tensorSizes, weightBytes } from './tensor-sizes.js';

const fixedBytes = 2 ** 22;
/** Tensors of an output's size that a loss makes, forwards and backwards. */
const lossTensors = 24;

/**
 * The bytes of engine memory that one training step takes at its height: all tensors of
 * the forward pass, since the tape keeps them; the gradients of all of them, which
 * TensorFlow.js frees when the pass is over; the largest work space of a
 * gradient, sums of a filter's among it; weights, their gradients and
 * the optimizer's memory, old and new. Measured steps of the WebAssembly engine take 0.6 to
 * 0.85 of it, gaps of the heap included.
 *
 * @param graph the graph as it trains.
 * @param batch images in a step.
 * @param slots tensors that the optimizer keeps for each weight: 2 for Adam.
 */
export function trainingMemory(
  graph: Graph,
  height: number,
  width: number,
  batch: number,
  slots = 2,
): number {
  const sizes = tensorSizes(graph, height, width, batch);
  const weights = weightOwners(graph).reduce((sum, node) => sum + weightBytes(graph, node), 0);
  let kept = graph.inputs.reduce((sum, { node }) => sum + bytesOf(sizes, node), 0);
  let between = 0;
  let gradients = 0;
  let workspace = 0;
  for (const { node, fused } of planSteps(graph, fuseNormAndRelu)) {
    const step = stepMemory(sizes, node, fused);
    const inputs = node.inputs.reduce((sum, input) => sum + bytesOf(sizes, input), 0);
    // Bias and convolution are two operations here.
    const sum = 'bias' in node.op && node.op.bias ? step.output : 0;
    kept += step.output + sum + step.packed + step.table;
    between += step.between;
    gradients += inputs + sum + step.between;
    workspace = Math.max(
      workspace,
      step.workspace + 2 * weightBytes(graph, node) + inputs + 2 * step.output,
    );
  }
  for (const { node } of graph.outputs) kept += lossTensors * bytesOf(sizes, node);
  const backward = gradients + workspace;
  const all = kept + Math.max(between, backward) + weights * (3 + 2 * slots);
  return Math.ceil(all) + fixedBytes;
}

import type { Graph, NodeId } from '../../ir/graph.js';
import { weightOwners, weightsName } from '../../ir/operations/weights.js';
import { fuseConvolutions } from '../network/fusion.js';
import { planSteps } from '../network/plan.js';
import { HeapModel } from './heap-model.js';
import { stepMemory } from './step-memory.js';
import { bytesOf, tensorSizes, weightBytes } from './tensor-sizes.js';

/**
 * What the model does not know: small tensors that lie in the way of large ones, the
 * order inside of kernels, how dlmalloc chooses. Measured over the shipped specs the
 * real heap is 0.95 to 1.4 times the model.
 */
const margin = 1.45;
/** The same for networks that are mostly weights: gaps between stored and folded ones. */
const weightMargin = 1.12;
const fixedBytes = 2 ** 20;

/**
 * The bytes of engine memory that one prediction of `batch` images of a legal
 * size takes at its height, weights included: tensors in the order in which
 * they are made and freed (`planSteps`), what XNNPACK keeps for each filter, and
 * what kernels take while they run. An upper bound for the WebAssembly engine; a
 * good guess for the others.
 *
 * @param graph the graph as it predicts (`probabilityGraph`).
 */
export function predictionMemory(graph: Graph, height: number, width: number, batch = 1): number {
  const sizes = tensorSizes(graph, height, width, batch);
  const heap = new HeapModel();
  prepareWeights(heap, graph);
  const weights = heap.size;
  const inputs = new Set(graph.inputs.map(({ node }) => node));
  for (const node of inputs) heap.take(bytesOf(sizes, node));
  const values = new Map<NodeId, () => void>();
  const packedFilters = new Set<string>();
  for (const { node, fused, makes, frees } of planSteps(graph, fuseConvolutions)) {
    const { output, between, workspace, packed, table } = stepMemory(sizes, node, fused);
    const transient = [between, workspace].filter((bytes) => bytes > 0).map((b) => heap.take(b));
    values.set(makes, heap.take(output));
    const kept = packedFilters.has(weightsName(node)) ? [table] : [packed, table];
    packedFilters.add(weightsName(node));
    for (const bytes of kept) if (bytes > 0) heap.take(bytes);
    for (const release of transient) release();
    for (const id of frees) {
      values.get(id)?.();
      values.delete(id);
    }
  }
  // Outputs are read one after the other, and lie beside each other until then.
  for (const { node } of graph.outputs) heap.take(bytesOf(sizes, node));
  return Math.ceil(weightMargin * weights + margin * (heap.size - weights)) + fixedBytes;
}

/** The stored weights, beside them their folded copies; then the stored ones go. */
function prepareWeights(heap: HeapModel, graph: Graph): void {
  const weights = weightOwners(graph)
    .map((node) => weightBytes(graph, node))
    .filter((bytes) => bytes > 0);
  const stored = weights.map((bytes) => heap.take(bytes));
  for (const bytes of weights) heap.take(bytes);
  for (const release of stored) release();
}

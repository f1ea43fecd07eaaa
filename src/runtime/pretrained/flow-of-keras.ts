import { FlowBuilder, keys, type Flow } from './flow.js';
import type { LayerCallRecord } from './keras-calls.js';
import { meaningOf, type FindTensor, type StoredWeights } from './keras-layers.js';

/** The steps of a stored model, with their tensors and the layers they come from. */
export interface StoredFlow {
  readonly steps: Flow;
  readonly weights: readonly StoredWeights[];
  readonly layers: readonly string[];
}

/** Tells the calls of a stored model as steps. */
export function flowOfKeras(calls: readonly LayerCallRecord[], find: FindTensor): StoredFlow {
  const builder = new FlowBuilder();
  const { steps } = builder;
  const weights: StoredWeights[] = [];
  const layers: string[] = [];
  const stepOf: number[] = [];
  for (const call of calls) {
    const inputs = call.inputs.map((input) => stepOf[input]!);
    const readsImage = inputs.length === 1 && steps[inputs[0]!]?.key === keys.image;
    const meaning = meaningOf(call, readsImage, find);
    if (meaning === 'pass' && inputs.length > 0) {
      stepOf.push(inputs[0]!);
      continue;
    }
    let flowing = inputs;
    for (const draft of meaning === 'pass' ? [{ key: keys.other(call.className) }] : meaning) {
      const { key, commutes = false, weights: own = {} } = draft;
      const at = builder.add({ key, inputs: flowing, commutes }, Object.keys(own).length > 0);
      weights[at] ??= own;
      layers[at] ??= call.layer;
      flowing = [at];
    }
    stepOf.push(flowing[0]!);
  }
  return { steps, weights, layers };
}

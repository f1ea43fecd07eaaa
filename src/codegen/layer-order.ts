/** A call of a layer on what other calls made; a shared layer has several. */
export interface CallOfLayer<Layer> {
  readonly layer: Layer;
  readonly inputs: readonly CallOfLayer<Layer>[];
}

/**
 * The layers of a functional model in the order in which Keras 3 and TensorFlow.js list them
 * (`map_graph`, `Container`): those further from the outputs first, by the longest way of any
 * of their calls, and those equally far as a walk meets them that goes from the outputs to
 * the inputs, depth first.
 */
export function layersInOrder<Layer>(outputs: readonly CallOfLayer<Layer>[]): readonly Layer[] {
  const met = new Set<Layer>();
  const seen = new Set<CallOfLayer<Layer>>();
  const finished: CallOfLayer<Layer>[] = [];
  const visit = (call: CallOfLayer<Layer>): void => {
    if (seen.has(call)) return;
    seen.add(call);
    met.add(call.layer);
    for (const input of call.inputs) visit(input);
    finished.push(call);
  };
  for (const output of outputs) visit(output);
  const ofCalls = new Map<CallOfLayer<Layer>, number>();
  const ofLayers = new Map<Layer, number>();
  for (const call of finished.reverse()) {
    const depth = Math.max(ofCalls.get(call) ?? 0, ofLayers.get(call.layer) ?? 0);
    ofLayers.set(call.layer, depth);
    for (const input of call.inputs) {
      ofCalls.set(input, Math.max(depth + 1, ofCalls.get(input) ?? 0));
    }
  }
  // Sorting is stable: layers of one depth stay as they were met.
  return [...met].sort((a, b) => ofLayers.get(b)! - ofLayers.get(a)!);
}

import { emitOnnx } from '../../codegen/onnx/emit.js';
import { encodeModel, messageLimit } from '../../codegen/onnx/encode.js';
import { foldNorms } from '../../codegen/onnx/fold-norms.js';
import { joined, lengthOf } from '../../codegen/onnx/protobuf.js';
import { analyseSizes } from '../../ir/sizes/sizes.js';
import { namedValues } from '../exports/onnx-weights.js';
import type { WeightedGraph } from '../prediction/window-network.js';
import type { OnnxSessionOptions } from './onnx-runtime.js';

/** A model in memory, and what a session must be told of it. */
export interface ModelBytes {
  readonly model: Uint8Array;
  readonly externalData: NonNullable<OnnxSessionOptions['externalData']>;
}

/** What the model calls its weights where these do not fit into one message with it; no such file exists. */
const weightsFile = 'weights';

/**
 * The model of our ONNX target, with batch norms as parts of convolutions. Nothing touches the
 * disk: weights that are too many for one message lie beside it in memory.
 *
 * @param limit bytes that the model may have with its weights inside.
 */
export function modelBytes(
  { graph, recipe, weights }: WeightedGraph,
  limit: number = messageLimit,
): ModelBytes {
  const folded = foldNorms(graph, namedValues(weights));
  const analysed = analyseSizes(folded.graph);
  if (analysed.kind !== 'sizes') throw new Error('a network that was trained has no legal size');
  const described = { graph: folded.graph, sizes: analysed.sizes, recipe };
  const model = emitOnnx(described, folded.valuesOf);
  const whole = encodeModel(model);
  if (lengthOf(whole.model) <= limit) return { model: joined(whole.model), externalData: [] };
  const apart = encodeModel(model, weightsFile);
  const data = joined(apart.weights!);
  return { model: joined(apart.model), externalData: [{ path: weightsFile, data }] };
}

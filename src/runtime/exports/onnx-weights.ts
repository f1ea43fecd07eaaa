import { axesOf, weightNameOf } from '../../codegen/tfjs/weights.js';
import type { ValuesOf } from '../../codegen/onnx/weights.js';

/** Values by the runtime's names and in its order of axes, as an ONNX model asks for them. */
export const namedValues =
  (values: ReadonlyMap<string, Float32Array>): ValuesOf =>
  (node, { role }) => ({
    values: values.get(weightNameOf(node, role))!,
    order: axesOf(node.op.kind, role),
  });

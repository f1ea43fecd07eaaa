import { apply, input, integers, secondOf, shapeOf, type Expression } from './expression.js';
import type { Attributes } from './model.js';

/**
 * Values at the indices of a pooling of the second input, scattered over zeros. ONNX's own
 * MaxUnpool is read in different ways where windows leave a row out: its indices count in
 * the size that its attributes imply, or in the one that it is told.
 */
export function unpooled(windows: Attributes): Expression {
  const [x, image] = [input(0), input(1)];
  const indices = secondOf(apply('MaxPool', [image], windows));
  const flat = (value: Expression): Expression => apply('Reshape', [value, integers([-1])]);
  const shape = shapeOf(image, 0, 4);
  const zeros = flat(apply('ConstantOfShape', [shape]));
  const spread = apply('ScatterElements', [zeros, flat(indices), flat(x)]);
  return apply('Reshape', [spread, shape]);
}

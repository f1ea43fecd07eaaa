import {
  apply,
  floats,
  input,
  integers,
  secondOf,
  shapeOf,
  type Expression,
} from './expression.js';
import type { Attributes } from './model.js';

/**
 * Values at the indices of a pooling of the second input, scattered over zeros. ONNX's own
 * MaxUnpool is read in different ways where windows leave a row out: its indices count in
 * the size that its attributes imply, or in the one that it is told.
 */
export function unpooled({
  image,
  attributes: windows,
}: {
  readonly image: Expression;
  readonly attributes: Attributes;
}): Expression {
  const x = input(0);
  const indices = secondOf(apply('MaxPool', [image], windows));
  const flat = (value: Expression): Expression => apply('Reshape', [value, integers([-1])]);
  const shape = shapeOf(image, 0, 4);
  const zeros = flat(apply('ConstantOfShape', [shape]));
  const spread = apply('ScatterElements', [zeros, flat(indices), flat(x)]);
  const seen = apply('Reshape', [spread, shape]);
  // What no window reaches is nothing.
  return image.kind === 'input' ? seen : extendedTo(input(1), seen);
}

/** With zeros below and right, up to the size of another image. */
function extendedTo(whole: Expression, part: Expression): Expression {
  const added = apply('Sub', [shapeOf(whole, 0, 4), shapeOf(part, 0, 4)]);
  const pads = apply('Concat', [integers([0, 0, 0, 0]), added], { axis: { integer: 0 } });
  return apply('Pad', [part, pads, floats(0)], { mode: { text: 'constant' } });
}

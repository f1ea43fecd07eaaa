import type { OpOf } from '../../ir/operations/ops.js';
import {
  apply,
  floats,
  input,
  integers,
  pixelWeight,
  weight,
  type Expression,
} from './expression.js';

const x = input(0);

/** With the running statistics. */
export function batchNormed({ epsilon }: OpOf<'batch_norm'>): Expression {
  const weights = (['scale', 'shift', 'mean', 'variance'] as const).map(weight);
  return apply('BatchNormalization', [x, ...weights], { epsilon: { float: epsilon } });
}

/** Each channel of each image over its pixels. */
export function instanceNormed(
  { epsilon, affine }: OpOf<'instance_norm'>,
  channels: number,
): Expression {
  if (!affine) return normed(x, channels, epsilon);
  return apply('InstanceNormalization', [x, weight('scale'), weight('shift')], {
    epsilon: { float: epsilon },
  });
}

/** Groups of channels over their pixels: as if a group were one channel. `GroupNormalization` is no operator of this opset. */
export function groupNormed({ groups, epsilon, affine }: OpOf<'group_norm'>): Expression {
  const grouped = apply('Reshape', [x, integers([0, groups, -1])]);
  const normal = normed(grouped, groups, epsilon);
  return scaled(apply('Reshape', [normal, apply('Shape', [x])]), affine);
}

/**
 * Each pixel over its channels, by the definition: `LayerNormalization` takes the last axes,
 * and programs may compute its variance as a difference of squares, which loses digits.
 */
export function layerNormed({ epsilon, affine }: OpOf<'layer_norm'>): Expression {
  const mean = (value: Expression): Expression =>
    apply('ReduceMean', [value], { axes: { integers: [1] }, keepdims: { integer: 1 } });
  const centred = apply('Sub', [x, mean(x)]);
  const variance = mean(apply('Mul', [centred, centred]));
  const deviation = apply('Sqrt', [apply('Add', [variance, floats(epsilon)])]);
  return scaled(apply('Div', [centred, deviation]), affine);
}

/** Without scale and shift, which the operator does not leave out. */
function normed(value: Expression, channels: number, epsilon: number): Expression {
  const all = (number: number): Expression => floats(Array<number>(channels).fill(number));
  return apply('InstanceNormalization', [value, all(1), all(0)], { epsilon: { float: epsilon } });
}

const scaled = (value: Expression, affine: boolean): Expression =>
  affine
    ? apply('Add', [apply('Mul', [value, pixelWeight('scale')]), pixelWeight('shift')])
    : value;

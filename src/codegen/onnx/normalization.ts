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
export function batchNormed(
  { epsilon, scale, shift }: OpOf<'batch_norm'>,
  channels: number,
): Expression {
  const [one, zero] = unscaled(channels) as [Expression, Expression];
  const weights = [
    ...[scale ? weight('scale') : one, shift ? weight('shift') : zero],
    ...[weight('mean'), weight('variance')],
  ];
  return apply('BatchNormalization', [x, ...weights], { epsilon: { float: epsilon } });
}

/** Each channel of each image over its pixels. */
export function instanceNormed(
  { epsilon, affine }: OpOf<'instance_norm'>,
  channels: number,
): Expression {
  const scaling = affine ? [weight('scale'), weight('shift')] : unscaled(channels);
  return normed(x, [2, 3], scaling, epsilon);
}

/** Groups of channels over their pixels: as if a group were one channel. `GroupNormalization` is no operator of this opset. */
export function groupNormed({ groups, epsilon, affine }: OpOf<'group_norm'>): Expression {
  const grouped = apply('Reshape', [x, integers([0, groups, -1])]);
  const normal = normed(grouped, [2], unscaled(groups), epsilon);
  return scaled(apply('Reshape', [normal, apply('Shape', [x])]), affine);
}

/**
 * Each pixel over its channels, by the definition: `LayerNormalization` takes the last axes,
 * and programs may compute its variance as a difference of squares, which loses digits.
 */
export function layerNormed({ epsilon, affine }: OpOf<'layer_norm'>): Expression {
  const centred = withoutMean(x, [1]);
  const variance = meanOver(apply('Mul', [centred, centred]), [1]);
  const deviation = apply('Sqrt', [apply('Add', [variance, floats(epsilon)])]);
  return scaled(apply('Div', [centred, deviation]), affine);
}

/**
 * Each channel over those axes. ONNX Runtime multiplies before it takes off the mean, which
 * loses digits where the mean is large beside the deviation; so the mean is taken off before.
 */
const normed = (
  value: Expression,
  axes: readonly number[],
  scaling: readonly Expression[],
  epsilon: number,
): Expression =>
  apply('InstanceNormalization', [withoutMean(value, axes), ...scaling], {
    epsilon: { float: epsilon },
  });

/** A scale and a shift that change nothing: the operator does not leave them out. */
const unscaled = (channels: number): readonly Expression[] =>
  [1, 0].map((number) => floats(Array<number>(channels).fill(number)));

const meanOver = (value: Expression, axes: readonly number[]): Expression =>
  apply('ReduceMean', [value], { axes: { integers: axes }, keepdims: { integer: 1 } });

const withoutMean = (value: Expression, axes: readonly number[]): Expression =>
  apply('Sub', [value, meanOver(value, axes)]);

const scaled = (value: Expression, affine: boolean): Expression =>
  affine
    ? apply('Add', [apply('Mul', [value, pixelWeight('scale')]), pixelWeight('shift')])
    : value;

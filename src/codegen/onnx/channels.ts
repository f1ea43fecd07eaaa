import type { OpOf } from '../../ir/operations/ops.js';
import { apply, floats, input, integers, type Expression } from './expression.js';

const x = input(0);

/** Channels `from` to `to` - 1. */
export const channelsFrom = (from: number, to: number): Expression =>
  apply('Slice', [x, integers([from]), integers([to]), integers([1])]);

export const pooledChannels = (type: 'ReduceMean' | 'ReduceMax'): Expression =>
  apply(type, [x], { axes: { integers: [1] }, keepdims: { integer: 1 } });

/** Groups become an axis, which is exchanged with that of the channels in a group. */
export const shuffledChannels = (groups: number, channels: number): Expression =>
  exchanged(x, groups, channels / groups);

export const paddedChannels = (added: number): Expression =>
  apply('Pad', [x, integers([0, 0, 0, 0, 0, added, 0, 0]), floats(0)], {
    mode: { text: 'constant' },
  });

/** The operator's order is TensorFlow's; in PyTorch's the places of a channel are neighbours. */
export function deepened({ factor, order }: OpOf<'space_to_depth'>, channels: number): Expression {
  const deep = apply('SpaceToDepth', [x], { blocksize: { integer: factor } });
  return order === 'channels_last' ? deep : exchanged(deep, factor * factor, channels);
}

/** Channels as a matrix of rows and columns, turned. */
function exchanged(value: Expression, rows: number, columns: number): Expression {
  const matrix = apply('Reshape', [value, integers([0, rows, columns, -1])]);
  const turned = apply('Transpose', [matrix], { perm: { integers: [0, 2, 1, 3] } });
  return apply('Reshape', [turned, apply('Shape', [value])]);
}

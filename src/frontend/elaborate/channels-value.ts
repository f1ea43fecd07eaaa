import type { Formula } from '../../ir/formula.js';
import type { Op } from '../../ir/operations/ops.js';
import { followed } from '../values/model-parameter.js';
import type { Value } from '../values/value.js';

export type NumberValue = Extract<Value, { kind: 'number' }>;

/**
 * The number of channels of an operation as a value that knows how it follows from the
 * parameters of the model.
 *
 * @param wide what the operation says: their number, or how many times more they become
 */
export function channelsAsValue(
  channels: number,
  op: Op,
  wide: Value | undefined,
  inputs: readonly NumberValue[],
): NumberValue {
  const states = 'channels' in op;
  const from = states ? [] : inputs;
  const follows = followed(...(wide === undefined ? [] : [wide]), ...from);
  if (follows.length === 0) return { kind: 'number', value: channels };
  const stated = wide?.kind === 'number' ? wide : undefined;
  const root = states ? stated?.root : rootOf(channels, op, stated, inputs);
  return { kind: 'number', value: channels, follows, ...(root && { root, source: root }) };
}

/** A formula over the model's parameters; undefined where none is known. */
function rootOf(
  channels: number,
  op: Op,
  multiplier: NumberValue | undefined,
  inputs: readonly NumberValue[],
): Formula | undefined {
  const roots = inputs.map(asRoot);
  const [first] = roots;
  switch (op.kind) {
    case 'concat':
      return roots.reduce((left, right) => binary('+', left, right));
    case 'depthwise_conv': {
      const times: NumberValue = multiplier ?? { kind: 'number', value: op.multiplier };
      return binary('*', first, asRoot(times));
    }
    case 'pixel_shuffle':
      return binary('/', first, { kind: 'number', value: op.factor * op.factor });
    default: {
      // Those as wide as the result; one channel may meet many.
      const same = roots.filter((_, index) => inputs[index]!.value === channels);
      const [own, ...others] = same.map((root) => root && JSON.stringify(root));
      return others.every((other) => other === own) ? same[0] : undefined;
    }
  }
}

function asRoot({ root, value, follows }: NumberValue): Formula | undefined {
  return root ?? (follows === undefined ? { kind: 'number', value } : undefined);
}

function binary(
  operator: '+' | '*' | '/',
  left: Formula | undefined,
  right: Formula | undefined,
): Formula | undefined {
  return left && right && { kind: 'binary', operator, left, right };
}

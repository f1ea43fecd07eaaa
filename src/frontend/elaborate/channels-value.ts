import type { Formula } from '../../ir/formula.js';
import type { Op } from '../../ir/operations/ops.js';
import { rulesOf } from '../../ir/operations/operation-rules.js';
import { multipleOf } from '../../ir/shorten-formula.js';
import { fix, followed } from '../values/model-parameter.js';
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
  const isPlain = wide === undefined || followed(wide).length === 0;
  if (isPlain && inputs.every(({ follows }) => follows === undefined)) {
    return { kind: 'number', value: channels };
  }
  const states = 'channels' in op;
  const from = states ? [] : decidingInputs(channels, op, inputs);
  const follows = followed(...(wide === undefined ? [] : [wide]), ...from);
  if (follows.length === 0) return { kind: 'number', value: channels };
  if (takesAlike(op, inputs) && !areEqual(from.map(asRoot))) fix(follows);
  const stated = wide?.kind === 'number' ? wide : undefined;
  const root = states ? stated?.root : rootOf(channels, op, stated, from);
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
    default:
      if (first === undefined) return { kind: 'number', value: channels };
      return areEqual(roots) ? first : undefined;
  }
}

/** The inputs whose channels make those of the result. */
function decidingInputs(
  channels: number,
  op: Op,
  inputs: readonly NumberValue[],
): readonly NumberValue[] {
  if (op.kind === 'concat') return inputs;
  // A gate that has one channel whatever the parameters are may meet any number of them.
  const isGate = ({ value, follows }: NumberValue): boolean => value === 1 && follows === undefined;
  if (takesAlike(op, inputs)) return inputs.filter((input) => !isGate(input));
  const others = inputs.map(({ value }) => value + 1);
  return rulesOf(op).channels(op, others) === channels ? [] : inputs.slice(0, 1);
}

/** Whether an operation takes inputs of one number of channels alone, but for single ones. */
function takesAlike(op: Op, inputs: readonly NumberValue[]): boolean {
  if (inputs.length < 2) return false;
  const apart = inputs.map((_, index) => index + 2);
  const found = rulesOf(op).channels(op, apart);
  return typeof found !== 'number' && (found.kind === 'differ' || found.kind === 'pooled-differ');
}

/** Whether formulas are known, and give one number. */
function areEqual(roots: readonly (Formula | undefined)[]): boolean {
  const texts = roots.map((root) => root && JSON.stringify(multipleOf(root) ?? root));
  return texts.every((text) => text !== undefined && text === texts[0]);
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

import { parametersOf, substitute, type Formula } from '../../ir/formula.js';
import { channelFormula } from '../../ir/operations/channels-out.js';
import type { Op } from '../../ir/operations/ops.js';
import { rulesOf } from '../../ir/operations/operation-rules.js';
import { multipleOf } from '../../ir/shorten-formula.js';
import { fix, followed } from '../values/model-parameter.js';
import type { Value } from '../values/value.js';

export type NumberValue = Extract<Value, { kind: 'number' }>;

/**
 * The number of channels of an operation as a value that knows how it follows from the
 * parameters of the model, by the formula of the operation's rules.
 *
 * @param written attributes of the operation that follow from parameters
 */
export function channelsAsValue(
  channels: number,
  op: Op,
  written: Readonly<Record<string, Value>> | undefined,
  inputs: readonly NumberValue[],
): NumberValue {
  if (written === undefined && inputs.every(({ follows }) => follows === undefined)) {
    return { kind: 'number', value: channels };
  }
  const isAlike = takesAlike(op, inputs);
  const deciding = isAlike ? inputs.filter((input) => !isGate(input)) : inputs;
  const { formula, read } = readTerms(op, deciding, written ?? {});
  const follows = followed(...(isAlike ? deciding : read.values()));
  if (follows.length === 0) return { kind: 'number', value: channels };
  if (isAlike && !areEqual(deciding.map(asRoot))) {
    fix(follows);
    return { kind: 'number', value: channels, follows };
  }
  const root = putRoots(formula, read);
  return { kind: 'number', value: channels, follows, ...(root && { root, source: root }) };
}

/** The formula of the channels over names that no parameter has, and what these stand for. */
interface ReadTerms {
  readonly formula: Formula;
  readonly read: ReadonlyMap<string, Value>;
}

function readTerms(
  op: Op,
  inputs: readonly NumberValue[],
  written: Readonly<Record<string, Value>>,
): ReadTerms {
  const values = new Map<string, Value>();
  const named = (name: string, value: Value): Formula => {
    values.set(name, value);
    return { kind: 'parameter', name };
  };
  const terms = inputs.map((input, index) => ({
    count: input.value,
    formula: named(`#${index}`, input),
  }));
  const own = Object.entries(written).map(
    ([attribute, value]) => [attribute, named(`#${attribute}`, value)] as const,
  );
  const formula = channelFormula(op, terms, Object.fromEntries(own));
  return { formula, read: new Map(parametersOf(formula).map((name) => [name, values.get(name)!])) };
}

/** A formula over the model's parameters; undefined where one of its terms has none. */
function putRoots(formula: Formula, read: ReadonlyMap<string, Value>): Formula | undefined {
  const roots = new Map<string, Formula>();
  for (const [name, value] of read) {
    const root = value.kind === 'number' ? asRoot(value) : undefined;
    if (root === undefined) return undefined;
    roots.set(name, root);
  }
  return substitute(formula, roots);
}

/** A gate that has one channel whatever the parameters are may meet any number of them. */
const isGate = ({ value, follows }: NumberValue): boolean => value === 1 && follows === undefined;

/** Whether an operation takes inputs of one number of channels alone, but for single ones. */
function takesAlike(op: Op, inputs: readonly NumberValue[]): boolean {
  if (inputs.length < 2) return false;
  const apart = inputs.map((_, index) => index + 2);
  const problem = rulesOf(op).channels.problem(op, apart);
  return problem?.kind === 'differ' || problem?.kind === 'pooled-differ';
}

/** Whether formulas are known, and give one number. */
function areEqual(roots: readonly (Formula | undefined)[]): boolean {
  const texts = roots.map((root) => root && JSON.stringify(multipleOf(root) ?? root));
  return texts.every((text) => text !== undefined && text === texts[0]);
}

function asRoot({ root, value, follows }: NumberValue): Formula | undefined {
  return root ?? (follows === undefined ? { kind: 'number', value } : undefined);
}

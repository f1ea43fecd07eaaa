import type { BlockParameter } from '../../ir/block.js';
import {
  evaluateFormula,
  parametersOf,
  substitute,
  type Derivation,
  type Formula,
  type FormulaValues,
} from '../../ir/formula.js';
import type { Scope } from '../../ir/graph.js';
import type { BlockFunction, Body } from './body.js';

/** What becomes of a block's parameters in its function. */
export interface FunctionParameters {
  /** Those the function has, in the spec's order, with their defaults. */
  readonly kept: readonly KeptParameter[];
  /** What stands for each of the others. */
  readonly replaced: ReadonlyMap<string, Formula>;
}

export interface KeptParameter {
  readonly name: string;
  readonly default: Formula | undefined;
}

/** The parameters that a function's lines read, or that the defaults of those read, in the spec's order. */
export function parametersNeeded(block: BlockFunction): readonly BlockParameter[] {
  const parameters = block.block.parameters;
  const standards = new Map(parameters.map((each) => [each.name, each.default]));
  const read = reach(readsOf(block), (name) => standards.get(name));
  return parameters.filter(({ name }) => read.has(name));
}

/**
 * Decides which parameters a function has. Those the spec demands stay, also
 * where all calls agree: they are what the block is about. An optional one that
 * never varies becomes its value.
 */
export function decideParameters(block: BlockFunction): FunctionParameters {
  const replaced = new Map<string, Formula>();
  const candidates = parametersNeeded(block);
  for (const parameter of candidates) {
    if (!parameter.isOptional) continue;
    const { name, default: standard } = parameter;
    const values = block.calls.map((call) => call.values.parameters.get(name));
    const [first] = values;
    const isDefault = block.calls.every(({ args }) => args.get(name) === 'default');
    const isOpen = block.calls.some(({ scope, open }) =>
      followedBy(scope, name).some((each) => open.has(each)),
    );
    if (standard !== undefined && isDefault) replaced.set(name, standard);
    else if (typeof first === 'number' && !isOpen && values.every((value) => value === first)) {
      replaced.set(name, { kind: 'number', value: first });
    }
  }
  const standards = new Map(candidates.map((each) => [each.name, each.default]));
  const read = reach(readsOf(block), (name) => replaced.get(name) ?? standards.get(name));
  const kept = candidates
    .filter(({ name }) => read.has(name) && !replaced.has(name))
    .map(({ name, default: standard }) => ({
      name,
      default: standard && substitute(standard, replaced),
    }));
  return { kept, replaced };
}

/** The number a parameter's default gives in one call. */
export function defaultValueOf(parameter: BlockParameter, call: FormulaValues): number | undefined {
  return parameter.default && evaluateFormula(parameter.default, call);
}

/** The parameters of the model that an argument of a call follows from. */
export function followedBy({ args }: Scope, name: string): readonly string[] {
  const found = known.get(args) ?? new Map(args.map((each) => [each.name, each.derivation]));
  known.set(args, found);
  return found.get(name)?.follows ?? [];
}

/** Calls are asked for each of their arguments. */
const known = new WeakMap<Scope['args'], ReadonlyMap<string, Derivation | undefined>>();

/** The names that the lines of a function read. */
function readsOf({ body }: BlockFunction): readonly string[] {
  return parametersRead(body);
}

/** The parameters that the lines of a body read. */
export function parametersRead(body: Body): readonly string[] {
  const decide = body.steps.flatMap(({ when }) => (when?.by === 'parameter' ? [when.name] : []));
  return [...decide, ...formulasIn(body).flatMap(parametersOf)];
}

/** The formulas that the lines of a body hold. */
export const formulasIn = ({ steps }: Body): readonly Formula[] =>
  steps.flatMap((step) =>
    step.kind === 'call'
      ? [...step.args.values()].filter((value) => value !== 'default')
      : Object.values(step.operation.formulas),
  );

/** The names, and all that is read by what stands behind them. */
export function reach(
  names: readonly string[],
  behind: (name: string) => Formula | undefined,
): ReadonlySet<string> {
  const reached = new Set<string>();
  const pending = [...names];
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (reached.has(name)) continue;
    reached.add(name);
    const formula = behind(name);
    if (formula !== undefined) pending.push(...parametersOf(formula));
  }
  return reached;
}

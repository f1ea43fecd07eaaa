import type { Formula } from '../../ir/formula.js';
import type { Scope } from '../../ir/graph.js';
import type { BlockFunction, Body, CallArgument, Operation, Step } from './body.js';
import { attributeNumber, attributesOf } from './operation.js';

/**
 * Attributes whose numbers may differ between calls that share a function: the number
 * then becomes a parameter. It is how a number that is no formula comes in from the caller.
 */
const sharedAttributes: ReadonlySet<string> = new Set([
  'channels',
  'kernel',
  'multiplier',
  'rate',
  'alpha',
]);

/** The number of an attribute that calls may differ in; undefined for other attributes and for formulas. */
export function sharedNumber({ node, formulas }: Operation, attribute: string): number | undefined {
  if (!sharedAttributes.has(attribute) || attribute in formulas) return undefined;
  return attributeNumber(node.op, attribute);
}

/** A function's body with the parameters that stand for what its calls differ in. */
export interface SharedBody {
  readonly body: Body;
  readonly added: readonly string[];
}

/** All bodies once functions have those parameters and every call gives them. */
export interface SharedBodies {
  readonly functions: ReadonlyMap<BlockFunction, SharedBody>;
  readonly models: readonly Body[];
}

/** Values of added parameters, by the call that gives them. */
type AddedValues = Map<Scope, Map<string, number>>;

/** Adds the parameters. `functions` has those that are called before those that call them. */
export function shareLiterals(
  functions: readonly BlockFunction[],
  models: readonly Body[],
): SharedBodies {
  const added: AddedValues = new Map();
  const shared = new Map<BlockFunction, SharedBody>();
  for (const block of functions) shared.set(block, shareOne(block, added));
  return { functions: shared, models: models.map((body) => mapNumbers(body, added, toNumber)) };
}

function shareOne({ body, calls, block }: BlockFunction, added: AddedValues): SharedBody {
  const rows = calls.map((call) => {
    const numbers: number[] = [];
    mapNumbers(call.body, added, (value) => {
      numbers.push(value);
      return toNumber(value);
    });
    return numbers;
  });
  const taken = new Set(block.parameters.map(({ name }) => name));
  const names = new Map<string, string>();
  let at = 0;
  const result = mapNumbers(body, added, (value, wanted) => {
    const column = rows.map((row) => row[at]!);
    at += 1;
    if (column.every((number) => number === value)) return toNumber(value);
    const key = `${wanted} ${column.join()}`;
    const name = names.get(key) ?? freeName(wanted, taken);
    if (!names.has(key)) {
      names.set(key, name);
      for (const [index, { scope }] of calls.entries()) {
        const values = added.get(scope) ?? new Map<string, number>();
        added.set(scope, values.set(name, column[index]!));
      }
    }
    return { kind: 'parameter', name };
  });
  return { body: result, added: [...names.values()] };
}

const toNumber = (value: number): Formula => ({ kind: 'number', value });

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}${number}`;
  taken.add(name);
  return name;
}

/** What becomes of a number; `name` says what it is. */
type NumberRule = (value: number, name: string) => Formula;

/** The body with every such number replaced, always in the same order; calls also give what was added. */
function mapNumbers(body: Body, added: AddedValues, rule: NumberRule): Body {
  return { ...body, steps: body.steps.map((step) => mapStep(step, added, rule)) };
}

function mapStep(step: Step, added: AddedValues, rule: NumberRule): Step {
  if (step.kind === 'operation') return { ...step, operation: mapOperation(step.operation, rule) };
  const args = new Map<string, CallArgument>();
  const wanted = (name: string): string => `${step.block.block.name}_${name}`;
  for (const [name, value] of step.args) {
    const isNumber = value !== 'default' && value.kind === 'number';
    args.set(name, isNumber ? rule(value.value, wanted(name)) : value);
  }
  for (const [name, value] of added.get(step.scope) ?? [])
    args.set(name, rule(value, wanted(name)));
  return { ...step, args };
}

function mapOperation(operation: Operation, rule: NumberRule): Operation {
  const shared = [...attributesOf(operation.node.op).keys()].flatMap((attribute) => {
    const value = sharedNumber(operation, attribute);
    const formula = value === undefined ? undefined : rule(value, attribute);
    return formula === undefined || formula.kind === 'number'
      ? []
      : [[attribute, formula] as const];
  });
  if (shared.length === 0) return operation;
  return { ...operation, formulas: { ...operation.formulas, ...Object.fromEntries(shared) } };
}

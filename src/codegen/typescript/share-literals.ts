import type { Scope } from '../../ir/graph.js';
import type { BlockFunction, Body, CallArgument, Step } from './body.js';
import type { CodeValue } from './expressions.js';
import { camelCase } from './identifiers.js';
import type { LayerPart } from './layer-forms.js';

/**
 * Keys whose numbers may differ between calls that share a function: the number
 * then becomes a parameter. It is how `round(c * 1.3)`, which is no expression
 * that a module could keep, comes in from the caller.
 */
const sharedKeys: ReadonlySet<string> = new Set([
  'filters',
  'kernelSize',
  'depthMultiplier',
  'rate',
  'alpha',
]);

/** A body with a blank for every number that calls may differ in: equal for calls of one function. */
export function withBlanks(body: Body): Body {
  return mapNumbers(body, new Map(), () => ({ kind: 'literal', value: '_' }));
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
  const keep = (value: number): CodeValue => ({ kind: 'literal', value });
  return { functions: shared, models: models.map((body) => mapNumbers(body, added, keep)) };
}

function shareOne({ body, calls, section }: BlockFunction, added: AddedValues): SharedBody {
  const rows = calls.map((call) => {
    const numbers: number[] = [];
    mapNumbers(call.body, added, (value) => {
      numbers.push(value);
      return { kind: 'literal', value };
    });
    return numbers;
  });
  const taken = new Set(section.parameters?.map((parameter) => parameter.name.text));
  const names = new Map<string, string>();
  let at = 0;
  const result = mapNumbers(body, added, (value, wanted) => {
    const column = rows.map((row) => row[at]!);
    at += 1;
    if (column.every((number) => number === value)) return { kind: 'literal', value };
    const key = `${wanted} ${column.join()}`;
    const name = names.get(key) ?? freeName(wanted, taken);
    if (!names.has(key)) {
      names.set(key, name);
      for (const [index, { scope }] of calls.entries()) {
        const values = added.get(scope) ?? new Map<string, number>();
        added.set(scope, values.set(name, column[index]!));
      }
    }
    return { kind: 'expression', source: { kind: 'parameter', name } };
  });
  return { body: result, added: [...names.values()] };
}

function freeName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name); number++) name = `${wanted}${number}`;
  taken.add(name);
  return name;
}

/** What becomes of a number; `name` says what it is. */
type NumberRule = (value: number, name: string) => CodeValue;

/** The body with every such number replaced, always in the same order; calls also give what was added. */
function mapNumbers(body: Body, added: AddedValues, rule: NumberRule): Body {
  return { ...body, steps: body.steps.map((step) => mapStep(step, added, rule)) };
}

function mapStep(step: Step, added: AddedValues, rule: NumberRule): Step {
  if (step.kind === 'layer') {
    const parts = step.form.parts.map((part) => mapPart(part, rule));
    return { ...step, form: { ...step.form, parts } };
  }
  const args = new Map<string, CallArgument>();
  const wanted = (name: string): string => camelCase(`${step.scope.block}_${name}`);
  for (const [name, value] of step.args) args.set(name, mapValue(value, wanted(name), rule));
  for (const [name, value] of added.get(step.scope) ?? [])
    args.set(name, rule(value, wanted(name)));
  return { ...step, args };
}

function mapPart(part: LayerPart, rule: NumberRule): LayerPart {
  const entries = Object.entries(part.config).map(
    ([key, value]) => [key, sharedKeys.has(key) ? mapValue(value, key, rule) : value] as const,
  );
  return { ...part, config: Object.fromEntries(entries) };
}

function mapValue<V extends CallArgument>(value: V, name: string, rule: NumberRule): V | CodeValue {
  return value.kind === 'literal' && typeof value.value === 'number'
    ? rule(value.value, name)
    : value;
}

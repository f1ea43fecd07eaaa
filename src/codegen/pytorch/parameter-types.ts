import { parametersOf, type Formula } from '../../ir/formula.js';
import { valuesOfCall, type ChannelsOf } from './channels.js';
import type { ModuleClass } from './module.js';

/** A class with the channels of its tensors. */
export interface TypedClass {
  readonly module: ModuleClass;
  readonly channelsOf: ChannelsOf;
}

/** Attributes that are no counts. */
const realAttributes: ReadonlySet<string> = new Set([
  ...['rate', 'alpha', 'start', 'epsilon', 'running.keep'],
]);

/**
 * Which parameters are `float`: those that a call gives what is no whole number, and those
 * from which rates and the like are made; all others are `int`. `given` are parameters of
 * models that are known to be.
 */
export function findReals(
  classes: readonly TypedClass[],
  given: ReadonlyMap<ModuleClass, ReadonlySet<string>>,
): ReadonlyMap<ModuleClass, ReadonlySet<string>> {
  const reals = new Map<ModuleClass, Set<string>>(
    classes.map(({ module }) => [
      module,
      new Set([
        ...(given.get(module) ?? []),
        ...module.parameters.flatMap(({ name, default: standard }) =>
          standard?.kind === 'number' && !Number.isInteger(standard.value) ? [name] : [],
        ),
      ]),
    ]),
  );
  let isSettled = false;
  const mark = (module: ModuleClass, name: string): void => {
    const own = reals.get(module)!;
    if (own.has(name) || name.startsWith('#')) return;
    own.add(name);
    isSettled = false;
  };
  while (!isSettled) {
    isSettled = true;
    for (const { module, channelsOf } of classes) {
      const isReal = (formula: Formula): boolean =>
        (formula.kind === 'number' && !Number.isInteger(formula.value)) ||
        (formula.kind === 'parameter' && reals.get(module)!.has(formula.name));
      for (const step of module.body.steps) {
        if (step.kind === 'operation') {
          for (const [attribute, formula] of Object.entries(step.operation.formulas)) {
            if (!realAttributes.has(attribute)) continue;
            for (const name of parametersOf(formula)) mark(module, name);
          }
          continue;
        }
        const values = valuesOfCall(step.callee, step.args, step.inputs.map(channelsOf));
        for (const { name } of step.callee.parameters) {
          const value = values.get(name);
          if (value === undefined) continue;
          if (isReal(value)) mark(step.callee, name);
          if (reals.get(step.callee)!.has(name)) {
            for (const inner of parametersOf(value)) mark(module, inner);
          }
        }
      }
    }
  }
  return reals;
}

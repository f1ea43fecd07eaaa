import type { Writer } from '../writer.js';
import type { Body, NameWithin, Step } from '../program/body.js';
import type { Names } from '../program/names.js';
import { camelCase } from '../program/spelling.js';
import { makerText } from './calls.js';
import type { FormulaNames } from './expressions.js';
import type { ModuleParts } from './module-parts.js';

/** What the lines of a function say of itself and its module. */
export interface MakerNames {
  readonly names: Names;
  /** How the name of what a step makes is written. */
  readonly nameOf: (name: NameWithin) => string;
  readonly parts: ModuleParts;
  readonly formulas: FormulaNames;
}

/** The shared instances of a body, each in a variable. */
export interface Instances {
  /** The call of an instance; undefined for other steps. */
  readonly callText: (step: Step, tensors: readonly string[]) => string | undefined;
}

/** Writes a line for each shared instance that a body calls: its layers are made once, before all calls. */
export function writeInstances(
  writer: Writer,
  { steps }: Body,
  { names, nameOf, parts, formulas }: MakerNames,
): Instances {
  const variables = new Map<string, string>();
  for (const step of steps) {
    if (step.kind !== 'call' || step.instance === undefined) continue;
    const { suffix } = step.instance;
    if (variables.has(suffix)) continue;
    const variable = names.claim(camelCase(step.block.block.name), 'Layers');
    variables.set(suffix, variable);
    const made = makerText(step, nameOf(step.instance), parts, formulas);
    writer.line(`const ${variable} = ${made};`);
  }
  return {
    callText: (step, tensors) =>
      step.kind === 'call' && step.instance !== undefined
        ? `${variables.get(step.instance.suffix)!}(${tensors.join(', ')})`
        : undefined,
  };
}

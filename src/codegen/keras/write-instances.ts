import type { Body, Step } from '../program/body.js';
import type { FormulaScope } from '../python/formulas.js';
import { layOut } from '../python/layout.js';
import { snakeCase } from '../python/names.js';
import { makerText } from './calls.js';
import type { FileParts, LocalNames } from './file-parts.js';
import { nameText } from './layer-names.js';

/** The shared instances of a body: a line for each, and how they are called. */
export interface Instances {
  readonly lines: readonly string[];
  /** The call of an instance; undefined for other steps. */
  readonly callText: (step: Step, tensors: readonly string[]) => string | undefined;
}

/** What a function and its file have for instances. */
export interface InstanceScope {
  readonly locals: LocalNames;
  readonly parts: FileParts;
  readonly formulas: FormulaScope;
}

/** Makes the layers of each shared instance that a body calls, once and before all calls. */
export function writeInstances(
  { steps }: Body,
  { locals, parts, formulas }: InstanceScope,
): Instances {
  const variables = new Map<string, string>();
  const lines: string[] = [];
  for (const step of steps) {
    if (step.kind !== 'call' || step.instance === undefined) continue;
    const { suffix } = step.instance;
    if (variables.has(suffix)) continue;
    const variable = locals.names.claim(snakeCase(step.block.block.name), '_layers');
    variables.set(suffix, variable);
    const made = makerText(step, nameText(step.instance), parts, formulas);
    lines.push(...layOut(4, `${variable} = ${made}`));
  }
  return {
    lines,
    callText: (step, tensors) =>
      step.kind === 'call' && step.instance !== undefined
        ? `${variables.get(step.instance.suffix)!}(${tensors.join(', ')})`
        : undefined,
  };
}

import type { CallArgument, Condition, Step } from '../program/body.js';
import { printFormula, type FormulaNames } from './expressions.js';
import { layerArguments } from './layer-functions.js';
import { layerFormOf } from './layer-forms.js';
import type { ModuleParts, NamedFunction } from './module-parts.js';

/** The call that makes a step's tensor. */
export function callText(
  step: Step,
  tensors: readonly string[],
  name: string,
  parts: ModuleParts,
  formulas: FormulaNames,
  flag = step.kind === 'call' && step.isFlagged === true ? 'true' : undefined,
): string {
  if (step.kind === 'operation') {
    const form = layerFormOf(step.operation);
    const { plan, name: called } = parts.layers.get(form.variant)!;
    const x = plan.example.takesList ? `[${tensors.join(', ')}]` : tensors[0]!;
    return `${called}(${[x, name, ...layerArguments(plan, form, formulas)].join(', ')})`;
  }
  const callee = parts.functions.get(step.block)!;
  const required = callee.body.inputs.filter(({ isOptional }) => isOptional !== true).length;
  const words = callWords(step, tensors.slice(required), callee, formulas, flag);
  return `${callee.called}(${[...tensors.slice(0, required), name, ...words].join(', ')})`;
}

/** What makes the layers of a step, which tensors are sent through later. */
export function makerText(
  step: Step,
  name: string,
  parts: ModuleParts,
  formulas: FormulaNames,
): string {
  if (step.kind === 'operation') {
    const form = layerFormOf(step.operation);
    const { plan, name: called } = parts.makers.get(form.variant)!;
    return `${called}(${[name, ...layerArguments(plan, form, formulas)].join(', ')})`;
  }
  const callee = parts.functions.get(step.block)!;
  return `${callee.called}(${[name, ...callWords(step, [], callee, formulas)].join(', ')})`;
}

/** What a call of a block's function says after the name; what is the default at its end goes without saying. */
function callWords(
  step: CallStep,
  optional: readonly string[],
  callee: NamedFunction,
  formulas: FormulaNames,
  flag?: string,
): readonly string[] {
  const values = [
    ...callee.parameters.map(({ name: own, default: standard }) => ({
      given: argumentText(step.args.get(own), formulas),
      standard: standard?.kind === 'number' ? String(standard.value) : 'undefined',
    })),
    ...(callee.of.flag === undefined ? [] : [{ given: flag, standard: 'false' }]),
    ...optional.map((given) => ({ given, standard: '' })),
  ];
  while (values.length > 0 && values.at(-1)!.given === undefined) values.pop();
  return values.map(({ given, standard }) => given ?? standard);
}

type CallStep = Extract<Step, { readonly kind: 'call' }>;

/** When a function takes steps that some of its calls go without. */
export function questionText(
  condition: Condition,
  { inputs, flag, formulas }: QuestionNames,
): string {
  const equals = condition.is ? '===' : '!==';
  switch (condition.by) {
    case 'parameter':
      return `${formulas.parameter(condition.name)} ${equals} ${condition.value}`;
    case 'input':
      return condition.is ? inputs[condition.index]! : `!${inputs[condition.index]!}`;
    case 'flag':
      return condition.is ? flag : `!${flag}`;
  }
}

interface QuestionNames {
  readonly inputs: readonly string[];
  readonly flag: string;
  readonly formulas: FormulaNames;
}

function argumentText(
  argument: CallArgument | undefined,
  formulas: FormulaNames,
): string | undefined {
  return argument === undefined || argument === 'default'
    ? undefined
    : printFormula(argument, formulas);
}

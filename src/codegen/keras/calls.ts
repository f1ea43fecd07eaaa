import type { Step } from '../program/body.js';
import { printFormula, printWhole, type FormulaScope } from '../python/formulas.js';
import type { FileParts } from './file-parts.js';
import { nameText } from './layer-names.js';
import { writeOperation } from './operations.js';

type CallStep = Extract<Step, { readonly kind: 'call' }>;

/** The call that makes a step's tensor. */
export function callText(
  step: Step,
  tensors: readonly string[],
  parts: FileParts,
  formulas: FormulaScope,
): string {
  const name = nameText(step);
  if (step.kind === 'operation') {
    return writeOperation(step.operation, tensors, name, formulas, parts.calls);
  }
  const callee = parts.functions.get(step.block)!.called;
  return `${callee}(${[...tensors, name, ...callWords(step, parts, formulas)].join(', ')})`;
}

/** What makes the layers of a block or of a shared instance, which tensors are sent through later. */
export function makerText(
  step: CallStep,
  name: string,
  parts: FileParts,
  formulas: FormulaScope,
): string {
  const callee = parts.functions.get(step.block)!.called;
  return `${callee}(${[name, ...callWords(step, parts, formulas)].join(', ')})`;
}

/** What a call of a block's function says after the name. */
function callWords(
  { block, args }: CallStep,
  { functions }: FileParts,
  formulas: FormulaScope,
): readonly string[] {
  const callee = functions.get(block)!;
  const words: string[] = [];
  let isByName = false;
  for (const { name: parameter } of callee.parameters) {
    const given = args.get(parameter);
    if (given === undefined || given === 'default') {
      isByName = true;
      continue;
    }
    const print = callee.locals.whole.has(parameter) ? printWhole : printFormula;
    const text = print(given, formulas);
    words.push(isByName ? `${callee.locals.parameters.get(parameter)!}=${text}` : text);
  }
  return words;
}

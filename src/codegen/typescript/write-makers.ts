import type { Writer } from '../writer.js';
import type { Body, Step } from '../program/body.js';
import { camelCase } from '../program/spelling.js';
import { specNameOf } from '../program/step-names.js';
import { makerText } from './calls.js';
import { printFormula, type FormulaNames } from './expressions.js';
import { localNames } from './identifiers.js';
import type { ModuleParts, NamedFunction } from './module-parts.js';
import { writeBody } from './write-body.js';
import { describeFunction, nameWithin } from './write-functions.js';
import { writeInstances } from './write-instances.js';

/**
 * Writes the function of a shared instance, or of a block that one calls: it makes the layers
 * and gives a function that sends tensors through them, always the same ones.
 */
export function writeMaker(writer: Writer, own: NamedFunction, parts: ModuleParts): void {
  const names = localNames(parts.names);
  const name = names.claim('name', '');
  const { body, parameters } = own;
  const variables = new Map(
    parameters.map((parameter) => [
      parameter.name,
      names.claim(camelCase(parameter.name), 'Value'),
    ]),
  );
  const formulas: FormulaNames = {
    parameter: (parameter) => variables.get(parameter) ?? parameter,
    channels: '',
    makeDivisible: parts.makeDivisible,
  };
  const taken = parameters.map((parameter) => {
    const variable = variables.get(parameter.name)!;
    if (parameter.default === undefined) return `${variable}: number`;
    return `${variable} = ${printFormula(parameter.default, formulas)}`;
  });
  const inputs = body.inputs.map((input) => names.claim(input.name, 'Tensor'));
  const flowing = inputs.map((input) => `${input}: Tensor`).join(', ');
  writer.gap().doc([...describeFunction(own, parts), sharing]);
  const signature = [`${name}: string`, ...taken].join(', ');
  writer.line(`function ${own.called}(${signature}): (${flowing}) => Tensor {`);
  const nameOf = nameWithin(name);
  const [only] = body.steps;
  if (only !== undefined && isWhole(only, body)) {
    writer.line(`return ${makerText(only, nameOf(only), parts, formulas)};`).line('}');
    return;
  }
  const instances = writeInstances(writer, body, { names, nameOf, parts, formulas });
  const layers = new Map<Step, string>();
  for (const step of body.steps) {
    if (step.kind === 'call' && step.instance !== undefined) continue;
    const layer = names.claim(layerNameOf(step), 'Layer');
    layers.set(step, layer);
    writer.line(`const ${layer} = ${makerText(step, nameOf(step), parts, formulas)};`);
  }
  writer.gap().line(`return (${inputs.join(', ')}) => {`);
  writeBody(writer, body, {
    names,
    inputs,
    call: (step, tensors) =>
      instances.callText(step, tensors) ?? `${layers.get(step)!}(${tensors.join(', ')})`,
    specName: specNameOf,
    remark: () => '',
  });
  writer.line('};').line('}');
}

/** What is said of every such function. */
const sharing =
  'Makes the layers once: all that is sent through what it gives meets the same weights.';

/** Whether a step is all that a body does, with what flows in as it comes. */
function isWhole({ inputs, ...step }: Step, { steps, outputs }: Body): boolean {
  if (steps.length > 1 || (step.kind === 'call' && step.instance !== undefined)) return false;
  const isInOrder = inputs.every((each, at) => each.from === 'input' && each.index === at);
  return isInOrder && outputs[0]?.from === 'step';
}

/** `/conv1` -> `conv1`; by its word where the step makes the result. */
function layerNameOf(step: Step): string {
  const own = step.suffix.split('/').at(-1)!;
  const word = step.kind === 'call' ? step.block.block.name : step.operation.word;
  return camelCase(own === '' ? word : own);
}

import type { Graph } from '../../ir/graph.js';
import { layerName } from '../tfjs/layer-names.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';
import type { Writer } from '../writer.js';
import type { NameWithin } from '../program/body.js';
import type { KeptParameter } from '../program/block-parameters.js';
import { groupsOf, isOfSpec, referenceTo } from '../program/model-lines.js';
import { specNameOf } from '../program/step-names.js';
import { callText, questionText } from './calls.js';
import { printFormula, type FormulaNames } from './expressions.js';
import { optionCheck } from './option-check.js';
import { camelCase } from '../program/spelling.js';
import { localNames } from './identifiers.js';
import type { ModuleParts, NamedFunction, NamedModel } from './module-parts.js';
import { shapeText } from '../../ir/sizes/size-text.js';
import type { BodyStyle } from './body-style.js';
import { writeBody } from './write-body.js';
import { writeInstances } from './write-instances.js';

/** Writes a model's build function: its options, its input, its steps, the model. */
export function writeModelFunction(
  writer: Writer,
  model: NamedModel,
  parts: ModuleParts,
  graph: Graph,
  sizes: SizeAnalysis,
): void {
  const names = localNames(parts.names);
  const options = model.parameters.map(({ name }) => [name, names.claim(name, 'Value')] as const);
  const variables = new Map(options);
  const formulas: FormulaNames = {
    parameter: (name) => variables.get(name) ?? name,
    channels: '',
    makeDivisible: parts.makeDivisible,
  };
  writeSignature(writer, model, formulas);
  for (const parameter of model.parameters) {
    writer.line(optionCheck(parameter, formulas.parameter(parameter.name), parts.checkOption));
  }
  if (model.parameters.length > 0) writer.gap();
  const inputs = graph.inputs.map((input, index) => {
    const variable = names.claim(input.name, 'Tensor');
    const axes = [input.height, input.width].map((axis) =>
      typeof axis === 'number' ? axis : 'null',
    );
    const shape = [...axes, printFormula(model.channels[index]!, formulas)].join(', ');
    const remark = shapeText(graph, sizes, input.node);
    const config = `{ name: ${JSON.stringify(layerName(input.name))}, shape: [${shape}] }`;
    writer.line(`const ${variable} = tf.input(${config}); // ${remark}`);
    return variable;
  });
  const nameOf = (own: NameWithin): string => JSON.stringify(layerName(own.suffix));
  const instances = writeInstances(writer, model.body, { names, nameOf, parts, formulas });
  const textOf = writeBody(writer, model.body, {
    names,
    inputs,
    call: (step, tensors) =>
      instances.callText(step, tensors) ?? callText(step, tensors, nameOf(step), parts, formulas),
    specName: (step) => (isOfSpec(step) ? step.suffix : undefined),
    remark: (step) => (isOfSpec(step) ? shapeText(graph, sizes, step.node) : ''),
    shapeOf: (node) => shapeText(graph, sizes, node),
    group: groupsOf(graph, sizes),
  });
  const list = (texts: readonly string[]): string =>
    texts.length === 1 ? texts[0]! : `[${texts.join(', ')}]`;
  const outputs = graph.outputs.map((output) => textOf(referenceTo(model.body, output.node)));
  const properties = [
    `name: ${JSON.stringify(graph.model)}`,
    property('inputs', list(inputs)),
    property('outputs', list(outputs)),
  ];
  writer
    .gap()
    .line(`return tf.model({ ${properties.join(', ')} });`)
    .line('}');
}

/** The options, taken apart in the first line of the function. */
function writeSignature(
  writer: Writer,
  { build, options, parameters }: NamedModel,
  formulas: FormulaNames,
): void {
  const taken = parameters.map(({ name, default: standard }) => {
    const variable = formulas.parameter(name);
    const own = variable === name ? name : `${name}: ${variable}`;
    return `${own} = ${printFormula(standard, formulas)}`;
  });
  const list = taken.length === 0 ? '' : `{ ${taken.join(', ')} }: ${options} = {}`;
  writer.line(`export function ${build}(${list}): tf.LayersModel {`);
}

/** Writes a function of the program. */
export function writeFunction(writer: Writer, own: NamedFunction, parts: ModuleParts): void {
  const names = localNames(parts.names);
  const name = names.claim('name', '');
  const { block, body, parameters: kept } = own;
  const inputs = body.inputs.map((input) => names.claim(input.name, 'Tensor'));
  const isOfBlock = ({ name: own }: KeptParameter): boolean =>
    block.parameters.some((parameter) => parameter.name === own);
  const variables = new Map(
    kept.map((parameter) => [
      parameter.name,
      names.claim(isOfBlock(parameter) ? parameter.name : camelCase(parameter.name), 'Value'),
    ]),
  );
  const formulas: FormulaNames = {
    parameter: (parameter) => variables.get(parameter) ?? parameter,
    channels: `${parts.channelsOf}(${inputs[0] ?? ''})`,
    makeDivisible: parts.makeDivisible,
  };
  const isOptional = (index: number): boolean => body.inputs[index]!.isOptional === true;
  const flag = own.of.flag === undefined ? '' : names.claim(camelCase(own.of.flag), 'Value');
  const parameters = [
    ...inputs.flatMap((input, index) => (isOptional(index) ? [] : [`${input}: Tensor`])),
    `${name}: string`,
    ...kept.map((parameter) => {
      const variable = variables.get(parameter.name)!;
      if (parameter.default === undefined) return `${variable}: number`;
      return `${variable} = ${printFormula(parameter.default, formulas)}`;
    }),
    ...(flag === '' ? [] : [`${flag} = false`]),
    ...inputs.flatMap((input, index) => (isOptional(index) ? [`${input}?: Tensor`] : [])),
  ];
  writer.gap().doc(describeFunction(own, parts));
  const { length } = body.outputs;
  const type = length === 1 ? 'Tensor' : `[${body.outputs.map(() => 'Tensor').join(', ')}]`;
  writer.line(`function ${own.called}(${parameters.join(', ')}): ${type} {`);
  const nameOf = nameWithin(name);
  const instances = writeInstances(writer, body, { names, nameOf, parts, formulas });
  const style: BodyStyle = {
    names,
    inputs,
    formulas,
    call: (step, tensors, given) =>
      instances.callText(step, tensors) ??
      callText(step, tensors, nameOf(step), parts, formulas, given),
    specName: specNameOf,
    remark: () => '',
    question: (condition) => questionText(condition, { inputs, flag, formulas }),
  };
  writeBody(writer, body, style);
  writer.line('}');
}

/** How a function writes the names of what it makes: by what its variable holds. */
export const nameWithin =
  (variable: string) =>
  ({ suffix, isWhole }: NameWithin): string => {
    if (isWhole) return JSON.stringify(layerName(suffix));
    return suffix === '' ? variable : `\`\${${variable}}${suffix}\``;
  };

/** The block's documentation once; of further functions of a block, how they differ. */
export function describeFunction(
  { doc, remarks }: NamedFunction,
  { functions }: ModuleParts,
): string[] {
  const list = remarks.join(', ');
  if ('text' in doc) return [doc.text, list === '' ? '' : `Here ${list}.`];
  const first = functions.get(doc.like)!.called;
  return [`Like ${first}${list === '' ? ' of other steps' : `, here ${list}`}.`];
}

const property = (key: string, value: string): string => (key === value ? key : `${key}: ${value}`);

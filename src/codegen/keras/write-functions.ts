import type { Graph } from '../../ir/graph.js';
import { shapeTexts } from '../../ir/sizes/size-text.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';
import { frozenPaths } from '../frozen.js';
import { groupsOf, isOfSpec, referenceTo } from '../program/model-lines.js';
import { specNameOf } from '../program/step-names.js';
import { docstring, stringText } from '../python/docstring.js';
import { printFormula, printWhole, type FormulaScope } from '../python/formulas.js';
import { layOut } from '../python/layout.js';
import {
  formulaScope,
  type FileParts,
  type LocalNames,
  type NamedFunction,
  type NamedModel,
} from './file-parts.js';
import { layerName } from './layer-names.js';
import { callText } from './calls.js';
import { writeBody } from './write-body.js';
import { writeInstances } from './write-instances.js';

/** The lines of the function that builds a model. */
export function writeModelFunction(
  model: NamedModel,
  parts: FileParts,
  graph: Graph,
  sizes: SizeAnalysis,
  doc: readonly string[],
): readonly string[] {
  const { locals } = model;
  const formulas = formulaScope(locals, parts.makeDivisible, () => '');
  const shapeOf = (node: number): string => {
    const [height, width, channels] = shapeTexts(graph, sizes, node);
    return `[N, ${height}, ${width}, ${channels}]`;
  };
  const signature = model.parameters.map(({ name, default: standard }) =>
    parameterText(name, standard, locals, formulas),
  );
  const inputs = graph.inputs.flatMap((input, index) => {
    const axes = [input.height, input.width].map((axis) =>
      typeof axis === 'number' ? axis : 'None',
    );
    const shape = [...axes, printWhole(model.channels[index]!, formulas)].join(', ');
    const call = `keras.Input((${shape}), name=${stringText(layerName(input.name))})`;
    return layOut(4, `${locals.inputs[index]!} = ${call}`, shapeOf(input.node));
  });
  const instances = writeInstances(model.body, { locals, parts, formulas });
  const { lines, textOf } = writeBody(model.body, {
    locals,
    call: (step, tensors) =>
      instances.callText(step, tensors) ?? callText(step, tensors, parts, formulas),
    specName: (step) => (isOfSpec(step) ? step.suffix : undefined),
    shapeOf: (step, node) => (isOfSpec(step) || step.others.length > 0 ? shapeOf(node) : ''),
    group: groupsOf(graph, sizes),
  });
  const outputs = graph.outputs.map(
    ({ node, name }) => [name, textOf(referenceTo(model.body, node))] as const,
  );
  const given = `${inputsText(locals)}, ${outputsText(outputs)}`;
  // TensorFlow takes no such names.
  const called = stringText(graph.model.replace(/^_+/, '') || 'model');
  const made = `keras.Model(${given}, name=${called})`;
  const frozen = frozenPaths(graph);
  return [
    ...layOut(0, `def ${model.build}(${signature.join(', ')}) -> keras.Model:`),
    ...docstring(4, doc),
    ...defaultLines(model.parameters, locals, formulas),
    ...inputs,
    ...instances.lines,
    ...lines,
    ...(frozen.length === 0 ? layOut(4, `return ${made}`) : freezingLines(made, frozen, locals)),
  ];
}

const inputsText = ({ inputs }: LocalNames): string =>
  inputs.length === 1 ? inputs[0]! : `[${inputs.join(', ')}]`;

function outputsText(outputs: readonly (readonly [string, string])[]): string {
  if (outputs.length === 1) return outputs[0]![1];
  return `{${outputs.map(([name, text]) => `${stringText(name)}: ${text}`).join(', ')}}`;
}

/** What is frozen keeps its weights, and normalises as in prediction. */
function freezingLines(
  made: string,
  frozen: readonly string[],
  { names }: LocalNames,
): readonly string[] {
  const model = names.claim('model', '_made');
  const layer = names.claim('layer', '_made');
  const paths = frozen.map((path) => stringText(`${layerName(path)}-`));
  const list = paths.length === 1 ? paths[0]! : `(${paths.join(', ')})`;
  return [
    ...layOut(4, `${model} = ${made}`),
    `    for ${layer} in ${model}.layers:`,
    ...layOut(8, `if f"{${layer}.name}-".startswith(${list}):`),
    `            ${layer}.trainable = False`,
    `    return ${model}`,
  ];
}

/** The lines of a function of the program. */
export function writeFunction(own: NamedFunction, parts: FileParts): readonly string[] {
  const { locals } = own;
  const [first = ''] = locals.inputs;
  let channels: string | undefined;
  const formulas = formulaScope(
    locals,
    parts.makeDivisible,
    () => (channels ??= locals.names.claim('channels', '_in')),
  );
  const signature = [
    ...locals.inputs,
    'name: str',
    ...own.parameters.map(({ name, default: standard }) =>
      parameterText(name, standard, locals, formulas),
    ),
  ];
  const defaults = defaultLines(own.parameters, locals, formulas);
  const instances = writeInstances(own.body, { locals, parts, formulas });
  const { lines } = writeBody(own.body, {
    locals,
    call: (step, tensors) =>
      instances.callText(step, tensors) ?? callText(step, tensors, parts, formulas),
    specName: specNameOf,
  });
  return [
    ...layOut(0, `def ${own.called}(${signature.join(', ')}):`),
    ...docstring(4, describeFunction(own, parts)),
    ...(channels === undefined ? [] : [`    ${channels} = ${first}.shape[-1]`]),
    ...defaults,
    ...instances.lines,
    ...lines,
  ];
}

/** The block's documentation once; of further functions of a block, how they differ. */
export function describeFunction(
  { doc, remarks }: NamedFunction,
  { functions }: FileParts,
): string[] {
  const list = remarks.join(', ');
  if ('text' in doc) return [doc.text, list === '' ? '' : `Here ${list}.`];
  const first = functions.get(doc.like)!.called;
  return [`Like ${first}${list === '' ? ' of other steps' : `, here ${list}`}.`];
}

type Standard = NamedFunction['parameters'][number]['default'];

/** `c: int`, `k: int = 3`; of a default that is a formula `mid: int | None = None`. */
export function parameterText(
  name: string,
  standard: Standard,
  locals: LocalNames,
  formulas: FormulaScope,
): string {
  const type = locals.whole.has(name) ? 'int' : 'float';
  const called = `${locals.parameters.get(name)!}: ${type}`;
  if (standard === undefined) return called;
  return standard.kind === 'number'
    ? `${called} = ${printFormula(standard, formulas)}`
    : `${called} | None = None`;
}

export function defaultLines(
  parameters: NamedFunction['parameters'],
  locals: LocalNames,
  formulas: FormulaScope,
): readonly string[] {
  return parameters.flatMap(({ name, default: standard }) => {
    if (standard === undefined || standard.kind === 'number') return [];
    const called = locals.parameters.get(name)!;
    const print = locals.whole.has(name) ? printWhole : printFormula;
    return [`    if ${called} is None:`, ...layOut(8, `${called} = ${print(standard, formulas)}`)];
  });
}

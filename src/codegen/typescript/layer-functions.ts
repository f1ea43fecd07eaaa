import type { Writer } from '../writer.js';
import { printValue, type FormulaNames } from './expressions.js';
import { classNameOf, type LayerForm, type LayerPart } from './layer-forms.js';
import { statedValues, type LayerPlan, type PlannedKey } from './layer-plans.js';

/** What a call of a layer function says after the tensor and the name. */
export function layerArguments(
  plan: LayerPlan,
  form: LayerForm,
  names: FormulaNames,
): readonly string[] {
  const { positional, options } = statedValues(plan, form);
  const words = positional.map((value) => printValue(value, names));
  if (options.length > 0) {
    const entries = options.map(([key, value]) => property(key, printValue(value, names)));
    words.push(`{ ${entries.join(', ')} }`);
  }
  return words;
}

/** What `writeLayerFunction` needs to know of the module around it. */
export interface LayerFunctionNames {
  readonly function: string;
  readonly channelsOf: string;
}

/** The function that makes the layers of one operation and applies them. */
export function writeLayerFunction(
  writer: Writer,
  plan: LayerPlan,
  names: LayerFunctionNames,
): void {
  const { example, keys } = plan;
  const parameters = [`x: ${example.takesList ? 'Tensor[]' : 'Tensor'}`, ...parametersOf(plan)];
  writer.gap().line(`function ${names.function}(${parameters.join(', ')}): Tensor {`);
  const last = example.parts.length - 1;
  let value = 'x';
  for (const [index, part] of example.parts.entries()) {
    const made = layerText(
      part,
      keys.filter((key) => key.part === index),
      names,
    );
    const isLong = made.length > 50;
    const local = index === last ? 'layer' : intermediateName(part);
    if (index === last && !isLong) writer.line(`return ${made}.apply(${value}) as Tensor;`);
    else if (index === last) {
      writer.line(`const ${local} = ${made};`).line(`return ${local}.apply(${value}) as Tensor;`);
    } else {
      writer.line(`const ${local} = ${made}.apply(${value}) as Tensor;`);
      value = local;
    }
  }
  writer.line('}');
}

/** The function that makes the layers of one operation, and gives what sends tensors through them. */
export function writeLayerMaker(writer: Writer, plan: LayerPlan, names: LayerFunctionNames): void {
  const { example, keys } = plan;
  const type = example.takesList ? '(...x: Tensor[]) => Tensor' : '(x: Tensor) => Tensor';
  writer.gap().line(`function ${names.function}(${parametersOf(plan).join(', ')}): ${type} {`);
  const last = example.parts.length - 1;
  const late: string[] = [];
  const locals = example.parts.map((part, index) => {
    const own = keys.filter((key) => key.part === index);
    const local = index === last ? 'layer' : intermediateName(part);
    const made = layerText(part, own, names);
    // The channels of a shape are those of the first tensor that comes.
    const isLate = classNameOf(part.layer) === 'reshape';
    writer.line(
      isLate ? `let ${local}: tf.layers.Layer | undefined;` : `const ${local} = ${made};`,
    );
    if (isLate) late.push(`${local} ??= ${made};`);
    return local;
  });
  const value = locals.reduce((text, layer) => `${layer}.apply(${text}) as Tensor`, 'x');
  const flowing = example.takesList ? '(...x)' : '(x)';
  if (late.length === 0) writer.line(`return ${flowing} => ${value};`);
  else {
    writer.line(`return ${flowing} => {`);
    for (const line of late) writer.line(line);
    writer.line(`return ${value};`).line('};');
  }
  writer.line('}');
}

/** What a function of layers takes after the tensor. */
function parametersOf({ keys }: LayerPlan): readonly string[] {
  const options = keys.filter((key) => key.from === 'options');
  return [
    'name: string',
    ...keys.filter(({ from }) => from === 'parameter').map(({ key, type }) => `${key}: ${type}`),
    ...(options.length === 0
      ? []
      : [`options: { ${options.map(({ key, type }) => `${key}?: ${type}`).join('; ')} } = {}`]),
  ];
}

function layerText(
  part: LayerPart,
  keys: readonly PlannedKey[],
  names: LayerFunctionNames,
): string {
  const { layer, suffix } = part;
  const properties = [suffix === '' ? 'name' : `name: \`\${name}${suffix}\``];
  for (const { key, from, fixed } of keys) {
    if (from === 'parameter') properties.push(key);
    else if (fixed !== undefined) properties.push(`${key}: ${printValue(fixed, noNames)}`);
  }
  if (classNameOf(layer) === 'reshape') {
    properties.push(`targetShape: [1, 1, ${names.channelsOf}(x)]`);
  }
  if (keys.some(({ from }) => from === 'options')) properties.push('...options');
  const config = `{ ${properties.join(', ')} }`;
  return layer.kind === 'builtin'
    ? `tf.layers.${layer.factory}(${config})`
    : `new ${layer.className}(${config})`;
}

/** What a tensor between two layers of one operation is called: by what its layer did. */
function intermediateName(part: LayerPart): string {
  const name = part.suffix.replace(/\W/g, '');
  return name === 'pad' ? 'padded' : name;
}

const property = (key: string, value: string): string => (key === value ? key : `${key}: ${value}`);

/** Fixed values hold no parameters. */
const noNames: FormulaNames = { parameter: (name) => name, channels: '', makeDivisible: '' };

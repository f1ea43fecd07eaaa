import { opset } from '../../../src/codegen/onnx/encode.js';
import { emitOnnx } from '../../../src/codegen/onnx/emit.js';
import type {
  Attribute,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  OnnxValue,
} from '../../../src/codegen/onnx/model.js';
import { orderOf, type ValuesOf } from '../../../src/codegen/onnx/weights.js';
import type { CompiledModel } from '../../../src/compile.js';

/** Weights without numbers, in ONNX's own order: shapes say all that a text shows of them. */
const withoutNumbers: ValuesOf = (node, { role }) => ({
  values: new Float32Array(0),
  order: orderOf(node.op, role),
});

/** A model for ONNX, as it is before it becomes bytes. */
export const onnxModelOf = (model: CompiledModel): OnnxModel => emitOnnx(model, withoutNumbers);

/** A model for ONNX to read: a line for each value, node and constant, then the metadata. */
export function onnxText({ name, documentation, ...model }: OnnxModel): string {
  const { nodes, constants, inputs, outputs, metadata } = model;
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['inputs', inputs.map(valueLine)],
    ['outputs', outputs.map(valueLine)],
    ['nodes', nodes.map(nodeLine)],
    ['constants', constants.map(constantLine)],
    ...Object.entries(metadata).map(
      ([key, text]) =>
        [`metadata ${key}`, JSON.stringify(JSON.parse(text), null, 2).split('\n')] as const,
    ),
  ];
  return [
    `model ${name}, opset ${opset}`,
    ...documentation.split('\n').filter((line) => line !== ''),
    ...sections.flatMap(([title, lines]) => ['', title, ...lines.map((line) => `  ${line}`)]),
    '',
  ].join('\n');
}

const valueLine = ({ name, dimensions }: OnnxValue): string => `${name} [${dimensions.join(', ')}]`;

function nodeLine({ type, name, output, inputs, attributes }: OnnxNode): string {
  const words = Object.entries(attributes).map(([key, value]) => `${key}=${attributeText(value)}`);
  const call = `${type}(${inputs.map((input) => (input === '' ? '-' : input)).join(', ')})`;
  return [`${name} = ${call}${output === 'first' ? '' : ` ${output}`}`, ...words].join(' ');
}

function attributeText(value: Attribute): string {
  if ('float' in value) return `${value.float}f`;
  if ('integer' in value) return String(value.integer);
  return 'text' in value ? JSON.stringify(value.text) : `[${value.integers.join(',')}]`;
}

/** The names of the numbers that the writer itself sets hold them. */
const constantLine = ({ name, dimensions, values }: OnnxTensor): string =>
  `${name} ${values instanceof Float32Array ? 'float' : 'int64'} [${dimensions.join(', ')}]`;

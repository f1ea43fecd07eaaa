import type { Attribute, OnnxModel, OnnxNode, OnnxTensor, OnnxValue } from './model.js';
import {
  bytesField,
  floatField,
  integerField,
  messageField,
  textField,
  type Part,
} from './protobuf.js';

/**
 * The version of the operators. 15 is the lowest that has all that the table of operations
 * needs (`Shape` of some axes alone is the newest), so that most programs can read it.
 */
export const opset = 15;

/** The version of the format: the one that came with the opset (ONNX 1.10). */
const format = 8;

/** A protobuf message may have no more bytes than that. */
export const messageLimit = 2 ** 31 - 1;

/** From so many bytes on a tensor's values go to the file of weights, if there is one. */
const smallTensor = 1024;

/** What every model of ours begins with: the version of the format, and who made it. */
export const firstBytes: Part = [...integerField(1, format), ...textField(2, 'unetc')];

/** A model as bytes, in pieces that lie behind each other. */
export interface EncodedModel {
  readonly model: Part;
  /** The file of weights, where they were to lie apart. */
  readonly weights: Part | undefined;
}

/**
 * Encodes a model as ONNX's protobuf messages (`onnx.proto`: the numbers of fields are its).
 * With `weightsFile`, the name of a file beside the model's, large constants are put there.
 */
export function encodeModel(model: OnnxModel, weightsFile?: string): EncodedModel {
  const weights: Uint8Array[] = [];
  let end = 0;
  const placed = model.constants.map((tensor) => {
    const bytes = bytesOf(tensor);
    const head = [
      ...tensor.dimensions.flatMap((length) => integerField(1, length)),
      ...integerField(2, tensor.values instanceof Float32Array ? types.float : types.integer),
      ...textField(8, tensor.name),
    ];
    if (weightsFile === undefined || bytes.byteLength < smallTensor) {
      return messageField(5, head, bytesField(9, bytes));
    }
    const entries = { location: weightsFile, offset: end, length: bytes.byteLength };
    weights.push(bytes);
    end += bytes.byteLength;
    const external = Object.entries(entries).flatMap(([key, value]) => entry(13, key, `${value}`));
    return messageField(5, head, external, integerField(14, 1));
  });
  const { documentation } = model;
  const graph = messageField(
    7,
    model.nodes.flatMap(encodeNode),
    textField(2, model.name),
    placed.flat(),
    documentation === '' ? [] : textField(10, documentation),
    model.inputs.flatMap((value) => encodeValue(11, value)),
    model.outputs.flatMap((value) => encodeValue(12, value)),
  );
  const operators = messageField(8, textField(1, ''), integerField(2, opset));
  const metadata = Object.entries(model.metadata).flatMap(([key, value]) => entry(14, key, value));
  return {
    model: [...firstBytes, ...graph, ...operators, ...metadata],
    weights: weightsFile === undefined ? undefined : weights,
  };
}

/** Numbers that stand for types of elements. */
const types = { float: 1, integer: 7 };

const entry = (field: number, key: string, value: string): Part =>
  messageField(field, textField(1, key), textField(2, value));

/** The values as ONNX keeps them, the lowest byte first: as they lie in memory wherever JavaScript runs today. */
const bytesOf = ({ values }: OnnxTensor): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

function encodeNode({ type, name, output, inputs, attributes }: OnnxNode): Part {
  return messageField(
    1,
    inputs.flatMap((input) => textField(1, input)),
    ...(output === 'first' ? [] : [textField(2, `${name}:first`)]),
    textField(2, name),
    textField(3, name),
    textField(4, type),
    Object.entries(attributes).flatMap(([key, value]) =>
      messageField(5, textField(1, key), encodeAttribute(value)),
    ),
  );
}

/** The value, then the number of its type. */
function encodeAttribute(value: Attribute): Part {
  if ('float' in value) return [...floatField(2, value.float), ...integerField(20, 1)];
  if ('integer' in value) return [...integerField(3, value.integer), ...integerField(20, 2)];
  if ('text' in value) return [...textField(4, value.text), ...integerField(20, 3)];
  return [...value.integers.flatMap((each) => integerField(8, each)), ...integerField(20, 7)];
}

function encodeValue(field: number, { name, dimensions }: OnnxValue): Part {
  const lengths = dimensions.flatMap((length) =>
    messageField(1, typeof length === 'number' ? integerField(1, length) : textField(2, length)),
  );
  const tensor = messageField(1, integerField(1, types.float), messageField(2, lengths));
  return messageField(field, textField(1, name), messageField(2, tensor));
}

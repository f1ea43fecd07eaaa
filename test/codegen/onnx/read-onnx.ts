/** A file in ONNX's format, as much of it as tells whether it hangs together. */
export interface ReadModel {
  readonly opset: number;
  readonly producer: string;
  readonly nodes: readonly ReadNode[];
  readonly constants: ReadonlyMap<string, ReadTensor>;
  readonly inputs: readonly ReadValue[];
  readonly outputs: readonly ReadValue[];
  readonly metadata: Readonly<Record<string, string>>;
}

export interface ReadNode {
  readonly name: string;
  readonly type: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
}

export interface ReadTensor {
  readonly dimensions: readonly number[];
  /** 1 for numbers of 32 bits with a fraction, 7 for whole ones of 64. */
  readonly type: number;
  readonly bytes: Uint8Array;
  /** Where its bytes are in a file of weights. */
  readonly external: Readonly<Record<string, string>>;
}

export interface ReadValue {
  readonly name: string;
  readonly dimensions: readonly (number | string)[];
}

type Fields = ReadonlyMap<number, readonly (number | Uint8Array)[]>;

/** The fields of a message by their numbers; numbers of 64 bits must be small. */
function fieldsOf(bytes: Uint8Array): Fields {
  const fields = new Map<number, (number | Uint8Array)[]>();
  let at = 0;
  const varint = (): number => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('a number ends with the message');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return Number(BigInt.asIntN(64, value));
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const [field, type] = [tag >> 3, tag & 7];
    let value: number | Uint8Array;
    if (type === 0) {
      value = varint();
    } else {
      const length = type === 2 ? varint() : type === 5 ? 4 : NaN;
      value = bytes.subarray(at, at + length);
      if (value.length !== length) throw new RangeError(`field ${field} is cut off`);
      at += length;
    }
    fields.set(field, [...(fields.get(field) ?? []), value]);
  }
  return fields;
}

const decoder = new TextDecoder('utf-8', { fatal: true });
const messages = (fields: Fields, field: number): readonly Fields[] =>
  (fields.get(field) ?? []).map((value) => fieldsOf(value as Uint8Array));
const texts = (fields: Fields, field: number): readonly string[] =>
  (fields.get(field) ?? []).map((value) => decoder.decode(value as Uint8Array));
const numbers = (fields: Fields, field: number): readonly number[] =>
  (fields.get(field) ?? []) as readonly number[];
const text = (fields: Fields, field: number): string => texts(fields, field)[0] ?? '';
const entries = (fields: Fields, field: number): Record<string, string> =>
  Object.fromEntries(messages(fields, field).map((entry) => [text(entry, 1), text(entry, 2)]));

/** Reads a model; throws for bytes that are none. Numbers of fields are those of `onnx.proto`. */
export function readOnnx(bytes: Uint8Array): ReadModel {
  const model = fieldsOf(bytes);
  const graph = messages(model, 7)[0]!;
  const values = (field: number): readonly ReadValue[] =>
    messages(graph, field).map((value) => {
      const shape = messages(messages(messages(value, 2)[0]!, 1)[0]!, 2)[0]!;
      const dimensions = messages(shape, 1).map((each) => numbers(each, 1)[0] ?? text(each, 2));
      return { name: text(value, 1), dimensions };
    });
  return {
    opset: numbers(messages(model, 8)[0]!, 2)[0]!,
    producer: text(model, 2),
    nodes: messages(graph, 1).map((node) => ({
      ...{ name: text(node, 3), type: text(node, 4) },
      ...{ inputs: texts(node, 1), outputs: texts(node, 2) },
    })),
    constants: new Map(
      messages(graph, 5).map((tensor) => {
        const [type] = numbers(tensor, 2) as [number];
        const bytes = (tensor.get(9)?.[0] ?? new Uint8Array()) as Uint8Array;
        const external = entries(tensor, 13);
        return [text(tensor, 8), { dimensions: numbers(tensor, 1), type, bytes, external }];
      }),
    ),
    inputs: values(11),
    outputs: values(12),
    metadata: entries(model, 14),
  };
}

/** The names by which the parts of a model hang together. */
interface NamedParts {
  readonly nodes: readonly Pick<ReadNode, 'name' | 'inputs' | 'outputs'>[];
  readonly constants: readonly string[];
  readonly inputs: readonly { readonly name: string }[];
  readonly outputs: readonly { readonly name: string }[];
}

/** Why a model does not hang together, in a line for each reason; empty for one that does. */
export function faultsOf(model: ReadModel): readonly string[] {
  const { constants } = model;
  const faults = [...looseEnds({ ...model, constants: [...constants.keys()] })];
  for (const [name, { dimensions, type, bytes, external }] of constants) {
    const size = dimensions.reduce((product, length) => product * length, type === 1 ? 4 : 8);
    const found = Number(external['length'] ?? bytes.length);
    if (found !== size) faults.push(`${name} has ${found} bytes, not ${size}`);
  }
  return faults;
}

/** Names that are read and not made, made and not read, or made twice. */
export function looseEnds({ nodes, constants, inputs, outputs }: NamedParts): readonly string[] {
  const faults: string[] = [];
  const known = new Set([...constants, ...inputs.map(({ name }) => name)]);
  if (known.size < constants.length + inputs.length) faults.push('an input is a constant, too');
  const used = new Set<string>();
  for (const node of nodes) {
    for (const input of node.inputs.filter((name) => name !== '')) {
      if (!known.has(input)) faults.push(`${node.name} reads ${input}, which nothing makes before`);
      used.add(input);
    }
    for (const output of node.outputs) {
      if (known.has(output)) faults.push(`${output} is made twice`);
      known.add(output);
    }
  }
  for (const { name } of outputs) {
    if (!known.has(name)) faults.push(`nothing makes the output ${name}`);
    used.add(name);
  }
  // Of several values that one operator makes some may be of no use.
  const useful = new Set(
    nodes.flatMap(({ outputs: made }) => (made.some((name) => used.has(name)) ? made : [])),
  );
  for (const name of known) {
    if (!used.has(name) && !useful.has(name)) faults.push(`nothing reads ${name}`);
  }
  return faults;
}

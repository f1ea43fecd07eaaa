/**
 * The wire format of Protocol Buffers, as much of it as the messages of ONNX and of TensorBoard need
 * (https://protobuf.dev/programming-guides/encoding). A part is a field, or several, in
 * pieces that lie behind each other, so that weights are never copied before a file is written.
 */
export type Part = readonly Uint8Array[];

const varintType = 0;
const fixed64Type = 1;
const lengthType = 2;
const fixed32Type = 5;

const encoder = new TextEncoder();

/** Seven bits a byte, the lowest first; numbers below 0 as their 64-bit two's complement. */
function varint(value: number | bigint): Uint8Array {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Uint8Array.from(bytes);
}

const tag = (field: number, type: number): Uint8Array => varint((field << 3) | type);

/** Bytes of a part. */
export const lengthOf = (part: Part): number =>
  part.reduce((sum, { byteLength }) => sum + byteLength, 0);

/** A whole number, an enum or a boolean. */
export const integerField = (field: number, value: number | bigint): Part => [
  tag(field, varintType),
  varint(value),
];

/** A number of 32 bits with a fraction. */
export function floatField(field: number, value: number): Part {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return [tag(field, fixed32Type), bytes];
}

/** A number of 64 bits with a fraction. */
export function doubleField(field: number, value: number): Part {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return [tag(field, fixed64Type), bytes];
}

export const bytesField = (field: number, bytes: Uint8Array): Part => [
  tag(field, lengthType),
  varint(bytes.byteLength),
  bytes,
];

export const textField = (field: number, text: string): Part =>
  bytesField(field, encoder.encode(text));

/** A message within another one; its fields in the order given. */
export function messageField(field: number, ...parts: readonly Part[]): Part {
  const content = parts.flat();
  return [tag(field, lengthType), varint(lengthOf(content)), ...content];
}

/** One array of all pieces. */
export function joined(part: Part): Uint8Array {
  const bytes = new Uint8Array(lengthOf(part));
  let at = 0;
  for (const piece of part) {
    bytes.set(piece, at);
    at += piece.byteLength;
  }
  return bytes;
}

/** Kinds of numbers, by numpy's `descr`; the lowest byte comes first, as on every machine of today. */
const kinds = [
  [Uint8Array, '|u1'],
  [Uint16Array, '<u2'],
  [Float32Array, '<f4'],
] as const;

/** Bytes that the numbers begin at a multiple of, as the format asks. */
const alignment = 64;

/** An array as a file of numpy's format NPY, version 1 (NEP 1), the last axis next to each other. */
export function encodeNpy(
  shape: readonly number[],
  data: Uint8Array | Uint16Array | Float32Array,
): Uint8Array {
  const [, descr] = kinds.find(([type]) => data instanceof type)!;
  const start = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}${shape.length === 1 ? ',' : ''}), }`;
  const length = Math.ceil((10 + start.length + 1) / alignment) * alignment;
  const header = `${start.padEnd(length - 11)}\n`;
  const bytes = new Uint8Array(length + data.byteLength);
  bytes.set([0x93, ...[...'NUMPY'].map((letter) => letter.charCodeAt(0)), 1, 0]);
  new DataView(bytes.buffer).setUint16(8, length - 10, true);
  bytes.set(new TextEncoder().encode(header), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), length);
  return bytes;
}

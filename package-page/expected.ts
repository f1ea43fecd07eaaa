/** The bytes of an array of numpy that holds bytes (`|u1`), as packages hold the classes of their sample. */
export function bytesOfNpy(file: ArrayBuffer): Uint8Array {
  const start = 10 + new DataView(file).getUint16(8, true);
  return new Uint8Array(file, start);
}

/** How many values of two lists differ; those that one alone has count. */
export function countDifferences(one: Uint8Array, other: Uint8Array): number {
  let count = Math.abs(one.length - other.length);
  for (let at = 0; at < Math.min(one.length, other.length); at++) {
    if (one[at] !== other[at]) count += 1;
  }
  return count;
}

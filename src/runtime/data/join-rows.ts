/** Rows of an image or a mask. */
export interface Rows {
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array | Float32Array;
}

/** Strips of one image, one below the other; a single one is given back as it is. */
export function joinRows<R extends Rows>(strips: readonly R[]): R {
  const [first] = strips;
  if (first === undefined) throw new Error('no rows');
  if (strips.length === 1) return first;
  const height = strips.reduce((sum, strip) => sum + strip.height, 0);
  const length = strips.reduce((sum, strip) => sum + strip.data.length, 0);
  const data = first.data instanceof Uint8Array ? new Uint8Array(length) : new Float32Array(length);
  let at = 0;
  for (const strip of strips) {
    data.set(strip.data, at);
    at += strip.data.length;
  }
  return { ...first, height, data };
}

/** The rows from `first` to before `end`, in the memory of the whole. */
export function rowsOf<R extends Rows>(whole: R, first: number, end: number): R {
  const row = whole.height === 0 ? 0 : whole.data.length / whole.height;
  const data = whole.data.subarray(first * row, end * row);
  return { ...whole, height: end - first, data };
}

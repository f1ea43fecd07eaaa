/**
 * Exact squared Euclidean distances, in pixels, from every pixel of a window to
 * the nearest one that is marked; 0 on marked ones, infinite where none is
 * marked. Columns by two sweeps, then rows by the lower envelope of parabolas
 * (Felzenszwalb and Huttenlocher 2012): time in proportion to the pixels.
 *
 * @param marked rows x columns; not 0 where a pixel is marked.
 */
export function squaredDistances(marked: Uint8Array, rows: number, columns: number): Float64Array {
  const squares = new Float64Array(rows * columns);
  for (let x = 0; x < columns; x++) {
    let distance = Infinity;
    for (let at = x; at < squares.length; at += columns) {
      distance = marked[at] === 0 ? distance + 1 : 0;
      squares[at] = distance;
    }
    distance = Infinity;
    for (let at = squares.length - columns + x; at >= 0; at -= columns) {
      distance = squares[at] === 0 ? 0 : distance + 1;
      squares[at] = Math.min(squares[at]!, distance) ** 2;
    }
  }
  const envelope = createEnvelope(columns);
  for (let y = 0; y < rows; y++) envelope(squares.subarray(y * columns, (y + 1) * columns));
  return squares;
}

/** Replaces f(x) of a row by min over q of f(q) + (x - q)^2; the row holds at least one finite value or none. */
function createEnvelope(length: number): (row: Float64Array) => void {
  const places = new Int32Array(length);
  const starts = new Float64Array(length + 1);
  const values = new Float64Array(length);
  return (row) => {
    values.set(row);
    let last = -1;
    for (let q = 0; q < length; q++) {
      if (values[q] === Infinity) continue;
      let start = -Infinity;
      while (last >= 0) {
        const p = places[last]!;
        start = (values[q]! + q * q - values[p]! - p * p) / (2 * (q - p));
        if (start > starts[last]!) break;
        last--;
        start = -Infinity;
      }
      places[++last] = q;
      starts[last] = start;
    }
    if (last < 0) return;
    for (let x = 0, k = 0; x < length; x++) {
      while (k < last && starts[k + 1]! <= x) k++;
      const q = places[k]!;
      row[x] = values[q]! + (x - q) ** 2;
    }
  };
}

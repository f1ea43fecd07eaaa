/** How numbers of one type lie in a file, the lowest byte first. */
export interface NumberType {
  readonly bytes: number;
  /** Reads one that is a weight; undefined for those that are none by themselves. */
  readonly read?: (view: DataView, at: number) => number;
  /** Whether they are whole numbers. */
  readonly isWhole?: true;
}

export const whole = (bytes: number): NumberType => ({ bytes, isWhole: true });

/** Numbers with a fraction. */
export const floats = {
  f64: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  f32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  f16: { bytes: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)) },
  bf16: { bytes: 2, read: bfloatToNumber },
} as const satisfies Readonly<Record<string, NumberType>>;

/** Reads numbers that lie one behind the other. */
export function readNumbers(
  view: DataView,
  { bytes, read }: NumberType & { readonly read: (view: DataView, at: number) => number },
  from: number,
  count: number,
): Float32Array {
  const values = new Float32Array(count);
  for (let at = 0; at < count; at++) values[at] = read(view, from + at * bytes);
  return values;
}

/** IEEE 754 half precision: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const part = bits & 0x3ff;
  if (exponent === 0) return sign * part * 2 ** -24;
  if (exponent === 31) return part === 0 ? sign * Infinity : NaN;
  return sign * (1 + part / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** A bfloat16 is the upper half of a float32. */
function bfloatToNumber(view: DataView, at: number): number {
  scratch.setUint32(0, view.getUint16(at, true) << 16);
  return scratch.getFloat32(0);
}

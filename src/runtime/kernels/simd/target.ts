/** Where values go, in bytes of the backend's memory. */
export interface Target {
  /** The first pixel. */
  readonly address: number;
  /** Channels of a pixel. */
  readonly channels: number;
  /** From one image, row and pixel to the next. */
  readonly imageStep: number;
  readonly rowStep: number;
  readonly columnStep: number;
}

/** Between which values those of a convolution are moved. */
export interface Limits {
  readonly low?: number;
  readonly high?: number;
}

const limits: Readonly<Record<string, Limits>> = {
  linear: {},
  relu: { low: 0 },
  relu6: { low: 0, high: 6 },
};

/** Between which values an activation leaves those of a convolution; undefined of one that does more. */
export const limitsOf = (activation: string): Limits | undefined => limits[activation];

/** Bytes that `writeTarget` fills. */
export const targetBytes = 7 * 4;

/** Writes the fields of `Outputs` in `wasm/outputs.ts`, in its order, from byte `address` of a heap. */
export function writeTarget(
  heap: ArrayBufferLike,
  address: number,
  target: Target,
  { low = -Infinity, high = Infinity }: Limits = {},
): void {
  const { channels, imageStep, rowStep, columnStep } = target;
  const steps = [target.address, channels, imageStep, rowStep, columnStep];
  new Int32Array(heap, address, steps.length).set(steps);
  new Float32Array(heap, address + steps.length * 4, 2).set([low, high]);
}

/** All pixels of a tensor [n, h, w, c] that begins at that address. */
export function targetOf(
  address: number,
  [, height, width, channels]: readonly [number, number, number, number],
): Target {
  const columnStep = channels * 4;
  const rowStep = width * columnStep;
  return { address, channels, imageStep: height * rowStep, rowStep, columnStep };
}

/** Pixels of an axis of an image whose gradient comes from the same taps: every `stride`th. */
export interface Phase {
  /** The first of them, and how many there are. */
  readonly phase: number;
  readonly pixels: number;
  /** The first tap that they meet, and how many, `stride` apart. */
  readonly first: number;
  readonly taps: number;
  /** How far before pixel m of dy the taps of the pixel `phase` + m `stride` begin. */
  readonly before: number;
}

/**
 * The phases of an axis: of `length` pixels, with `padding` before them, that a kernel reads at a
 * stride. Pixel p meets those taps i with (p + padding - i) mod stride = 0, and a strided kernel has
 * no dilation.
 */
export function phasesOf(
  length: number,
  kernel: number,
  stride: number,
  padding: number,
  dilation = 1,
): readonly Phase[] {
  return Array.from({ length: Math.min(stride, length) }, (_, phase) => {
    const first = (phase + padding) % stride;
    const taps = first < kernel ? Math.ceil((kernel - first) / stride) : 0;
    const before = (taps - 1) * dilation - (phase + padding - first) / stride;
    return { phase, pixels: Math.ceil((length - phase) / stride), first, taps, before };
  });
}

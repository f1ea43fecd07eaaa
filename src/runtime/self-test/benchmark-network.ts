import { compileText, type CompiledModel } from '../../compile.js';
import { Random } from '../random.js';

/** A network to take times of: a U-Net of four levels. */
export interface BenchmarkSize {
  /** Side of the images, in pixels. */
  readonly side: number;
  /** Channels of the first level; each next one has twice as many. */
  readonly base: number;
}

/** The networks of `unetc engines --bench`. */
export const benchmarkSizes = {
  small: { side: 64, base: 8 },
  large: { side: 128, base: 16 },
} as const satisfies Readonly<Record<string, BenchmarkSize>>;

/** Milliseconds of one training step and one prediction of a batch: medians. */
export interface BenchmarkTimes {
  /** Absent of what only predicts. */
  readonly step?: number;
  readonly prediction: number;
}

/** Images of a step and of a prediction. */
export const batch = 4;

/** How long times are taken, in milliseconds. */
export const patience = {
  /** Until so many have passed, but at least `fewest` times. */
  enough: 1500,
  fewest: 3,
  /** After so many no time more is taken. */
  tooLong: 10_000,
} as const;

/** The U-Net whose times are taken; `base` says how wide it is. */
export const benchmarkSpec = `
model Benchmark(base: int = 8) {
  input image: [H, W, 3]
  encoder plain {
    widths: base * [1, 2, 4, 8, 16]
    stage: double_conv(width)
    down: max_pool(2)
  }
  skip plain { merge: [skip, up] -> concat }
  decoder {
    up: conv_transpose(width, 2, stride: 2)
    stage: double_conv(width)
  }
  head mask: conv(1, 1)
}

block double_conv(c: int) =
  conv(c, 3, bias: false) -> batch_norm -> relu
    -> conv(c, 3, bias: false) -> batch_norm -> relu

train Benchmark { loss: bce }
`;

/** The network of a size, and a batch for it. */
export interface Benchmark extends Pick<CompiledModel, 'graph' | 'recipe'> {
  /** Images, [batch, side, side, 3]. */
  readonly values: Float32Array;
  /** Masks, [batch, side, side], of 0 and 1. */
  readonly masks: Uint8Array;
}

/** Makes the network of a size and images of noise. */
export function makeBenchmark({ side, base }: BenchmarkSize): Benchmark {
  const { models } = compileText('benchmark', benchmarkSpec, { set: { base: String(base) } });
  const { graph, recipe } = models[0]!;
  const random = new Random(2);
  const area = batch * side * side;
  const values = Float32Array.from({ length: area * 3 }, () => random.normal());
  const masks = Uint8Array.from({ length: area }, () => random.integer(2));
  return { graph, recipe, values, masks };
}

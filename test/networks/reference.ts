import { readFileSync } from 'node:fs';
import { compileText, type CompiledModel } from '../../src/compile.js';
import { graphWeights } from '../../src/codegen/tfjs/weights.js';

/** Numbers of one reference implementation; `test/oracles/README.md` says where they come from. */
export interface ReferenceNetwork {
  readonly id: string;
  /** The spec that says the same network. */
  readonly spec: string;
  /** Parameters that give the published widths. */
  readonly full: Readonly<Record<string, string>>;
  /** Parameters that give the widths of the forward values. */
  readonly small: Readonly<Record<string, string>>;
  readonly parameters: {
    readonly total: number;
    readonly trainable?: number;
    readonly keras_style_total?: number;
  };
  /** Output sizes by input size; null where the reference refuses. */
  readonly sizes: readonly {
    readonly input: readonly [number, number];
    readonly output: readonly [number, number] | null;
  }[];
  /**
   * Kind, shape in PyTorch's layout, and amplitude of each weight, in the order of
   * the spec; with its position in the reference's module where that differs.
   */
  readonly weights: readonly (readonly [WeightKind, readonly number[], number | null, number?])[];
  readonly runs: readonly ReferenceRun[];
  /** The largest difference of the reference's own outputs in float32 and float64, where it is known. */
  readonly float32Error?: number;
}

export interface ReferenceRun {
  /** [n, c, h, w] */
  readonly input: Shape;
  /** -1 for an image of the opposite sign. */
  readonly sign?: number;
  readonly outputs: readonly {
    readonly name: string;
    readonly shape: Shape;
    /** [flat index in n, c, h, w; value] */
    readonly samples: readonly (readonly [number, number])[];
  }[];
}

type Shape = readonly [number, number, number, number];

export type WeightKind = 'weight' | 'bias' | 'gamma' | 'beta' | 'mean' | 'var' | 'slope';

const read = <T>(name: string): T => JSON.parse(readFileSync(`test/oracles/${name}`, 'utf8')) as T;

export const networks = read<{ readonly networks: readonly ReferenceNetwork[] }>(
  'networks.json',
).networks;

/** One training run of a reference network: three losses of plain gradient descent. */
export interface ReferenceTraining {
  readonly id: string;
  readonly network: string;
  readonly set: Readonly<Record<string, string>>;
  readonly input: readonly [number, number, number, number];
  readonly classes: number;
  readonly learningRate: number;
  readonly losses: readonly number[];
  readonly weights: ReferenceNetwork['weights'];
  /** L2 norm of the first step's gradient, by weight in module order. */
  readonly gradientNorms: readonly number[];
}

export const trainings = read<{ readonly runs: readonly ReferenceTraining[] }>(
  'training-runs.json',
).runs;

/** Compiles a shipped spec that must be free of errors. */
export function compileSpec(
  name: string,
  set: Readonly<Record<string, string>> = {},
): CompiledModel {
  const path = `specs/${name}.unet`;
  const compilation = compileText(path, readFileSync(path, 'utf8'), { set });
  const [model] = compilation.models;
  if (model === undefined || compilation.diagnostics.length > 0) {
    throw new Error(compilation.diagnostics.map(({ message }) => message).join('\n'));
  }
  return model;
}

const product = (shape: readonly number[]): number => shape.reduce((size, axis) => size * axis, 1);

/**
 * The reference's weights in our layout: integers that any language computes
 * alike. Kernels turn from [out, in, kh, kw] (transposed: [in, out, kh, kw]) to
 * [kh, kw, in, out] (transposed: [kh, kw, out, in]; depthwise: [kh, kw, in, 1]).
 */
export function referenceWeights(
  model: CompiledModel,
  weights: ReferenceNetwork['weights'],
): Map<string, Float32Array> {
  const specs = graphWeights(model.graph);
  if (specs.length !== weights.length) {
    throw new Error(`${specs.length} weights, the reference has ${weights.length}`);
  }
  return new Map(
    specs.map((spec, position) => {
      const [kind, shape, amplitude, number = position] = weights[position]!;
      const values = weightValues(kind, shape, amplitude, number);
      if (shape.length !== 4) return [spec.name, values];
      const [a, b, kh, kw] = shape as readonly [number, number, number, number];
      const isDepthwise = b === 1 && spec.shape[2] === a && spec.shape[3] === 1;
      const expected = (isDepthwise ? [kh, kw, a, 1] : [kh, kw, b, a]).join();
      if (spec.shape.join() !== expected) {
        throw new Error(`${spec.name} is ${spec.shape.join()}, the reference has ${expected}`);
      }
      const turned = new Float32Array(values.length);
      for (let i = 0; i < a; i++)
        for (let j = 0; j < b; j++)
          for (let t = 0; t < kh * kw; t++)
            turned[(t * b + j) * a + i] = values[(i * b + j) * kh * kw + t]!;
      return [spec.name, turned];
    }),
  );
}

export function weightValues(
  kind: WeightKind,
  shape: readonly number[],
  amplitude: number | null,
  position: number,
): Float32Array {
  return Float32Array.from({ length: product(shape) }, (_, i) => {
    const u = ((131 * i * i + 1103 * i + 7919 * (position + 1)) % 10007) / 10006;
    const signed = 2 * u - 1;
    switch (kind) {
      case 'weight':
        return amplitude! * signed;
      case 'bias':
        return 0.1 * signed;
      case 'gamma':
        return 0.8 + 0.4 * u;
      case 'beta':
      case 'mean':
        return 0.2 * signed;
      case 'var':
        return 0.6 + 0.8 * u;
      case 'slope':
        return 0.3 * u;
    }
  });
}

/** sin(0.05 i) over the flat [n, c, h, w] index, times a sign, as [n, h, w, c]. */
export function referenceImage([n, c, h, w]: Shape, sign = 1): Float32Array {
  const values = new Float32Array(n * c * h * w);
  for (let b = 0; b < n; b++)
    for (let k = 0; k < c; k++)
      for (let at = 0; at < h * w; at++)
        values[(b * h * w + at) * c + k] = sign * Math.sin(0.05 * ((b * c + k) * h * w + at));
  return values;
}

/** The value of a channels-last result at a flat [n, c, h, w] index. */
export function valueAt(
  values: ArrayLike<number>,
  [, c, h, w]: readonly [number, number, number, number],
  flat: number,
): number {
  const area = h * w;
  const at = flat % area;
  const channel = Math.floor(flat / area) % c;
  const image = Math.floor(flat / (area * c));
  return values[(image * area + at) * c + channel]!;
}

import * as tf from '../../src/runtime/tensorflow.js';
import { Random } from '../../src/runtime/random.js';

/** Values of a tensor that no later step changes. */
export type Values = Float32Array;

/** Normal values for a tensor of that shape; the same for the same seed. */
export function normalValues(shape: readonly number[], seed: number, deviation = 1): Values {
  const random = new Random(seed);
  return Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () =>
    random.normal(0, deviation),
  );
}

/**
 * All the numbers from 0 up to `size` in random order, divided by `size`: no two
 * are closer than finite differences can tell apart, as maxima need.
 */
export function distinctValues(shape: readonly number[], seed: number): Values {
  const size = tf.util.sizeFromShape([...shape]);
  return Float32Array.from(
    new Random(seed).permutation(size),
    (value) => (value * 4) / size - 2.01,
  );
}

export interface Differentiation {
  readonly output: Values;
  readonly outputShape: readonly number[];
  /** One for each argument. */
  readonly gradients: readonly Values[];
}

export interface Argument {
  readonly values: Values;
  readonly shape: readonly number[];
}

/** A function of tensors, made anew on each engine. */
export type TensorFunction = (...tensors: tf.Tensor[]) => tf.Tensor;

/** Runs a function on a backend, with the gradient of sum(w * output) for fixed random w. */
export async function differentiate(
  backend: string,
  run: TensorFunction,
  args: readonly Argument[],
): Promise<Differentiation> {
  await tf.setBackend(backend);
  const { output, gradients } = tf.tidy(() => {
    const tensors = args.map(({ values, shape }) => tf.tensor(values, [...shape]));
    const output = run(...tensors);
    const weights = tf.tensor(normalValues(output.shape, 99), output.shape);
    const gradients = tf.grads((...inputs: tf.Tensor[]) => tf.sum(tf.mul(run(...inputs), weights)))(
      tensors,
    );
    return { output, gradients };
  });
  const found = {
    output: await valuesOf(output),
    outputShape: output.shape,
    gradients: await Promise.all(gradients.map(valuesOf)),
  };
  tf.dispose([output, gradients]);
  return found;
}

/** A copy: engines on graphics cards give values later, and some give those they keep. */
const valuesOf = async (tensor: tf.Tensor): Promise<Values> =>
  Float32Array.from(await tensor.data());

/** Central differences of the same weighted sum, summed in float64. */
export async function finiteDifferences(
  backend: string,
  run: TensorFunction,
  args: readonly Argument[],
  step = 1e-2,
): Promise<readonly Float64Array[]> {
  await tf.setBackend(backend);
  const weighted = (inputs: readonly Values[]): number =>
    tf.tidy(() => {
      const output = run(...inputs.map((value, at) => tf.tensor(value, [...args[at]!.shape])));
      const weights = normalValues(output.shape, 99);
      const values = output.dataSync();
      return weights.reduce((sum, weight, at) => sum + weight * values[at]!, 0);
    });
  return args.map(({ values }, argument) =>
    Float64Array.from(values, (value, at) => {
      const moved = (by: number): number => {
        const all = args.map((each) => Float32Array.from(each.values));
        all[argument]![at] = value + by;
        return weighted(all);
      };
      return (moved(step) - moved(-step)) / (2 * step);
    }),
  );
}

/** The largest difference, as a part of the largest magnitude in `expected`. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Infinity;
  let difference = 0;
  let magnitude = 1e-6;
  for (let at = 0; at < expected.length; at++) {
    difference = Math.max(difference, Math.abs(actual[at]! - expected[at]!));
    magnitude = Math.max(magnitude, Math.abs(expected[at]!));
  }
  return Number.isNaN(difference) ? Infinity : difference / magnitude;
}

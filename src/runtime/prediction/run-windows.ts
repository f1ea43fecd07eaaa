import type { Head } from '../losses/head.js';
import { mirrored, type Mirror, type Plane } from './mirrors.js';
import type { WindowNetwork } from './window-network.js';

/** How windows run. */
export interface RunOptions {
  /** Those whose mean is wanted, with outputs of the same names and sizes; one runs after the other. */
  readonly networks: readonly WindowNetwork[];
  /** The outputs that are wanted. */
  readonly heads: readonly Pick<Head, 'name' | 'channels'>[];
  /** The size of these for one window. */
  readonly output: Pick<Plane, 'height' | 'width'>;
  /** The forms in which each window runs. */
  readonly mirrors: readonly Mirror[];
  /** Windows, in one form each, that run at a time. */
  readonly together: number;
  /** Whether the spread of the first output over forms and networks is wanted, too (`spreadOf`). */
  readonly spread?: boolean;
}

/**
 * Runs windows of one size, in as few calls as `together` allows. Of each window there is a
 * list of what the heads give: the mean over the networks and its forms, turned back; and, where
 * it is wanted, the spread of the first one at the end.
 */
export async function runWindows(
  windows: readonly Plane[],
  { networks, heads, output, mirrors, together, spread = false }: RunOptions,
): Promise<readonly (readonly Float32Array[])[]> {
  const { height, width, channels } = windows[0]!;
  const length = height * width * channels;
  const sums: Float32Array[][] = windows.map(() => []);
  const kept: Float32Array[][] = windows.map(() => []);
  const forms = windows.flatMap((window, at) => mirrors.map((mirror) => ({ window, at, mirror })));
  for (const network of networks) {
    for (let first = 0; first < forms.length; first += together) {
      await runGroup(network, forms.slice(first, first + together));
    }
  }
  const count = networks.length * mirrors.length;
  const means =
    count === 1 ? sums : sums.map((own) => own.map((sum) => sum.map((value) => value / count)));
  if (!spread) return means;
  return means.map((own, at) => [...own, spreadOf(kept[at]!, own[0]!, heads[0]!.channels)]);

  async function runGroup(network: WindowNetwork, group: typeof forms): Promise<void> {
    const inputs = group.map(({ window, mirror }) => mirrored(window, mirror));
    const data = joined(inputs, length);
    const found = await network.run({ count: group.length, height, width, channels, data });
    for (const [h, { name, channels: own }] of heads.entries()) {
      const values = found.get(name)!;
      const size = output.height * output.width * own;
      if (values.length !== group.length * size) {
        throw new Error(`output of ${values.length} values for windows of another size`);
      }
      for (const [i, { at, mirror }] of group.entries()) {
        const part = values.subarray(i * size, (i + 1) * size);
        const turned = mirrored({ ...output, channels: own, data: part }, mirror);
        if (spread && h === 0) kept[at]!.push(turned);
        const sum = sums[at]![h];
        if (sum === undefined) sums[at]![h] = spread ? turned.slice() : turned;
        else turned.forEach((value, k) => (sum[k]! += value));
      }
    }
  }
}

/**
 * How far the forms of a window, and the networks, disagree: the standard deviation of the probabilities
 * of a pixel over them, of the class where it is largest. From 0 to 0.5.
 */
function spreadOf(
  forms: readonly Float32Array[],
  mean: Float32Array,
  channels: number,
): Float32Array {
  const spread = new Float32Array(mean.length / channels);
  for (let at = 0; at < mean.length; at++) {
    let squares = 0;
    for (const form of forms) squares += (form[at]! - mean[at]!) ** 2;
    const pixel = Math.floor(at / channels);
    spread[pixel] = Math.max(spread[pixel]!, Math.sqrt(squares / forms.length));
  }
  return spread;
}

/** All inputs behind each other. */
function joined(inputs: readonly Float32Array[], length: number): Float32Array {
  if (inputs.length === 1) return inputs[0]!;
  const all = new Float32Array(inputs.length * length);
  for (const [at, input] of inputs.entries()) all.set(input, at * length);
  return all;
}

import * as tf from '../../../src/runtime/tensorflow.js';
import type { AxisHalo } from '../../../src/codegen/onnx/halo.js';
import type { CompiledModel } from '../../../src/compile.js';
import { legalAtLeast } from '../../../src/ir/sizes/sizes.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import type { WeightStore } from '../../../src/runtime/network/weights.js';
import { normalValues } from '../../runtime/numeric.js';

/** Lines of an output along an axis: of each pixel along it, all values that lie across. */
type Lines = readonly Float32Array[];

/** What a network makes of images [n, h, w, c]: of every output and image the lines along the axis. */
function linesOf(
  { graph }: CompiledModel,
  weights: WeightStore,
  images: tf.Tensor4D,
  axis: 0 | 1,
): ReadonlyMap<string, readonly Lines[]> {
  const { outputs } = buildFunctionalNetwork(graph).forward(weights, images);
  const lines = [...outputs].map(([name, tensor]) => {
    const turned = tf.transpose(tensor, axis === 0 ? [0, 1, 2, 3] : [0, 2, 1, 3]);
    const [count, length, across, channels] = turned.shape;
    const values = turned.dataSync() as Float32Array;
    const size = across * channels;
    const own = Array.from({ length: count }, (_, image) =>
      Array.from({ length }, (_, at) => values.slice((image * length + at) * size).slice(0, size)),
    );
    turned.dispose();
    return [name, own] as const;
  });
  // One node may be several outputs.
  tf.dispose([...outputs.values()]);
  return new Map(lines);
}

const differs = (one: Float32Array, other: Float32Array, least: number): boolean =>
  one.some((value, at) => !(Math.abs(value - other[at]!) <= least));

const largestOf = (lines: Lines): number =>
  Math.max(...lines.map((line) => Math.max(...line.map(Math.abs))));

/** An image whose pixels along one axis are `length`; across it lie as few as the network takes. */
function imageOf({ graph, sizes }: CompiledModel, axis: 0 | 1, length: number) {
  const { channels } = graph.nodes[graph.inputs[0]!.node]!;
  const { height, width } = sizes;
  const isSquare = graph.inputs[0]!.height === graph.inputs[0]!.width;
  const other = isSquare ? length : legalAtLeast(axis === 0 ? width : height, 6)!;
  const [rows, columns] = axis === 0 ? [length, other] : [other, length];
  return tf.tensor4d(normalValues([1, rows, columns, channels], 5), [1, rows, columns, channels]);
}

/** Pixels of the image, before and after the one that an output's pixel stands at. */
interface Seen {
  readonly before: number;
  readonly after: number;
}

/**
 * How far pixels of each output see along the axis, measured: every line of the image is changed
 * by itself, and every output pixel whose halo lies inside the image tells which changes it saw.
 */
export function measured(
  model: CompiledModel,
  weights: WeightStore,
  axis: 0 | 1,
  length: number,
  halos: ReadonlyMap<string, AxisHalo>,
): ReadonlyMap<string, Seen> {
  const images = tf.tidy(() => {
    const image = imageOf(model, axis, length);
    const shape = axis === 0 ? [length, length, 1, 1] : [length, 1, length, 1];
    const changes = tf.reshape(tf.mul(tf.eye(length), 1000), shape);
    return tf.concat([image, tf.add<tf.Tensor4D>(image, changes)]);
  });
  const found = new Map<string, Seen>();
  for (const [name, [base, ...changed]] of linesOf(model, weights, images, axis)) {
    const halo = halos.get(name);
    if (halo === undefined) continue;
    const { step, before, after } = halo;
    const seen = { before: -Infinity, after: -Infinity };
    base!.forEach((line, at) => {
      if (at * step - before < 0 || at * step + after > length - 1) return;
      changed.forEach((lines, pixel) => {
        if (!differs(line, lines[at]!, 1e-5 * largestOf([line]))) return;
        seen.before = Math.max(seen.before, at * step - pixel);
        seen.after = Math.max(seen.after, pixel - at * step);
      });
    });
    found.set(name, seen);
  }
  images.dispose();
  return found;
}

/** Where tiles give something else than the whole image does, at pixels whose halo they hold. */
export function tileFaults(
  model: CompiledModel,
  weights: WeightStore,
  axis: 0 | 1,
  tile: number,
  halos: ReadonlyMap<string, AxisHalo>,
): readonly string[] {
  const { modulus } = axis === 0 ? model.sizes.height : model.sizes.width;
  const image = imageOf(model, axis, tile + modulus);
  const whole = linesOf(model, weights, image, axis);
  const faults: string[] = [];
  for (const begin of [0, modulus]) {
    const size = [...image.shape] as [number, number, number, number];
    size[axis + 1] = tile;
    const from = [0, axis === 0 ? begin : 0, axis === 1 ? begin : 0, 0];
    const part = tf.slice(image, from, size);
    for (const [name, [lines]] of linesOf(model, weights, part, axis)) {
      const halo = halos.get(name);
      if (halo === undefined) continue;
      const { step, before, after } = halo;
      const all = whole.get(name)![0]!;
      const least = 1e-5 * largestOf(all);
      for (
        let at = Math.max(0, Math.ceil(before / step));
        at <= Math.floor((tile - 1 - after) / step);
        at++
      ) {
        const expected = all[at + begin / step];
        if (expected === undefined || differs(lines![at]!, expected, least)) {
          faults.push(`${name}: pixel ${at} of a tile of ${tile} from ${begin}`);
        }
      }
    }
    part.dispose();
  }
  image.dispose();
  return faults;
}

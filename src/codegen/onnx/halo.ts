import type { Graph } from '../../ir/graph.js';
import type { PixelReach } from '../../ir/operations/pixel-reach.js';
import type { AxisAnalysis, LegalResidue } from '../../ir/sizes/analysis.js';
import { reachOf } from '../../ir/sizes/reach.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';

/**
 * What the pixels of an output see along an axis of an image that is cut into tiles: pixel i
 * sees the input from i step - before to i step + after, where that lies inside the image.
 */
export interface AxisHalo {
  readonly step: number;
  readonly before: number;
  readonly after: number;
  /** The remainders of sizes it holds at; absent where these are all legal ones. */
  readonly remainders?: readonly number[];
}

/** What the pixels of an output see; null along an axis where that has no bound at any size, or no legal size is that of a tile of another. */
export interface OutputHalo {
  readonly height: AxisHalo | null;
  readonly width: AxisHalo | null;
}

/** The halos of all outputs, by their names. */
export function describeHalos(
  graph: Graph,
  sizes: SizeAnalysis,
): Readonly<Record<string, OutputHalo>> {
  const [heights, widths] = [halosAlong(graph, sizes.height), halosAlong(graph, sizes.width)];
  return Object.fromEntries(
    graph.outputs.map(({ name }, at) => [name, { height: heights[at]!, width: widths[at]! }]),
  );
}

/**
 * The halo of each output along one axis. Strided windows with the edges of `same` and crops to the
 * middle lie elsewhere at other remainders of the size, so it is the largest of all of these that
 * have a bound. At some only there may be none: a resizing between sizes whose ratio the image changes.
 */
function halosAlong(graph: Graph, analysis: AxisAnalysis): readonly (AxisHalo | null)[] {
  const halos = graph.outputs.map(() => new WidestHalo());
  for (const legal of analysis.residues) {
    const pair = tileAndWhole(analysis, legal);
    if (pair === undefined) continue;
    graph.outputs.forEach(({ node }, at) => {
      const reach = reachOf(graph, analysis.axis, node, pair.whole, pair.tile);
      if (reach.kind === 'bounded') halos[at]!.take(legal.residue, reach);
    });
  }
  return halos.map((halo) => halo.value(analysis.residues.length));
}

/** What the pixels of an output see at several remainders of the size. */
class WidestHalo {
  #reach: PixelReach | undefined;
  readonly #remainders: number[] = [];

  /** Takes in what they see at one more, unless the output has another resolution there. */
  take(remainder: number, { step, before, after }: PixelReach): void {
    const known = this.#reach ?? { step, before, after };
    if (Math.abs(known.step - step) > 1e-9) return;
    this.#reach = {
      step: known.step,
      before: Math.max(known.before, before),
      after: Math.max(known.after, after),
    };
    this.#remainders.push(remainder);
  }

  /** The halo of a network that is legal at `legal` remainders. */
  value(legal: number): AxisHalo | null {
    if (this.#reach === undefined) return null;
    const isWhole = this.#remainders.length === legal;
    return { ...this.#reach, ...(isWhole ? {} : { remainders: this.#remainders }) };
  }
}

/** No image that is cut is smaller, if the network allows. */
const smallTile = 256;

/**
 * Two legal sizes of one residue: a tile of some 256 pixels, or what the network allows, and an image.
 * A tile that begins at a multiple of the modulus meets the pixels that the image's strides meet.
 * They lie two periods apart where they can: after one period half of a difference that grows with
 * the image may still be the same whole number.
 */
function tileAndWhole(
  { input, modulus }: AxisAnalysis,
  { residue, minimum, maximum }: LegalResidue,
): { readonly tile: number; readonly whole: number } | undefined {
  if (typeof input === 'number') return undefined;
  const wanted = residue + modulus * Math.ceil((smallTile - residue) / modulus);
  for (const periods of [2, 1]) {
    const tile = Math.max(minimum, Math.min(wanted, maximum - periods * modulus));
    const whole = tile + periods * modulus;
    if (whole <= maximum) return { tile, whole };
  }
  return undefined;
}

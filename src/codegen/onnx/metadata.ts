import { jsonText } from '../../diagnostics/json-text.js';
import type { Graph, NodeId } from '../../ir/graph.js';
import type { Axis } from '../../ir/operations/ops.js';
import type { AxisAnalysis } from '../../ir/sizes/analysis.js';
import { reachOf } from '../../ir/sizes/reach.js';
import { accepts, legalAtLeast } from '../../ir/sizes/sizes.js';
import { describeModel, type DescribedModel, type ModelFacts } from '../model-facts.js';

/**
 * What the pixels of an output see along an axis of an image that is cut into tiles: pixel i
 * sees the input from i step - before to i step + after.
 */
export interface AxisHalo {
  readonly step: number;
  readonly before: number;
  readonly after: number;
}

/** What the pixels of an output see; null along an axis where that has no bound, or where there is one size alone. */
export interface OutputHalo {
  readonly height: AxisHalo | null;
  readonly width: AxisHalo | null;
}

/** What a program must know of a network beside its numbers. */
interface OnnxFacts extends ModelFacts {
  /** By the names of outputs. */
  readonly halo: Readonly<Record<string, OutputHalo>>;
}

/** The facts that all exported models hold, and what tiles need, as JSON under one key. */
export function describeMetadata(model: DescribedModel): Readonly<Record<string, string>> {
  const { graph, sizes } = model;
  const halos = graph.outputs.map(({ name, node }): readonly [string, OutputHalo] => [
    name,
    { height: haloOf(graph, sizes.height, 0, node), width: haloOf(graph, sizes.width, 1, node) },
  ]);
  const facts: OnnxFacts = { ...describeModel(model), halo: Object.fromEntries(halos) };
  return { 'unetc.network': jsonText(facts, 0) };
}

/** No image that is cut is smaller. */
const smallTile = 256;

/**
 * For a tile of some 256 pixels, or more if the network needs them, in an image of one period
 * of its legal sizes more: tiles of that residue meet the pixels that the whole image's
 * strides meet.
 */
function haloOf(graph: Graph, analysis: AxisAnalysis, axis: Axis, node: NodeId): AxisHalo | null {
  const tile = legalAtLeast(analysis, smallTile);
  const whole = tile === undefined ? undefined : tile + analysis.modulus;
  if (tile === undefined || whole === undefined) return null;
  if (!accepts(analysis, tile) || !accepts(analysis, whole)) return null;
  const reach = reachOf(graph, axis, node, whole, tile);
  if (reach.kind === 'unbounded') return null;
  const { step, before, after } = reach;
  return { step, before, after };
}

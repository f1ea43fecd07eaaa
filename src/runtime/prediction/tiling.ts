import type { Graph, GraphNode } from '../../ir/graph.js';
import { rulesOf } from '../../ir/operations/operation-rules.js';
import { operationWord } from '../../ir/operations/operation-word.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';
import { walkAxis } from '../../ir/sizes/concrete.js';
import { reachOf } from '../../ir/sizes/reach.js';
import { meetsPixels } from '../../ir/sizes/geometry.js';
import type { ExactPart, PlaneAxis, TilingRules, WantedTiles } from '../data/tiling.js';
import type { MemoryLimits } from '../memory/limits.js';
import { predictionMemory } from '../memory/prediction-memory.js';

export interface TilingOptions {
  /** The graph as it predicts. */
  readonly graph: Graph;
  readonly sizes: SizeAnalysis;
  readonly limits: MemoryLimits;
  readonly wanted?: WantedTiles | undefined;
  /** Whether inputs run mirrored too: then what is exact must be so in the mirror. */
  readonly isMirrored?: boolean;
}

/** Inputs that run together at most: more bring nothing. */
const mostTogether = 16;

/** When and how images are cut for a network: by its memory and by what its pixels see. */
export function tilingRules(options: TilingOptions): TilingRules {
  const { graph, sizes, limits, wanted, isMirrored = false } = options;
  const known = new Map<string, number>();
  const memoryOf = (height: number, width: number, count = 1): number => {
    const key = `${height} ${width} ${count}`;
    const memory = known.get(key) ?? predictionMemory(graph, height, width, count);
    known.set(key, memory);
    return memory;
  };
  const outputs = graph.outputs.reduce((sum, { node }) => sum + graph.nodes[node]!.channels, 0);
  const inputs = graph.inputs.reduce((sum, { node }) => sum + graph.nodes[node]!.channels, 0);
  // Of a strip as high as a tile: samples of up to 16 bits, outputs and their weights.
  const pixelBytes = 2 * inputs + 4 * (outputs + graph.outputs.length);
  return {
    fits: (height, width, imageWidth) =>
      memoryOf(height, width) + height * imageWidth * pixelBytes <= limits.comfortable,
    mayFit: (height, width) => memoryOf(height, width) <= limits.most,
    together: (height, width) => {
      let count = mostTogether;
      while (count > 1 && memoryOf(height, width, count) > limits.comfortable) {
        count >>= 1;
      }
      return count;
    },
    exactPart: (axis, whole, tile) => {
      const part = exactPart(graph, axis, whole, tile);
      if (!isMirrored || typeof part === 'string') return part;
      const begin = Math.max(part.begin, tile - part.end);
      return { begin, end: Math.max(begin, tile - begin) };
    },
    modulus: { height: sizes.height.modulus, width: sizes.width.modulus },
    wanted,
  };
}

/**
 * The part of a tile's cover whose pixels see nothing beyond the tile, for all
 * outputs: output i sees the input from i step - before to i step + after.
 */
function exactPart(graph: Graph, axis: PlaneAxis, whole: number, tile: number): ExactPart | string {
  const along = axis === 'height' ? 0 : 1;
  const walks = [whole, tile].map((input) => ({ input, ...walkAxis(graph, along, input) }));
  let begin = 0;
  let end = tile;
  for (const { node } of graph.outputs) {
    const reach = reachOf(graph, along, node, whole, tile);
    if (reach.kind === 'unbounded') return describeUnbounded(reach.node);
    const { step, before, after } = reach;
    if (walks.some(({ input, sizes }) => !meetsPixels(sizes[node]! * step, input))) {
      return 'its output is resized to the image';
    }
    // An output of another resolution is resized, which mixes neighbours.
    const mixed = step === 1 ? 0 : Math.max(1, step);
    const first = Math.max(0, Math.ceil(before / step));
    const last = Math.floor((tile - 1 - after) / step);
    begin = Math.max(begin, Math.ceil(first * step + mixed));
    end = Math.min(end, Math.floor((last + 1) * step - mixed));
  }
  return { begin, end: Math.max(begin, end) };
}

function describeUnbounded({ name, op }: GraphNode): string {
  const isWhole = rulesOf(op).axis(op, 0).kind === 'fixed';
  return isWhole || op.kind === 'instance_norm' || op.kind === 'group_norm'
    ? `"${name}" (${operationWord(op)}) looks at the whole image`
    : `"${name}" (${operationWord(op)}) depends on the size of the image`;
}

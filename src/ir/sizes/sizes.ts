import type { Graph } from '../graph.js';
import type { AxisSizes } from '../recipe.js';
import { analyseAxis } from './analyse-axis.js';
import { intersectAxes, residueOf, sizeAt, type AxisAnalysis } from './analysis.js';
import { axisRuleOf, isSameRule } from '../operations/axis-rules.js';

/** The proved sizes of a graph. */
export interface SizeAnalysis {
  readonly height: AxisAnalysis;
  readonly width: AxisAnalysis;
}

export type SizeAnalysisResult =
  | { readonly kind: 'sizes'; readonly sizes: SizeAnalysis }
  | { readonly kind: 'too-large'; readonly modulus: number; readonly limit: number };

/**
 * Analyses both axes as if the input had no fixed size, except that axes of
 * one name share their legal sizes. What the spec fixes is a choice among them.
 */
export function analyseSizes(graph: Graph): SizeAnalysisResult {
  const height = analyseAxis(graph, 0);
  if ('tooLarge' in height)
    return { kind: 'too-large', modulus: height.modulus, limit: height.limit };
  const width = isSymmetric(graph)
    ? { ...height, axis: 1 as const, input: graph.inputs[0]?.width ?? height.input }
    : analyseAxis(graph, 1);
  if ('tooLarge' in width) return { kind: 'too-large', modulus: width.modulus, limit: width.limit };
  const isShared = typeof height.input === 'string' && height.input === width.input;
  if (!isShared) return { kind: 'sizes', sizes: { height, width } };
  return {
    kind: 'sizes',
    sizes: { height: intersectAxes(height, width), width: intersectAxes(width, height) },
  };
}

/** Whether every operation does the same to heights and widths: then one analysis serves both. */
function isSymmetric(graph: Graph): boolean {
  return graph.nodes.every(({ op }) => isSameRule(axisRuleOf(op, 0), axisRuleOf(op, 1)));
}

/** The size used where an example is wanted: the fixed one, else the smallest legal from 256 on, else the smallest. */
export function exampleSize(analysis: AxisAnalysis): number | undefined {
  if (typeof analysis.input === 'number') return analysis.input;
  return legalAtLeast(analysis, 256) ?? legalAtLeast(analysis, 1);
}

/**
 * The smallest legal size that is at least `size`.
 *
 * @example
 * ```ts
 * import { compile, describeLegal, legalAtLeast, legalAtMost } from 'unetc';
 *
 * const text = `
 * model Tiny {
 *   input image: [H, W, 1]
 *   wires {
 *     a = image -> conv(4, 3) -> relu
 *     b = [a, a -> max_pool(2) -> nearest(2)] -> concat
 *   }
 *   head mask: b -> conv(1, 1) -> sigmoid
 * }`;
 * const [model] = compile({ text }).models;
 * const { height } = model!.sizes;
 * console.log(describeLegal(height), '|', legalAtLeast(height, 101), legalAtMost(height, 101));
 * ```
 *
 * ```text
 * H is a multiple of 2 | 102 100
 * ```
 */
export function legalAtLeast(analysis: AxisAnalysis, size: number): number | undefined {
  const candidates = analysis.residues.flatMap((legal) => {
    const from = Math.max(size, legal.minimum);
    const next = from + mod(legal.residue - from, analysis.modulus);
    return next <= legal.maximum ? [next] : [];
  });
  return candidates.length === 0 ? undefined : Math.min(...candidates);
}

/** The largest legal size that is at most `size`. */
export function legalAtMost(analysis: AxisAnalysis, size: number): number | undefined {
  const candidates = analysis.residues.flatMap((legal) => {
    const from = Math.min(size, legal.maximum);
    const previous = from - mod(from - legal.residue, analysis.modulus);
    return previous >= legal.minimum ? [previous] : [];
  });
  return candidates.length === 0 ? undefined : Math.max(...candidates);
}

const mod = (value: number, modulus: number): number => ((value % modulus) + modulus) % modulus;

/** Whether a size may be fed in: legal, and the one the spec fixes if it fixes one. */
export function accepts(analysis: AxisAnalysis, size: number): boolean {
  const isFixed = typeof analysis.input === 'number';
  return residueOf(analysis, size) !== undefined && (!isFixed || size === analysis.input);
}

/** One axis as training and prediction ask for it. */
export function axisSizes(graph: Graph, analysis: AxisAnalysis): AxisSizes {
  const fixed = typeof analysis.input === 'number' ? analysis.input : undefined;
  return {
    isLegal: (size) => accepts(analysis, size),
    legalAtLeast: (size) =>
      fixed === undefined ? legalAtLeast(analysis, size) : size <= fixed ? fixed : undefined,
    legalAtMost: (size) =>
      fixed === undefined ? legalAtMost(analysis, size) : size >= fixed ? fixed : undefined,
    outputSize: (output, size) => {
      const node = graph.outputs.find((candidate) => candidate.name === output)?.node;
      const result = node === undefined ? undefined : sizeAt(analysis, node, size);
      if (result === undefined) throw new RangeError(`${size} is no legal size for "${output}"`);
      return result;
    },
  };
}

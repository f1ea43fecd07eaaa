import { costOf, receptiveFields } from './cost.js';
import type { Graph, GraphNode } from '../graph.js';
import { operationWord } from '../operations/operation-word.js';
import type { Pair } from '../operations/ops.js';
import { prunedForms, prunedGraph } from '../forms/pruned-forms.js';
import type { LatticeNode } from '../lattice.js';
import { walkSizes } from '../sizes/concrete.js';
import { describeScales } from '../sizes/describe-scales.js';
import { describeSize } from '../sizes/describe.js';
import { exampleSize, type SizeAnalysis } from '../sizes/sizes.js';

/** Height, width and channels; symbols where no input size was asked for. */
export type SummaryShape = readonly [number | string, number | string, number];

export interface StageSummary {
  readonly name: string;
  /** The operations in run order: `conv, relu, conv, relu`. */
  readonly operations: string;
  readonly shape: SummaryShape;
  readonly parameters: number;
  readonly trainable: number;
  readonly macs: number;
  readonly activationBytes: number;
  readonly receptiveField: Pair;
}

/** A model stage by stage, with totals. */
export interface ModelSummary {
  readonly model: string;
  /** The input size that costs are counted at. */
  readonly size: Pair;
  readonly parameters: {
    /** All weights, running statistics counted, as Keras does. */
    readonly total: number;
    readonly trainable: number;
  };
  readonly outputs: readonly {
    readonly name: string;
    readonly shape: SummaryShape;
    readonly receptiveField: Pair;
  }[];
  /** Multiply-adds of all convolutions for one image. */
  readonly macs: number;
  /** float32 bytes of all tensors for one image, which training keeps. */
  readonly activationBytes: number;
  /** The largest of the outputs', in input pixels. */
  readonly receptiveField: Pair;
  /** Sentences about outputs of another resolution than the input's. */
  readonly scales: readonly string[];
  /** The network cut off after each column, where a nested one is supervised. */
  readonly forms: readonly {
    readonly column: number;
    readonly output: string;
    readonly parameters: { readonly total: number; readonly trainable: number };
  }[];
  /** Named tensors in the order in which they are made. */
  readonly stages: readonly StageSummary[];
}

/**
 * The model stage by stage, with totals; at `size`, or at an example size with symbols for shapes.
 *
 * @example
 * ```ts
 * import { compile, summarise } from 'unetc';
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
 * const { parameters, macs } = summarise(model!.graph, model!.sizes, [64, 64]);
 * console.log(parameters.total, macs);
 * ```
 *
 * ```text
 * 49 180224
 * ```
 */
export function summarise(
  graph: Graph,
  sizes: SizeAnalysis,
  size: readonly [number, number] | undefined,
  lattice: readonly LatticeNode[] = [],
): ModelSummary {
  const [height, width] = size ?? [exampleSize(sizes.height) ?? 1, exampleSize(sizes.width) ?? 1];
  const walk = walkSizes(graph, height, width);
  const cost = costOf(graph, walk.heights, walk.widths);
  const fields = receptiveFields(graph);
  const shapeOf = (node: GraphNode): SummaryShape =>
    size === undefined
      ? [
          symbolOrNumber(describeSize(sizes.height, node.id)),
          symbolOrNumber(describeSize(sizes.width, node.id)),
          node.channels,
        ]
      : [walk.heights[node.id] ?? 0, walk.widths[node.id] ?? 0, node.channels];
  const fieldOf = (node: GraphNode): Pair => fields[node.id]!;
  const outputs = graph.outputs.map(({ name, node }) => ({
    name,
    shape: shapeOf(graph.nodes[node]!),
    receptiveField: fieldOf(graph.nodes[node]!),
  }));
  const stages = stagesOf(graph).map(({ name, nodes }): StageSummary => {
    const last = nodes.at(-1)!;
    const sum = (key: 'parameters' | 'trainable' | 'macs' | 'activationBytes'): number =>
      nodes.reduce((total, node) => total + cost.nodes[node.id]![key], 0);
    return {
      name,
      operations: nodes.map(({ op }) => operationWord(op)).join(', '),
      shape: shapeOf(last),
      parameters: sum('parameters'),
      trainable: sum('trainable'),
      macs: sum('macs'),
      activationBytes: sum('activationBytes'),
      receptiveField: fieldOf(last),
    };
  });
  return {
    model: graph.model,
    size: [height, width],
    parameters: { total: cost.parameters, trainable: cost.trainable },
    outputs,
    macs: cost.macs,
    activationBytes: cost.activationBytes,
    receptiveField: [
      Math.max(...outputs.map((output) => output.receptiveField[0])),
      Math.max(...outputs.map((output) => output.receptiveField[1])),
    ],
    scales: describeScales(graph, sizes),
    forms: prunedForms(graph, lattice).map((form) => {
      const pruned = costOf(prunedGraph(graph, form), [], []);
      const { parameters: total, trainable } = pruned;
      return { column: form.column, output: form.output.name, parameters: { total, trainable } };
    }),
    stages,
  };
}

const symbolOrNumber = (text: string): string | number =>
  /^\d+$/.test(text) ? Number(text) : text;

/**
 * The nodes of each tensor that the spec names, in graph order. Lines of a declared
 * encoder are stages of their own, and what leads to a tap belongs to the tap.
 */
export function stagesOf(
  graph: Graph,
): readonly { readonly name: string; readonly nodes: readonly GraphNode[] }[] {
  const stages = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    const nodes = stages.get(node.tensor.name);
    if (nodes === undefined) stages.set(node.tensor.name, [node]);
    else nodes.push(node);
  }
  return [...stages].map(([name, nodes]) => ({ name, nodes }));
}

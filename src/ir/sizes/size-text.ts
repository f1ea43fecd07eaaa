import { counted } from '../../diagnostics/counted.js';
import type { Graph, GraphOutput, NodeId } from '../graph.js';
import { affineSize } from './analysis.js';
import { describeSize } from './describe.js';
import { joined, legalText } from './legal-text.js';
import type { SizeAnalysis } from './sizes.js';

/** A longer text for one axis is not repeated for the other when it is alike. */
const longAxis = 16;

/**
 * The height, the width and the number of channels of a tensor: `H / 2 - 6`, `W / 2 - 6`,
 * `128`; of a long width that is like the height only `W alike`.
 */
export function shapeTexts(graph: Graph, sizes: SizeAnalysis, node: NodeId): readonly string[] {
  const height = describeSize(sizes.height, node);
  const width = describeSize(sizes.width, node);
  const [rows, columns] = [String(sizes.height.input), String(sizes.width.input)];
  const isAlike = height.replace(rows, '') === width.replace(columns, '');
  const isLong = height.length > longAxis && rows !== columns;
  const shown = isAlike && isLong ? `${columns} alike` : width;
  return [height, shown, String(graph.nodes[node]!.channels)];
}

/** `[H / 2 - 6, W / 2 - 6, 128]` */
export const shapeText = (graph: Graph, sizes: SizeAnalysis, node: NodeId): string =>
  `[${shapeTexts(graph, sizes, node).join(', ')}]`;

/** What the network takes and gives, in a sentence or two. */
export function describeImages(graph: Graph, sizes: SizeAnalysis): string {
  const alike = new Map<string, GraphOutput[]>();
  for (const output of graph.outputs) {
    const text = outputText(graph, sizes, output, 1);
    alike.set(text, [...(alike.get(text) ?? []), output]);
  }
  const outputs = [...alike.values()].map((group) => {
    const names = joined(
      group.map(({ name }) => `"${name}"`),
      'and',
    );
    return `${names} ${outputText(graph, sizes, group[0]!, group.length)}`;
  });
  const images = `Takes ${imagesText(graph, sizes)}`;
  return outputs.length === 1
    ? `${images}; ${outputs[0]!}.`
    : `${images}. ${outputs.map((text) => `${text}.`).join(' ')}`;
}

/** `images of 1 channel whose height and width are multiples of 16` */
export function imagesText(graph: Graph, { height, width }: SizeAnalysis): string {
  const of = channelsText(graph);
  if (typeof height.input === 'number' && typeof width.input === 'number') {
    return `images of ${height.input} x ${width.input} pixels and ${of}`;
  }
  const [vertical, horizontal] = [legalText(height), legalText(width)];
  const square = typeof height.input === 'string' && height.input === width.input ? 'square ' : '';
  if (vertical.one === horizontal.one) {
    return vertical.one === 'any'
      ? `${square}images of ${of}, of any size`
      : `${square}images of ${of} whose height and width are ${vertical.both}`;
  }
  return `images of ${of} whose height is ${vertical.one}, and whose width is ${horizontal.one}`;
}

/** `1 channel`; of several inputs, each with its name: `3 channels ("rgb") and 1 channel ("depth")`. */
function channelsText({ inputs, nodes }: Graph): string {
  const counts = inputs.map(({ node }) => counted(nodes[node]!.channels, 'channel'));
  if (inputs.length === 1) return counts[0]!;
  return joined(
    inputs.map(({ name }, at) => `${counts[at]!} ("${name}")`),
    'and',
  );
}

/** What is said of one output, or of several that are alike. */
function outputText(graph: Graph, sizes: SizeAnalysis, output: GraphOutput, count: number): string {
  const { channels } = graph.nodes[output.node]!;
  const values = output.values === 'logits' ? 'logits' : `probabilities (${output.values})`;
  const where = `in ${channels} ${channels === 1 ? 'channel' : 'channels'}`;
  const size = sizeText(sizes, output) ?? shapeText(graph, sizes, output.node);
  const [is, holds] = count === 1 ? ['is', 'holds'] : ['are', 'hold'];
  return `${is} ${size} and ${holds} ${values} ${where}`;
}

/** How an output compares with the image; undefined when it is scaled. */
export function sizeText(sizes: SizeAnalysis, { node }: GraphOutput): string | undefined {
  const axes = [sizes.height, sizes.width];
  const change = axes.map((axis) => {
    const affine = axis.residues.map((legal) => affineSize(axis, legal, node));
    const [first] = affine;
    const isShift =
      first !== undefined &&
      affine.every(({ scale, offset }) => scale === 1 && offset === first.offset);
    return isShift && typeof axis.input === 'string' ? first.offset : undefined;
  });
  const [vertical, horizontal] = change;
  if (vertical === undefined || vertical !== horizontal) return undefined;
  if (vertical === 0) return 'as large';
  return vertical < 0 ? `${-vertical} smaller` : `${vertical} larger`;
}

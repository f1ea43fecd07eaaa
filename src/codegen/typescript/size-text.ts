import type { Graph, GraphOutput, NodeId } from '../../ir/graph.js';
import { affineSize, type AxisAnalysis } from '../../ir/sizes/analysis.js';
import { describeSize } from '../../ir/sizes/describe.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';

/** A longer text for one axis is not repeated for the other when it is alike. */
const longAxis = 16;

/** `[H / 2 - 6, W / 2 - 6, 128]`, or `[floor((H + 4) / 8) - 8, W alike, 512]`. */
export function shapeText(graph: Graph, sizes: SizeAnalysis, node: NodeId): string {
  const height = axisText(sizes.height, node);
  const width = axisText(sizes.width, node);
  const [rows, columns] = [String(sizes.height.input), String(sizes.width.input)];
  const isAlike = height.replace(rows, '') === width.replace(columns, '');
  const isLong = height.length > longAxis && rows !== columns;
  const shown = isAlike && isLong ? `${columns} alike` : width;
  return `[${height}, ${shown}, ${graph.nodes[node]!.channels}]`;
}

/** A size with whole numbers only: `(H - 60) / 8` instead of `H / 8 - 7.5`. */
function axisText(axis: AxisAnalysis, node: NodeId): string {
  const text = describeSize(axis, node);
  const [, top, bottom, sign, shift] = /^(.+) \/ (\d+) ([+-]) (\d+\.\d+)$/.exec(text) ?? [];
  const whole = Number(shift) * Number(bottom);
  return Number.isInteger(whole) ? `(${top} ${sign} ${whole}) / ${bottom}` : text;
}

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

function imagesText(graph: Graph, { height, width }: SizeAnalysis): string {
  const channels = graph.nodes[graph.inputs[0]!.node]!.channels;
  const of = `of ${channels} ${channels === 1 ? 'channel' : 'channels'}`;
  if (typeof height.input === 'number' && typeof width.input === 'number') {
    return `images of ${height.input} x ${width.input} pixels and ${channels} ${channels === 1 ? 'channel' : 'channels'}`;
  }
  const [vertical, horizontal] = [legalText(height), legalText(width)];
  const square = typeof height.input === 'string' && height.input === width.input ? 'square ' : '';
  if (vertical.one === horizontal.one) {
    return vertical.one === 'any'
      ? `${square}images ${of}, of any size`
      : `${square}images ${of} whose height and width are ${vertical.both}`;
  }
  return `images ${of} whose height is ${vertical.one}, and whose width is ${horizontal.one}`;
}

/** Every legal size of one axis in words, for one axis and for both. */
export interface LegalText {
  readonly one: string;
  readonly both: string;
}

/** The words after `whose height is`. */
export function legalText(axis: AxisAnalysis): LegalText {
  const alike = (text: string): LegalText => ({ one: text, both: text });
  if (typeof axis.input === 'number') return alike(String(axis.input));
  const { modulus, residues } = axis;
  const least = Math.min(...residues.map((legal) => legal.minimum));
  if (residues.some((legal) => legal.maximum !== Infinity)) {
    const ranges = residues.map(({ residue, minimum, maximum }) =>
      minimum === maximum
        ? String(minimum)
        : `${residue} mod ${modulus} from ${minimum}${maximum === Infinity ? '' : ` to ${maximum}`}`,
    );
    return alike(ranges.join(' or '));
  }
  if (residues.length === modulus) return alike(least === 1 ? 'any' : `at least ${least}`);
  if (residues.length === 1 && residues[0]?.residue === 0) {
    const from = least > modulus ? `, from ${least} on` : '';
    return { one: `a multiple of ${modulus}${from}`, both: `multiples of ${modulus}${from}` };
  }
  const list = joined(
    residues.map((legal) => String(legal.residue)),
    'or',
  );
  return alike(`${list} mod ${modulus}, from ${least} on`);
}

function joined(words: readonly string[], conjunction: 'and' | 'or'): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} ${conjunction} ${words.at(-1)}`;
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
function sizeText(sizes: SizeAnalysis, { node }: GraphOutput): string | undefined {
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

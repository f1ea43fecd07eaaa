import type { NodeId } from '../graph.js';
import { affineSize, legalResidue, type AffineSize, type AxisAnalysis } from './analysis.js';

/**
 * A node's size as people write it: `H`, `H / 4`, `H / 2 - 6`, `ceil(H / 4)`;
 * `~H / 4` when no closed form covers every legal residue; a number when the
 * input's is fixed.
 */
export function describeSize(analysis: AxisAnalysis, node: NodeId): string {
  let known = described.get(analysis);
  if (known === undefined) described.set(analysis, (known = new Map<number, string>()));
  const nodes = analysis.classes[node]!;
  let text = known.get(nodes);
  if (text === undefined) known.set(nodes, (text = sizeText(analysis, node)));
  return text;
}

/** Nodes of one class are described once. */
const described = new WeakMap<AxisAnalysis, Map<number, string>>();

function sizeText(analysis: AxisAnalysis, node: NodeId): string {
  const name = analysis.input;
  if (typeof name === 'number') {
    const legal = legalResidue(analysis, name % analysis.modulus);
    if (legal === undefined) return '?';
    const { scale, offset } = affineSize(analysis, legal, node);
    return String(scale * name + offset);
  }
  const sizes = analysis.residues.map((legal) => affineSize(analysis, legal, node));
  const [first] = sizes;
  if (first === undefined) return '?';
  if (sizes.every((size) => Math.abs(size.offset - first.offset) < 1e-9))
    return affineText(name, first);
  return roundedText(name, analysis, node) ?? `~${affineText(name, { ...first, offset: 0 })}`;
}

/** `H`, `2 H`, `H / 4`, `3 H / 4 + 2`, `(H - 19) / 3` */
export function affineText(name: string, { scale, offset }: AffineSize): string {
  if (scale === 0) return String(offset);
  const shift = signed(offset);
  const denominator = denominatorOf(scale);
  if (denominator === undefined) return `${scale} ${name}${shift}`;
  const numerator = Math.round(scale * denominator);
  const top = numerator === 1 ? name : `${numerator} ${name}`;
  if (denominator === 1) return `${top}${shift}`;
  const rest = Math.round(offset * denominator);
  return rest % denominator === 0
    ? `${top} / ${denominator}${signed(rest / denominator)}`
    : `(${top}${signed(rest)}) / ${denominator}`;
}

/**
 * The least denominator up to 4096 of a fraction that equals the number; undefined where
 * there is none. It is that of a convergent of the number's continued fraction: no fraction
 * with a smaller denominator comes nearer.
 */
function denominatorOf(value: number): number | undefined {
  let [before, own] = [0, 1];
  for (let rest = value; own <= 4096;) {
    if (Math.abs(value * own - Math.round(value * own)) <= 1e-9) return own;
    rest = 1 / (rest - Math.floor(rest));
    [before, own] = [own, Math.floor(rest) * own + before];
  }
  return undefined;
}

/** factor * floor or ceil((H + a) / d) + b when one such form gives the size at every legal residue. */
function roundedText(name: string, analysis: AxisAnalysis, node: NodeId): string | undefined {
  const [first] = analysis.residues;
  if (first === undefined) return undefined;
  const inverse = 1 / affineSize(analysis, first, node).scale;
  const rise = riseOf(analysis, node);
  for (const factor of factorsOf(analysis.modulus)) {
    const parts = Math.round(factor * inverse);
    // Only then is the form affine on each residue, as the size is.
    const isFine =
      parts >= 2 && Math.abs(parts - factor * inverse) < 1e-9 && analysis.modulus % parts === 0;
    if (!isFine) continue;
    for (const { shift, rounding } of roundings(parts, rise)) {
      const form = (size: number): number => factor * Math[rounding]((size + shift) / parts);
      const offset = constantOffset(analysis, node, form);
      if (offset === undefined) continue;
      const inner = shift === 0 ? `${name} / ${parts}` : `(${name}${signed(shift)}) / ${parts}`;
      return `${factor === 1 ? '' : `${factor} `}${rounding}(${inner})${signed(offset)}`;
    }
  }
  return undefined;
}

/** Residues next to each other in the list of legal ones, the size larger at the second. */
type Rise = readonly [number, number];

/** The plain forms first: ceil(H / d) is floor((H + d - 1) / d). */
function roundings(
  parts: number,
  rise: Rise | undefined,
): readonly { readonly shift: number; readonly rounding: 'floor' | 'ceil' }[] {
  return [
    { shift: 0, rounding: 'floor' },
    { shift: 0, rounding: 'ceil' },
    ...shiftsOf(parts, rise).map((shift) => ({ shift, rounding: 'floor' }) as const),
  ];
}

/** More shifts than are tried. */
const shiftLimit = 64;

/** The shifts that can fit: a form rises where shift and size together are a multiple of `parts`. */
function shiftsOf(parts: number, rise: Rise | undefined): readonly number[] {
  if (rise === undefined) {
    return Array.from({ length: Math.min(parts, shiftLimit) - 1 }, (_, at) => at + 1);
  }
  const [from, to] = rise;
  const places = Array.from({ length: Math.min(to - from, shiftLimit) }, (_, at) => to - at);
  const shifts = places.map((place) => (parts - (place % parts)) % parts).filter((at) => at !== 0);
  // Of many parts the text is shorter below zero.
  if (parts > shiftLimit) return shifts.map((at) => (at > parts / 2 ? at - parts : at));
  return shifts.toSorted((one, other) => one - other);
}

/** Where the size rises first; undefined where it does not. */
function riseOf({ residues, classes }: AxisAnalysis, node: NodeId): Rise | undefined {
  const sizeOf = (at: number): number => residues[at]!.forms[classes[node]!]!.offset;
  for (let at = 1; at < residues.length; at++) {
    if (sizeOf(at) > sizeOf(at - 1)) return [residues[at - 1]!.residue, residues[at]!.residue];
  }
  return undefined;
}

/** The constant by which the size exceeds `form` at every legal residue, if it is one. */
function constantOffset(
  analysis: AxisAnalysis,
  node: NodeId,
  form: (size: number) => number,
): number | undefined {
  let constant: number | undefined;
  for (const legal of analysis.residues) {
    const { scale, offset } = affineSize(analysis, legal, node);
    const beyond = Math.round(scale * legal.minimum + offset) - form(legal.minimum);
    constant ??= beyond;
    if (beyond !== constant) return undefined;
  }
  return constant;
}

const signed = (value: number): string =>
  value === 0 ? '' : value > 0 ? ` + ${value}` : ` - ${-value}`;

const factorsOf = (modulus: number): readonly number[] =>
  [1, 2, 4, 8, 16, 32, 3, 5, 6].filter((factor) => modulus % factor === 0);

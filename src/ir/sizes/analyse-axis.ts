import type { Graph, NodeId } from '../graph.js';
import {
  axisRuleOf,
  divides,
  type Axis,
  type AxisRule,
  type StepRule,
} from '../operations/axis-rules.js';
import type { AxisAnalysis, Form, LegalResidue } from './analysis.js';
import { add, leastCommonMultiple, multiply, one, zero, type Fraction } from './fraction.js';

/** Larger products of strides than any image has use for. */
const modulusLimit = 4096;

/** As many sizes, classes times residues, as are computed well within a second. */
const formLimit = 2_000_000;

/** An axis that would take too long: its modulus, and the largest that this network may have. */
export interface TooLarge {
  readonly tooLarge: true;
  readonly modulus: number;
  readonly limit: number;
}

/** Analyses one axis, unless its modulus is beyond the limit. */
export function analyseAxis(graph: Graph, axis: Axis): AxisAnalysis | TooLarge {
  const [source] = graph.inputs;
  const input = axis === 0 ? source?.height : source?.width;
  const rules = graph.nodes.map((node) => axisRuleOf(node.op, axis));
  const modulus = findModulus(graph, rules);
  const { classes, makers } = classesOf(graph, rules);
  const limit = Math.min(modulusLimit, Math.floor(formLimit / makers.length));
  if (modulus > limit) return { tooLarge: true, modulus, limit };
  const residues: LegalResidue[] = [];
  for (let residue = 0; residue < modulus; residue++) {
    const legal = analyseResidue(makers, rules, modulus, residue);
    if (legal !== undefined) residues.push(legal);
  }
  return { axis, input: input ?? 'size', modulus, classes, residues };
}

/** A node that makes a class or demands something of its inputs, with the classes of those. */
interface Maker {
  readonly node: NodeId;
  readonly inputs: readonly number[];
}

/** What most layers do to a size: nothing. */
const keepsSize = (rule: AxisRule): boolean =>
  rule.kind === 'step' &&
  rule.multiply === 1 &&
  rule.divide === 1 &&
  rule.before === 0 &&
  rule.after === 0 &&
  rule.minimum <= 1 &&
  !rule.isExact;

/**
 * Puts nodes of one size into classes, so that long networks take the time of the
 * few sizes they have. `makers` has one node for each class, in order.
 */
function classesOf(
  { nodes }: Graph,
  rules: readonly AxisRule[],
): { readonly classes: readonly number[]; readonly makers: readonly Maker[] } {
  const classes: number[] = [];
  const makers: Maker[] = [];
  for (const node of nodes) {
    const rule = rules[node.id]!;
    const inputs = node.inputs.map((input) => classes[input]!);
    const isPlain =
      keepsSize(rule) ||
      ((rule.kind === 'equal' || rule.kind === 'gate') &&
        inputs.every((input) => input === inputs[0]));
    if (isPlain && inputs[0] !== undefined) {
      classes.push(inputs[0]);
      continue;
    }
    classes.push(makers.length);
    makers.push({ node: node.id, inputs });
  }
  return { classes, makers };
}

/** The least M for which every division in the network is exact on slopes, and every even crop decidable. */
function findModulus(graph: Graph, rules: readonly AxisRule[]): number {
  const scales: Fraction[] = [];
  let modulus = 1;
  const need = (scale: Fraction): void => {
    modulus = Math.min(leastCommonMultiple(modulus, scale.denominator), Number.MAX_SAFE_INTEGER);
  };
  for (const node of graph.nodes) {
    const rule = rules[node.id]!;
    const scaleOf = (index: number): Fraction => scales[node.inputs[index] ?? -1] ?? one;
    switch (rule.kind) {
      case 'source':
        scales.push(one);
        break;
      case 'step': {
        const divided = multiply(scaleOf(0), { numerator: 1, denominator: rule.divide });
        need(divided);
        scales.push(multiply(divided, { numerator: rule.multiply, denominator: 1 }));
        break;
      }
      case 'attend':
        if (rule.window !== undefined) {
          need(multiply(scaleOf(0), { numerator: 1, denominator: rule.window }));
        }
        scales.push(scaleOf(0));
        break;
      case 'only':
        scales.push(scaleOf(0));
        break;
      case 'fixed':
        scales.push(zero);
        break;
      case 'equal':
        scales.push(scaleOf(0));
        break;
      case 'gate': {
        const gated = node.inputs.map((_, index) => scaleOf(index));
        scales.push(gated.find((scale) => scale.numerator !== 0) ?? zero);
        break;
      }
      case 'follow': {
        if (typeof rule.relation === 'object') {
          need(multiply(scaleOf(1), { numerator: 1, denominator: rule.relation.divide }));
        }
        if (rule.relation === 'shrink_evenly') {
          const difference = add(
            scaleOf(0),
            multiply(scaleOf(1), { numerator: -1, denominator: 1 }),
          );
          need(multiply(difference, { numerator: 1, denominator: 2 }));
        }
        scales.push(scaleOf(1));
        break;
      }
    }
    if (modulus > modulusLimit) break;
  }
  return modulus;
}

/** What a step makes of a size whose slope it divides. */
const stepped = (rule: StepRule, { slope, offset }: Form): Form => ({
  slope: (slope / rule.divide) * rule.multiply,
  offset: rule.multiply * Math.floor((offset + rule.before) / rule.divide) + rule.after,
});

function analyseResidue(
  makers: readonly Maker[],
  rules: readonly AxisRule[],
  modulus: number,
  residue: number,
): LegalResidue | undefined {
  const forms: Form[] = [];
  let lowest = residue === 0 ? 1 : 0;
  let highest = Infinity;

  for (const maker of makers) {
    const rule = rules[maker.node]!;
    const inputs = maker.inputs.map((input) => forms[input]!);
    const [first, second] = inputs;
    switch (rule.kind) {
      case 'source':
        forms.push({ slope: modulus, offset: residue });
        break;
      case 'step':
        atLeastZero(first!.slope, first!.offset - rule.minimum);
        if (rule.isExact && !divides(rule, first!.offset)) highest = -1;
        forms.push(stepped(rule, first!));
        break;
      case 'fixed':
        forms.push({ slope: 0, offset: rule.size });
        break;
      case 'attend': {
        equal(second!, inputs[2]!);
        if (rule.window !== undefined) {
          equal(first!, second!);
          if (first!.offset % rule.window !== 0) highest = -1;
        }
        forms.push(first!);
        break;
      }
      case 'only':
        equal(first!, { slope: 0, offset: rule.size });
        forms.push(first!);
        break;
      case 'equal':
        for (const other of inputs) equal(first!, other);
        forms.push(first!);
        break;
      case 'gate': {
        const sized = inputs.filter((form) => form.slope !== 0 || form.offset !== 1);
        for (const other of sized) equal(sized[0]!, other);
        forms.push(sized[0] ?? first!);
        break;
      }
      case 'follow': {
        const difference = {
          slope: first!.slope - second!.slope,
          offset: first!.offset - second!.offset,
        };
        const { relation } = rule;
        if (relation === 'grow') atLeastZero(-difference.slope, -difference.offset);
        if (relation === 'shrink' || relation === 'shrink_evenly') {
          atLeastZero(difference.slope, difference.offset);
        }
        if (relation === 'shrink_evenly' && difference.offset % 2 !== 0) highest = -1;
        if (typeof relation === 'object') equal(first!, stepped(relation, second!));
        forms.push(second!);
        break;
      }
    }
    if (lowest > highest) return undefined;
  }
  return {
    residue,
    minimum: modulus * lowest + residue,
    maximum: highest === Infinity ? Infinity : modulus * highest + residue,
    forms,
  };

  /** Keeps the q with slope * q + offset >= 0. */
  function atLeastZero(slope: number, offset: number): void {
    if (slope > 0) lowest = Math.max(lowest, Math.ceil(-offset / slope));
    else if (slope < 0) highest = Math.min(highest, Math.floor(offset / -slope));
    else if (offset < 0) highest = -1;
  }

  function equal(left: Form, right: Form): void {
    const slope = left.slope - right.slope;
    const offset = left.offset - right.offset;
    if (slope === 0) {
      if (offset !== 0) highest = -1;
      return;
    }
    const q = -offset / slope;
    if (!Number.isInteger(q)) highest = -1;
    else {
      lowest = Math.max(lowest, q);
      highest = Math.min(highest, q);
    }
  }
}

import type { Graph, GraphNode, NodeId } from '../graph.js';
import {
  applyStep,
  axisRuleOf,
  type Axis,
  type AxisRule,
  takes,
} from '../operations/axis-rules.js';

/** A repair of sizes: what is done where two tensors do not meet. */
export type RepairKind =
  /** The larger of two merged tensors is cut. */
  | 'crop'
  /** Zeros are put around the smaller. */
  | 'pad'
  /** The smaller is interpolated. */
  | 'resize'
  /** A crop without a centre rounds. */
  | 'round'
  /** A crop becomes a pad, or a pad a crop. */
  | 'turn';

/** One place where a repair had to act. */
export interface Repair {
  readonly node: NodeId;
  /** The input that changes, as an index into the node's inputs, and the one it follows. */
  readonly changed: number;
  readonly target: number;
  /** Whether the difference is odd on some axis, so that a crop has to round. */
  readonly isOdd: boolean;
}

/** Which nodes a repair may touch, and how. */
export interface RepairPlan {
  readonly kind: RepairKind;
  mayRepair(node: GraphNode): boolean;
  /** Whether a node that follows another's size is taken out by the repair. */
  isReplaced(node: GraphNode): boolean;
  /** The inputs of a merge that have to be those that change; the fitting one of two when undefined. */
  changedInputs(node: GraphNode): readonly number[] | undefined;
}

type Shape = readonly [height: number, width: number];

/**
 * Walks the graph with one input size as if the plan's repair were made
 * wherever it may act: the places where it did, or undefined when something
 * still does not fit. So a fix is offered only when it repairs.
 */
export function tryRepair(
  graph: Graph,
  plan: RepairPlan,
  height: number,
  width: number,
): readonly Repair[] | undefined {
  const shapes: Shape[] = [];
  const repairs: Repair[] = [];
  for (const node of graph.nodes) {
    const shape = shapeOf(node);
    if (shape === undefined) return undefined;
    shapes.push(shape);
  }
  return repairs;

  function shapeOf(node: GraphNode): Shape | undefined {
    const rules = [axisRuleOf(node.op, 0), axisRuleOf(node.op, 1)] as const;
    const inputs = node.inputs.map((id) => shapes[id]!);
    const [first, second] = inputs;
    switch (rules[0].kind) {
      case 'source':
        return [height, width];
      case 'fixed':
        return bothAxes((axis) => fixedSize(rules[axis]));
      case 'step':
        return bothAxes((axis) => step(rules[axis], first![axis]));
      case 'attend':
      case 'only':
        return ([0, 1] as const).every((axis) => holdsAll(rules[axis], inputs, axis))
          ? first
          : undefined;
      case 'gate': {
        const sized = inputs.filter((shape) => shape[0] !== 1 || shape[1] !== 1);
        const most = sized[0] ?? first!;
        return sized.every((shape) => isSame(shape, most)) ? most : undefined;
      }
      case 'equal':
        return inputs.every((shape) => isSame(shape, first!)) ? first : align(node, inputs);
      case 'follow': {
        if (plan.isReplaced(node)) return first;
        const isFine = ([0, 1] as const).every((axis) => holds(rules[axis], first!, second!, axis));
        return isFine || mend(node, first!, second!) ? second : undefined;
      }
    }
  }

  function align(node: GraphNode, inputs: readonly Shape[]): Shape | undefined {
    if (!plan.mayRepair(node)) return undefined;
    const wanted = plan.changedInputs(node);
    if (wanted === undefined && inputs.length !== 2) return undefined;
    const changes = wanted ?? [fittingInput(inputs)];
    const kept = inputs.flatMap((_, index) => (changes.includes(index) ? [] : [index]));
    const [target] = kept;
    const to = inputs[target ?? -1];
    if (target === undefined || to === undefined) return undefined;
    if (!kept.every((index) => isSame(inputs[index]!, to))) return undefined;
    for (const changed of changes) {
      const from = inputs[changed];
      const isFine =
        from !== undefined &&
        ((plan.kind === 'crop' && isWithin(to, from)) ||
          (plan.kind === 'pad' && isWithin(from, to)) ||
          (plan.kind === 'resize' &&
            (wanted !== undefined || isWithin(from, to) || isWithin(to, from))));
      if (!isFine) return undefined;
      if (isSame(from, to)) continue;
      repairs.push({ node: node.id, changed, target, isOdd: isOdd(from, to) });
    }
    return to;
  }

  /** Of two, the larger for a crop, else the smaller. */
  function fittingInput([left, right]: readonly Shape[]): number {
    const smaller = isWithin(right!, left!) ? 1 : 0;
    return plan.kind === 'crop' ? 1 - smaller : smaller;
  }

  /** Whether a crop or pad that fails can be mended. */
  function mend(node: GraphNode, from: Shape, to: Shape): boolean {
    if (!plan.mayRepair(node) || node.op.kind === 'max_unpool') return false;
    const isFine =
      plan.kind === 'round'
        ? node.op.kind === 'crop_to' && isWithin(to, from)
        : plan.kind === 'turn' &&
          (node.op.kind === 'crop_to' ? isWithin(from, to) : isWithin(to, from));
    if (isFine) repairs.push({ node: node.id, changed: 0, target: 1, isOdd: isOdd(from, to) });
    return isFine;
  }
}

function bothAxes(size: (axis: Axis) => number | undefined): Shape | undefined {
  const [height, width] = [size(0), size(1)];
  return height === undefined || width === undefined ? undefined : [height, width];
}

function fixedSize(rule: AxisRule): number | undefined {
  return rule.kind === 'fixed' ? rule.size : undefined;
}

function step(rule: AxisRule, size: number): number | undefined {
  return rule.kind === 'step' && takes(rule, size) ? applyStep(rule, size) : undefined;
}

/** Whether pixels of those sizes can attend, or have a table. */
function holdsAll(rule: AxisRule, inputs: readonly Shape[], axis: Axis): boolean {
  const [first, second, third] = inputs.map((shape) => shape[axis]);
  if (rule.kind === 'only') return first === rule.size;
  if (rule.kind !== 'attend' || second !== third) return false;
  return rule.window === undefined || (first === second && first! % rule.window === 0);
}

function holds(rule: AxisRule, from: Shape, to: Shape, axis: Axis): boolean {
  if (rule.kind !== 'follow') return false;
  if (typeof rule.relation === 'object') return from[axis] === applyStep(rule.relation, to[axis]);
  const difference = from[axis] - to[axis];
  switch (rule.relation) {
    case 'any':
      return true;
    case 'grow':
      return difference <= 0;
    case 'shrink':
      return difference >= 0;
    case 'shrink_evenly':
      return difference >= 0 && difference % 2 === 0;
  }
}

const isSame = (one: Shape, other: Shape): boolean => one[0] === other[0] && one[1] === other[1];
const isWithin = (one: Shape, other: Shape): boolean => one[0] <= other[0] && one[1] <= other[1];
const isOdd = (one: Shape, other: Shape): boolean =>
  (one[0] - other[0]) % 2 !== 0 || (one[1] - other[1]) % 2 !== 0;

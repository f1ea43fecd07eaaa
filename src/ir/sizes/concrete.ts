import type { Graph, GraphNode, NodeId } from '../graph.js';
import { applyStep, axisRuleOf, divides, type Axis } from '../operations/axis-rules.js';

export type Size = number | undefined;

/** Why a node has no size on one axis, for one input size. */
export type SizeFailure = {
  readonly node: GraphNode;
  readonly axis: Axis;
} & (
  | { readonly kind: 'too-small'; readonly found: number; readonly minimum: number }
  /** The size does not divide by `by`. */
  | { readonly kind: 'uneven'; readonly found: number; readonly by: number }
  /** The size is not the only one. */
  | { readonly kind: 'not-only'; readonly found: number; readonly size: number }
  | { readonly kind: 'differ'; readonly left: NodeId; readonly right: NodeId }
  | { readonly kind: 'cannot-follow'; readonly relation: 'shrink' | 'shrink_evenly' | 'grow' }
  /** The first input is not what a pooling makes of the second. */
  | { readonly kind: 'not-pooled'; readonly expected: number }
);

/** Sizes of every node for one input size; what depends on a failure is undefined and silent. */
export interface ConcreteAxis {
  readonly sizes: readonly Size[];
  readonly failures: readonly SizeFailure[];
}

/** Walks the graph with one input size. */
export function walkAxis(graph: Graph, axis: Axis, input: number): ConcreteAxis {
  const sizes: Size[] = [];
  const failures: SizeFailure[] = [];
  const isConstant = findConstants(graph, axis);
  for (const node of graph.nodes) sizes.push(sizeOf(node));
  return { sizes, failures };

  function sizeOf(node: GraphNode): Size {
    const rule = axisRuleOf(node.op, axis);
    const inputs = node.inputs.map((id) => sizes[id]);
    const [first, second] = inputs;
    if (rule.kind === 'source') return input;
    if (rule.kind === 'fixed') return rule.size;
    if (inputs.some((size) => size === undefined)) return undefined;
    switch (rule.kind) {
      case 'step':
        if (first! < rule.minimum) {
          failures.push({ kind: 'too-small', node, axis, found: first!, minimum: rule.minimum });
          return undefined;
        }
        if (!rule.isExact || divides(rule, first!)) return applyStep(rule, first!);
        failures.push({ kind: 'uneven', node, axis, found: first!, by: rule.divide });
        return undefined;
      case 'only':
        if (first === rule.size) return first;
        failures.push({ kind: 'not-only', node, axis, found: first!, size: rule.size });
        return undefined;
      case 'attend': {
        const { window } = rule;
        const [queries, keys, values] = node.inputs as [NodeId, NodeId, NodeId];
        const differing = (left: NodeId, right: NodeId): undefined => {
          failures.push({ kind: 'differ', node, axis, left, right });
        };
        if (second !== inputs[2]) return differing(keys, values);
        if (window === undefined) return first;
        if (first !== second) return differing(queries, keys);
        if (first! % window === 0) return first;
        failures.push({ kind: 'uneven', node, axis, found: first!, by: window });
        return undefined;
      }
      case 'equal':
      case 'gate': {
        const isGate = (size: Size, at: number): boolean =>
          rule.kind === 'gate' && size === 1 && isConstant[node.inputs[at]!]!;
        const index = Math.max(
          0,
          inputs.findIndex((size, at) => !isGate(size, at)),
        );
        const other = inputs.findIndex((size, at) => size !== inputs[index] && !isGate(size, at));
        if (other === -1) return inputs[index];
        const [left, right] = [node.inputs[index]!, node.inputs[other]!];
        failures.push({ kind: 'differ', node, axis, left, right });
        return undefined;
      }
      case 'follow': {
        const { relation } = rule;
        if (typeof relation === 'object') {
          const expected = applyStep(relation, second!);
          if (first === expected) return second;
          failures.push({ kind: 'not-pooled', node, axis, expected });
          return undefined;
        }
        const difference = first! - second!;
        const isBroken =
          (relation === 'grow' && difference > 0) ||
          (relation.startsWith('shrink') && difference < 0) ||
          (relation === 'shrink_evenly' && difference % 2 !== 0);
        if (!isBroken || relation === 'any') return second;
        failures.push({ kind: 'cannot-follow', node, axis, relation });
        return undefined;
      }
    }
  }
}

/**
 * Which sizes do not depend on the input's: those after global and adaptive pooling. Only
 * these can be gates; a map that happens to be one pixel large is none.
 */
function findConstants(graph: Graph, axis: Axis): readonly boolean[] {
  const isConstant: boolean[] = [];
  for (const { op, inputs } of graph.nodes) {
    const { kind } = axisRuleOf(op, axis);
    const ofInputs = inputs.map((id) => isConstant[id]!);
    if (kind === 'source' || kind === 'fixed') isConstant.push(kind === 'fixed');
    else if (kind === 'gate') isConstant.push(ofInputs.every(Boolean));
    else isConstant.push(ofInputs[kind === 'follow' ? 1 : 0]!);
  }
  return isConstant;
}

/** Sizes of every node for one input size, on both axes. */
export interface ConcreteSizes {
  readonly heights: readonly Size[];
  readonly widths: readonly Size[];
  readonly failures: readonly SizeFailure[];
}

/** Walks both axes; failures come in the order of the graph, heights first. */
export function walkSizes(graph: Graph, height: number, width: number): ConcreteSizes {
  const vertical = walkAxis(graph, 0, height);
  const horizontal = walkAxis(graph, 1, width);
  const failures = [...vertical.failures, ...horizontal.failures].sort(
    (left, right) => left.node.id - right.node.id || left.axis - right.axis,
  );
  return { heights: vertical.sizes, widths: horizontal.sizes, failures };
}

import type { Graph, GraphNode, NodeId } from '../graph.js';
import { operationWord } from '../operations/operation-word.js';
import { axisRuleOf, type Axis, type StepRule } from '../operations/axis-rules.js';
import type { Size } from './concrete.js';

/**
 * Where two tensors that should agree began to differ. From their last common
 * ancestor, each lineage's first operation that does not scale a size exactly
 * is told, with its rule and its numbers, and what changes the size after it.
 */
export function explainDivergence(
  graph: Graph,
  axis: Axis,
  sizes: readonly Size[],
  left: NodeId,
  right: NodeId,
): readonly string[] {
  const leftLine = lineage(graph, axis, left);
  const rightLine = lineage(graph, axis, right);
  const shared = new Set(leftLine);
  const ancestor = rightLine.findLast((id) => shared.has(id));
  const notes = [leftLine, rightLine].flatMap((line) => {
    const after = line.slice(ancestor === undefined ? 0 : line.indexOf(ancestor) + 1);
    return describeWay(graph, after, axis, sizes);
  });
  const [first, ...others] = notes;
  if (ancestor === undefined || first === undefined) return notes;
  const name = graph.nodes[ancestor]?.name ?? '';
  const size = sizes[ancestor];
  return [
    `Both come from "${name}"${size === undefined ? '' : ` at ${size}`}; there ${first}`,
    ...others,
  ];
}

/** The first operation on the way to a tensor that rounds or cuts, and what changes its size after that; none when nothing does. */
function describeWay(
  graph: Graph,
  way: readonly NodeId[],
  axis: Axis,
  sizes: readonly Size[],
): readonly string[] {
  const nodes = way.map((id) => graph.nodes[id]!);
  const index = nodes.findIndex((node) => drifts(node, axis, sizes));
  const [first, ...rest] = nodes.slice(Math.max(index, 0));
  if (index < 0 || first === undefined) return [];
  const later = rest.filter((node) => changes(node, axis, sizes));
  const shown = later.length > stepsShown ? later.slice(-1) : later;
  const steps = shown.map((node) => describeStep(node, axis, sizes));
  return [
    `${describeStep(first, axis, sizes)}.`,
    ...(steps.length === 0
      ? []
      : [`${shown === later ? 'Then' : 'In the end'} ${steps.join('; ')}.`]),
  ];
}

/** More steps than these are told by their last. */
const stepsShown = 3;

/** The nodes a size comes through, from the input to the node. */
function lineage(graph: Graph, axis: Axis, id: NodeId): readonly NodeId[] {
  const line: NodeId[] = [];
  for (let node = graph.nodes[id]; node !== undefined; node = parentOf(node)) line.unshift(node.id);
  return line;

  function parentOf(node: GraphNode): GraphNode | undefined {
    const source = axisRuleOf(node.op, axis).kind === 'follow' ? node.inputs[1] : node.inputs[0];
    return source === undefined ? undefined : graph.nodes[source];
  }
}

/** Whether an operation's output is not its input times its scale. */
function drifts(node: GraphNode, axis: Axis, sizes: readonly Size[]): boolean {
  const rule = axisRuleOf(node.op, axis);
  const [before, after] = [sizes[node.inputs[0] ?? -1], sizes[node.id]];
  if (rule.kind !== 'step' || before === undefined || after === undefined) return false;
  return after !== (before * rule.multiply) / rule.divide;
}

/** Whether an operation's output has another size than its input. */
function changes(node: GraphNode, axis: Axis, sizes: readonly Size[]): boolean {
  const [before, after] = [sizes[node.inputs[0] ?? -1], sizes[node.id]];
  return axisRuleOf(node.op, axis).kind === 'step' && before !== undefined && after !== before;
}

/** `"e4/max_pool1" makes 62 of 125: floor(125 / 2) = 62` */
function describeStep(node: GraphNode, axis: Axis, sizes: readonly Size[]): string {
  const rule = axisRuleOf(node.op, axis) as StepRule;
  const before = sizes[node.inputs[0] ?? -1] ?? 0;
  const after = sizes[node.id] ?? 0;
  return `"${node.name}" (${operationWord(node.op)}) makes ${after} of ${before}: ${ruleText(rule, before)} = ${after}`;
}

function ruleText(rule: StepRule, size: number): string {
  const signed = (value: number): string =>
    value === 0 ? '' : value > 0 ? ` + ${value}` : ` - ${-value}`;
  const inner = `${size}${signed(rule.before)}`;
  const divided =
    rule.divide === 1
      ? inner
      : `floor(${rule.before === 0 ? inner : `(${inner})`} / ${rule.divide})`;
  const scaled =
    rule.multiply === 1
      ? divided
      : `${rule.multiply} * ${divided.includes(' ') && rule.divide === 1 ? `(${divided})` : divided}`;
  return `${scaled}${signed(rule.after)}`;
}

import type { Graph, GraphNode, NodeId } from '../graph.js';
import type { Op } from '../ops.js';
import { axisRuleOf, type Axis, type StepRule } from './axis-rules.js';
import type { Size } from './concrete.js';

/**
 * Where two tensors that should agree began to differ. From their last common
 * ancestor, each lineage's first operation that does not scale a size exactly
 * is told, with its rule and its numbers.
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
  const notes: string[] = [];
  for (const line of [leftLine, rightLine]) {
    const after = line.slice(ancestor === undefined ? 0 : line.indexOf(ancestor) + 1);
    const first = after.map((id) => graph.nodes[id]!).find((node) => drifts(node, axis, sizes));
    if (first !== undefined) notes.push(describeStep(first, axis, sizes));
  }
  if (ancestor !== undefined && notes.length > 0) {
    const name = graph.nodes[ancestor]?.name ?? '';
    const size = sizes[ancestor];
    notes[0] = `Both come from "${name}"${size === undefined ? '' : ` at ${size}`}; there ${notes[0] ?? ''}`;
  }
  return notes;
}

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

/** `"e4/max_pool1" makes 62 of 125: floor(125 / 2) = 62.` */
function describeStep(node: GraphNode, axis: Axis, sizes: readonly Size[]): string {
  const rule = axisRuleOf(node.op, axis) as StepRule;
  const before = sizes[node.inputs[0] ?? -1] ?? 0;
  const after = sizes[node.id] ?? 0;
  return `"${node.name}" (${wordOf(node.op)}) makes ${after} of ${before}: ${ruleText(rule, before)} = ${after}.`;
}

const wordOf = (op: Op): string => (op.kind === 'activation' ? op.function : op.kind);

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

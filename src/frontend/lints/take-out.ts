import type { Fix } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/source.js';
import type { Graph, GraphNode } from '../../ir/graph.js';
import { operationWord } from '../../ir/operations/operation-word.js';
import { isSamePlace, type StepBefore } from '../../parser/tree/step-before.js';

/** Whether an operation is written in the file of the model. */
export const isInModel = ({ origin }: GraphNode, { scopes }: Graph): boolean =>
  origin.file === scopes[0]!.origin.file;

/** All operations that are made of one place in the text. */
export const nodesAt = ({ origin }: GraphNode, { nodes }: Graph): readonly GraphNode[] =>
  nodes.filter((other) => isSamePlace(other.origin, origin));

/** Whether all that is made of an operation's place belongs to heads. */
export function isOfHeads(node: GraphNode, graph: Graph): boolean {
  const ends = new Set(graph.outputs.map(({ name }) => name));
  return nodesAt(node, graph).every(({ tensor }) => ends.has(tensor.name));
}

interface Text {
  readonly graph: Graph;
  readonly stepBefore: (step: Span) => StepBefore | undefined;
}

/**
 * Takes one of two neighbours of a pipeline out of the text, with its arrow. Only where
 * neither has a condition of its own: a cut across conditions builds another network.
 */
export function takeOut(
  first: GraphNode,
  second: GraphNode,
  { graph, stepBefore }: Text,
  which: 'first' | 'second',
): readonly Fix[] {
  const [one, other] = [first.origin, second.origin];
  const before = stepBefore(other);
  const isPipeline = before?.isDirect === true && isSamePlace(before.step.span, one);
  if (!isPipeline || !isInModel(second, graph)) return [];
  const span: Span =
    which === 'first'
      ? { ...one, start: one.start, end: other.start }
      : { ...one, start: one.end, end: other.end };
  const word = operationWord((which === 'first' ? first : second).op);
  return [{ title: `Take out "${word}"`, edits: [{ span, text: '' }] }];
}

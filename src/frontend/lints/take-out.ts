import type { Fix } from '../../diagnostics/diagnostic.js';
import type { Span } from '../../diagnostics/source.js';
import type { Graph, GraphNode } from '../../ir/graph.js';
import { operationWord } from '../../ir/operations/operation-word.js';
import { isSamePlace, placeKey, type StepBefore } from '../../parser/tree/step-before.js';

/** Whether an operation is written in the file of the model. */
export const isInModel = ({ origin }: GraphNode, { scopes }: Graph): boolean =>
  origin.file === scopes[0]!.origin.file;

/** Finds all operations that are made of the same place in the text; the graph is walked once. */
export function findNodesAt({ nodes }: Graph): (node: GraphNode) => readonly GraphNode[] {
  let places: Map<string, GraphNode[]> | undefined;
  return ({ origin }) => {
    if (places === undefined) {
      places = new Map();
      for (const node of nodes) {
        const key = placeKey(node.origin);
        const others = places.get(key);
        if (others === undefined) places.set(key, [node]);
        else others.push(node);
      }
    }
    return places.get(placeKey(origin)) ?? [];
  };
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

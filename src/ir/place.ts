import type { Label } from '../diagnostics/diagnostic.js';
import type { Span } from '../diagnostics/source.js';
import type { Graph, GraphNode, ScopeId } from './graph.js';

type Scoped = Pick<Graph, 'scopes'>;
type Placed = Pick<GraphNode, 'origin' | 'scope'>;

/**
 * Where a person looks for an operation: its own place where that is in the file of the
 * model, else the call in that file which leads to it.
 */
export function placeOf(graph: Scoped, node: Placed): Span {
  return inFileOfModel(graph, node, node.origin, node.scope);
}

/** The call that the model itself makes and that leads to an operation; its own place where none does. */
export function callOf(graph: Scoped, node: GraphNode): Span {
  return placeWithin(graph, node, [0]);
}

/**
 * Where several operations meet: the place of the first, or the call that leads to it from
 * the innermost block that they have in common.
 */
export function placeOfMeeting(graph: Scoped, node: GraphNode, others: readonly GraphNode[]): Span {
  const ways = others.map((other) => scopesAround(graph, other.scope));
  const common = scopesAround(graph, node.scope).filter((scope) =>
    ways.every((way) => way.includes(scope)),
  );
  return placeWithin(graph, node, common);
}

/** The place of an operation as seen from one of these scopes, the innermost around it. */
function placeWithin(graph: Scoped, node: GraphNode, seen: readonly ScopeId[]): Span {
  let place = node.origin;
  let id = node.scope;
  for (; !seen.includes(id); id = graph.scopes[id]!.parent ?? 0) place = graph.scopes[id]!.origin;
  return inFileOfModel(graph, node, place, id);
}

function inFileOfModel({ scopes }: Scoped, node: Placed, place: Span, from: ScopeId): Span {
  const file = scopes[0]?.origin.file;
  if (file === undefined || place.file === file) return place;
  for (let scope = scopes[from]; scope !== undefined; scope = scopes[scope.parent ?? -1]) {
    if (scope.parent !== undefined && scope.origin.file === file) return scope.origin;
  }
  return node.origin;
}

/** A scope and those around it, the innermost first. */
function scopesAround({ scopes }: Scoped, id: ScopeId): readonly ScopeId[] {
  const around: ScopeId[] = [];
  for (let at: ScopeId | undefined = id; at !== undefined; at = scopes[at]!.parent) around.push(at);
  return around;
}

/** The operation itself, where the place that is shown is a call that leads to it. */
export const insideLabel = (at: Span, { origin }: Placed): readonly Label[] =>
  at === origin ? [] : [{ span: origin, text: 'here, in what the call is made of' }];

import type { Graph } from '../ir/graph.js';
import { holdsWeights, weightsName } from '../ir/operations/weights.js';

/** Paths below which training leaves all weights as they are: the outermost of which all is frozen. */
export function frozenPaths({ nodes }: Graph): readonly string[] {
  const held = nodes.filter(({ op }) => holdsWeights(op) || op.kind === 'dropout');
  const isWhole = (path: string): boolean =>
    held.every((node) => node.isFrozen || !isWithin(path, weightsName(node)));
  const found: string[] = [];
  for (const node of held) {
    const { isFrozen, op } = node;
    const name = weightsName(node);
    if (!isFrozen || !holdsWeights(op) || found.some((path) => isWithin(path, name))) continue;
    const parts = name.split('/');
    const paths = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
    found.push(paths.find(isWhole) ?? name);
  }
  return found;
}

const isWithin = (outer: string, inner: string): boolean =>
  inner === outer || inner.startsWith(`${outer}/`);

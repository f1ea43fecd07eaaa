import type { Graph, NodeId } from '../../ir/graph.js';
import { describeSize } from '../../ir/sizes/describe.js';
import type { SizeAnalysis } from '../../ir/sizes/sizes.js';
import type { Body, Step, TensorReference } from './body.js';

/** Whether a tensor of the model is one that the spec names. */
export const isOfSpec = ({ suffix }: Step): boolean => /^\w+$/.test(suffix);

/**
 * Which lines stand together: those that make one node of a scheme, `u4`, `d4` and all on
 * the way to them, but each branch of several by itself; lines of `wires` whose tensors
 * are of one size; and those of a declared encoder.
 */
export function groupsOf({ nodes }: Graph, sizes: SizeAnalysis): (step: Step) => string {
  const byName = new Map(nodes.map(({ name, id }) => [name, id]));
  const branches = new Map<string, Set<string>>();
  for (const { tensor } of nodes) {
    const { madeBy, name } = tensor;
    if (madeBy.kind !== 'decoder' || madeBy.part !== 'branch') continue;
    const key = decoderKey(madeBy);
    branches.set(key, (branches.get(key) ?? new Set()).add(name));
  }
  return ({ node }) => {
    const { name, madeBy } = nodes[node]!.tensor;
    switch (madeBy.kind) {
      case 'encoder':
        return `encoder ${madeBy.encoder ?? ''} ${madeBy.level}`;
      case 'decoder': {
        const key = decoderKey(madeBy);
        const isOneOfSeveral = madeBy.part === 'branch' && branches.get(key)!.size > 1;
        return isOneOfSeveral ? name : key;
      }
      case 'wire': {
        const made = byName.get(name) ?? node;
        return `size ${describeSize(sizes.height, made)} ${describeSize(sizes.width, made)}`;
      }
      case 'line':
        return `encoder ${madeBy.encoder}`;
      case 'input':
      case 'head':
        return name;
    }
  };
}

const decoderKey = ({
  level,
  column,
  decoder = '',
}: {
  readonly level: number;
  readonly column: number;
  readonly decoder?: string;
}) => `decoder ${decoder} ${level} ${column}`;

/** An empty line between groups that follow each other, unless both are single lines. */
export function needsGap(groups: readonly string[], index: number): boolean {
  const group = groups[index]!;
  const before = groups[index - 1] ?? '';
  if (group === before) return false;
  return groups[index + 1] === group || (index > 1 && groups[index - 2] === before);
}

/** Where a body has the tensor of a node. */
export function referenceTo(body: Body, node: NodeId): TensorReference {
  for (const [index, step] of body.steps.entries()) {
    const made = [step.node, ...step.others.map((other) => other.node)];
    if (made.includes(node)) return { from: 'step', index, output: made.indexOf(node) };
  }
  return { from: 'input', index: body.inputs.findIndex((input) => input.node === node) };
}

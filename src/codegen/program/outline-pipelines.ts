import type { BlockDescription } from '../../ir/block.js';
import type { Derivation } from '../../ir/formula.js';
import type { Graph, GraphNode, NodeId, Scope, ScopeId } from '../../ir/graph.js';
import { operationWord } from '../../ir/operations/operation-word.js';
import { isMerge, followsSize } from '../../ir/operations/operation-rules.js';
import { attributesOf } from './operation.js';

/** Shorter pipelines read as well where they stand, and rarer ones are no repetition. */
const least = { steps: 3, times: 3 };

/**
 * The graph with a block for pipelines that its model writes out again and again, as the
 * branches of a decoder are: from some operation on to the tensor that they make. They
 * may differ in their numbers of channels alone.
 */
export function outlinePipelines(graph: Graph): Graph {
  const chains = chainsOf(graph);
  const found = new Map<string, (readonly GraphNode[])[]>();
  for (const chain of chains) {
    if (chain.length < least.steps) continue;
    const texts = chain.map((node) => JSON.stringify(textOf(node)));
    for (let start = 0; start <= chain.length - least.steps; start++) {
      const pipeline = chain.slice(start);
      const key = texts.slice(start).join();
      found.set(key, [...(found.get(key) ?? []), pipeline]);
    }
  }
  const taken = new Set<NodeId>();
  let outlined = graph;
  const bySaving = [...found.values()].sort((left, right) => saving(right) - saving(left));
  for (const group of bySaving) {
    const free = group.filter((pipeline) => pipeline.every(({ id }) => !taken.has(id)));
    if (free.length < least.times) continue;
    for (const { id } of free.flat()) taken.add(id);
    outlined = withBlock(outlined, free);
  }
  return outlined;
}

const saving = (group: readonly (readonly GraphNode[])[]): number =>
  (group.length - 1) * (group[0]!.length - 1);

/** Of each tensor of the model, its last operations that follow each other and nothing else reads. */
function chainsOf({ nodes }: Graph): readonly (readonly GraphNode[])[] {
  const readers = nodes.map(() => 0);
  for (const { inputs } of nodes) for (const input of inputs) readers[input]! += 1;
  const isStep = ({ scope, op, inputs }: GraphNode): boolean =>
    scope === 0 && inputs.length === 1 && op.kind !== 'input' && !isMerge(op) && !followsSize(op);
  return nodes
    .filter((node) => node.name === node.tensor.name && isStep(node))
    .map((last) => {
      const chain = [last];
      for (let node = last; ;) {
        const before = nodes[node.inputs[0]!]!;
        const isOwn = before.name.startsWith(`${last.name}/`) && readers[before.id] === 1;
        if (!isOwn || !isStep(before)) return chain;
        chain.unshift(before);
        node = before;
      }
    });
}

/** Equal for operations that one function makes. */
function textOf({ op, name, tensor, derivations }: GraphNode): unknown {
  const attributes = [...attributesOf(op)].filter(([attribute]) => attribute !== 'channels');
  const formulas = Object.entries(derivations ?? {}).filter(
    ([attribute]) => attribute !== 'channels',
  );
  return [attributes, formulas, name.slice(tensor.name.length)];
}

/** The graph with one block called for each of some pipelines. */
function withBlock(graph: Graph, pipelines: readonly (readonly GraphNode[])[]): Graph {
  const nodes = [...graph.nodes];
  const scopes = [...graph.scopes];
  const first = pipelines[0]!;
  const words = first.map(({ op }) => operationWord(op));
  const wide = first.flatMap(({ op }, index) => ('channels' in op ? [index] : []));
  const names = wide.map((_, index) => (index === 0 ? 'channels' : `channels${index + 1}`));
  const block: BlockDescription = {
    name: words.join('_'),
    file: undefined,
    parameters: names.map((name) => ({ name, takes: 'value', isOptional: false })),
    origin: graph.scopes[0]!.origin,
  };
  for (const pipeline of pipelines) {
    const id = scopes.length;
    const args = wide.map((index, at) => argumentOf(pipeline[index]!, names[at]!));
    scopes.push(scopeOf(id, block, pipeline, args));
    for (const [index, node] of pipeline.entries()) {
      const name = names[wide.indexOf(index)];
      nodes[node.id] = { ...node, scope: id, ...inBlock(node, name, id) };
    }
  }
  return { ...graph, nodes, scopes };
}

function argumentOf({ op, derivations }: GraphNode, name: string): Scope['args'][number] {
  const derivation = derivations?.['channels'];
  const value = (op as { readonly channels: number }).channels;
  return { name, value, ...(derivation === undefined ? {} : { derivation }) };
}

function scopeOf(
  id: ScopeId,
  block: BlockDescription,
  pipeline: readonly GraphNode[],
  args: Scope['args'],
): Scope {
  const last = pipeline.at(-1)!;
  const { name, origin } = last;
  return { id, parent: 0, block, name, args, inputs: pipeline[0]!.inputs, output: last.id, origin };
}

/** Channels as the block's parameter gives them. */
function inBlock(
  { derivations = {} }: GraphNode,
  name: string | undefined,
  scope: ScopeId,
): Pick<GraphNode, 'derivations'> {
  if (name === undefined) return {};
  const follows = derivations['channels']?.follows ?? [];
  const channels: Derivation = { formula: { kind: 'parameter', name, scope }, follows };
  return { derivations: { ...derivations, channels } };
}

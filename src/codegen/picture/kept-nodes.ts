import type { CompiledModel } from '../../compile.js';
import { isPerImage } from '../../ir/graph-heads.js';
import type { Graph, NodeId } from '../../ir/graph.js';
import { enlarges, isResampling, rulesOf } from '../../ir/operations/operation-rules.js';
import type { Op } from '../../ir/operations/ops.js';
import { isOfEncoder } from '../../ir/provenance.js';
import { stagesOf } from '../../ir/reports/summary.js';
import type { BoxKind } from './picture.js';
import { dataOf } from './sources.js';

/** What of a compiled model is drawn. */
export type DrawnModel = Pick<CompiledModel, 'graph' | 'sizes' | 'unfolded'>;

/** Operations that bring a tensor to another size, or bring tensors together: they are part of arrows. */
const isOnTheWay = (op: Op): boolean =>
  isResampling(op) || rulesOf(op).axis(op, 0).kind === 'equal';

/** The nodes that boxes stand for, with what they are. */
export function keptNodes(
  graph: Graph,
  { levels, lattice }: DrawnModel['unfolded'],
): ReadonlyMap<NodeId, BoxKind> {
  const encoder = nodesNamed(
    graph,
    levels.filter((name) => name !== undefined),
  );
  const decoder = nodesNamed(
    graph,
    lattice.map(({ name }) => name),
  );
  const main = new Set(graph.heads.map(({ name }) => name));
  const outputs = new Map(graph.outputs.map(({ node, name }) => [node, name]));
  const input = graph.inputs[0]!.node;
  const stages = new Map(stagesOf(graph).map(({ name, nodes }) => [name, nodes]));
  const classifying = classifyingOutputs(graph);
  const taps = tapsOf(graph);
  const kept = new Map<NodeId, BoxKind>();
  for (const { id, name } of graph.nodes) {
    const output = outputs.get(id);
    if (id === input) kept.set(id, 'input');
    else if (output !== undefined) {
      const kind = classifying.has(id)
        ? 'classification'
        : main.has(output)
          ? 'head'
          : 'supervision';
      kept.set(id, kind);
    } else if (encoder.has(id) || taps.has(id)) kept.set(id, 'encoder');
    else if (decoder.has(id)) kept.set(id, 'decoder');
    else if (lattice.length === 0 && !name.includes('/')) {
      const nodes = stages.get(name) ?? [];
      if (nodes.some(({ op }) => !isOnTheWay(op))) kept.set(id, 'decoder');
    }
  }
  // Wires have no encoder of their own: what comes before the first step up is it.
  if (encoder.size === 0 && taps.size === 0) markDescent(graph, kept);
  return kept;
}

/** The last operation of each tensor, with its name: one whose pipeline ends in "identity" gave it to none. */
function nodesNamed(graph: Graph, names: readonly string[]): ReadonlyMap<NodeId, string> {
  const wanted = new Set(names);
  const exact = new Map<string, NodeId>();
  const within = new Map<string, NodeId>();
  for (const { id, name } of graph.nodes) {
    if (!exact.has(name)) exact.set(name, id);
    for (let end = name.indexOf('/'); end !== -1; end = name.indexOf('/', end + 1)) {
      const prefix = name.slice(0, end);
      if (wanted.has(prefix)) within.set(prefix, id);
    }
  }
  return new Map(
    names.flatMap((name): (readonly [NodeId, string])[] => {
      const id = exact.get(name) ?? within.get(name);
      return id === undefined ? [] : [[id, name]];
    }),
  );
}

/** What a declared encoder hands to the rest of the network. */
function tapsOf(graph: Graph): ReadonlySet<NodeId> {
  const readers = graph.nodes.filter((node) => !isOfEncoder(node));
  const read = readers.flatMap(dataOf).map((id) => graph.nodes[id]!);
  return new Set(read.filter(isOfEncoder).map(({ id }) => id));
}

/** Outputs of one pixel: they classify the whole image. */
function classifyingOutputs(graph: Graph): ReadonlySet<NodeId> {
  return new Set(graph.outputs.map(({ node }) => node).filter((id) => isPerImage(graph, id)));
}

/** Changes decoder boxes to encoder ones where nothing was brought up on any way to them. */
function markDescent(graph: Graph, kept: Map<NodeId, BoxKind>): void {
  const wasUp: boolean[] = [];
  for (const { id, op, inputs } of graph.nodes) {
    wasUp.push(enlarges(op) || inputs.some((input) => wasUp[input]));
    if (kept.get(id) === 'decoder' && !wasUp[id]) kept.set(id, 'encoder');
  }
}

/** What tensors are called where their last operations are called otherwise: taps that are levels, levels, nodes of the decoder. */
export function labelsOf(
  graph: Graph,
  { levels, lattice }: DrawnModel['unfolded'],
  kept: ReadonlyMap<NodeId, BoxKind>,
): ReadonlyMap<NodeId, string> {
  const tensors = nodesNamed(graph, [
    ...levels.filter((name) => name !== undefined),
    ...lattice.map(({ name }) => name),
  ]);
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const names = levels.filter((name) => name !== undefined && !inputs.has(name));
  const taps = [...kept.keys()].filter((id) => isOfEncoder(graph.nodes[id]!));
  if (names.length !== taps.length) return tensors;
  return new Map([...tensors, ...taps.map((id, at) => [id, names[at]!] as const)]);
}

import type { Graph, GraphNode, GraphOutput, NodeId } from '../../ir/graph.js';
import { followsSize, isMerge, rulesOf } from '../../ir/operations/operation-rules.js';
import type { Op } from '../../ir/operations/ops.js';
import { legalAtLeast, legalAtMost, analyseSizes } from '../../ir/sizes/sizes.js';
import type { AxisAnalysis } from '../../ir/sizes/analysis.js';

/**
 * The graph as layers of TensorFlow.js can carry it, equal in value: they free a
 * tensor too early that one layer reads twice, give one output once, and join only
 * what they know to be of one size. The graph itself where nothing stands against it.
 */
export function layeredGraph(graph: Graph): Graph {
  const draft = new Draft(withKnownSizes(graph));
  for (const node of draft.graph.nodes) draft.take(node);
  return draft.finish();
}

/** What passes a tensor on unchanged: the merging of one. */
const identity: Op = { kind: 'concat' };

/** A graph that is copied node by node, with nodes between that the copy needs. */
class Draft {
  readonly #nodes: GraphNode[] = [];
  readonly #places = new Map<NodeId, NodeId>();
  readonly #knowledge: readonly Knowledge[];

  constructor(readonly graph: Graph) {
    this.#knowledge = knowledgeOf(graph);
  }

  take(node: GraphNode): void {
    const seen = new Set<NodeId>();
    const inputs = this.#unified(node).map((id, at) => {
      const isRepeat = seen.has(id);
      seen.add(id);
      if (!isRepeat) return id;
      return this.#add(`${node.name}.again${at}`, identity, [id], node);
    });
    const id = this.#nodes.length;
    this.#nodes.push({ ...node, id, inputs });
    this.#places.set(node.id, id);
  }

  finish(): Graph {
    const { graph } = this;
    const outputs = this.#outputs();
    if (this.#nodes.length === graph.nodes.length) return graph;
    const scopes = graph.scopes.map((scope) => ({
      ...scope,
      inputs: scope.inputs.map((id) => this.#place(id)),
      output: this.#place(scope.output),
    }));
    const inputs = graph.inputs.map((input) => ({ ...input, node: this.#place(input.node) }));
    return { ...graph, nodes: this.#nodes, scopes, inputs, outputs };
  }

  /** Every output is a tensor of its own, and none is the image itself. */
  #outputs(): readonly GraphOutput[] {
    const taken = new Set(this.graph.nodes.map(({ name }) => name));
    const seen = new Set(this.graph.inputs.map(({ node }) => node));
    return this.graph.outputs.map((output) => {
      const node = this.graph.nodes[output.node]!;
      const isTaken = seen.has(node.id);
      seen.add(node.id);
      if (!isTaken) return { ...output, node: this.#place(node.id) };
      const name = taken.has(output.name) ? `${output.name}.again` : output.name;
      const copy = this.#add(name, identity, [this.#place(node.id)], { ...node, scope: 0 });
      return { ...output, node: copy };
    });
  }

  /** The inputs of a node; those of a `concat` all of known height and width, or none. */
  #unified(node: GraphNode): readonly NodeId[] {
    const places = node.inputs.map((id) => this.#place(id));
    if (node.op.kind !== 'concat') return places;
    const loose = node.inputs.findIndex((id) => !this.#knowledge[id]!.includes(true));
    if (loose < 0) return places;
    return places.map((place, at) => {
      if (!this.#knowledge[node.inputs[at]!]!.includes(true)) return place;
      const op: Op = { kind: 'crop_to', rounding: 'floor' };
      return this.#add(`${node.name}.fitted${at}`, op, [place, places[loose]!], node);
    });
  }

  #add(name: string, op: Op, inputs: readonly NodeId[], at: GraphNode): NodeId {
    const id = this.#nodes.length;
    const { channels } = this.#nodes[inputs[0]!]!;
    const { tensor, scope, origin, isFrozen } = at;
    this.#nodes.push({ id, name, tensor, op, inputs, channels, scope, origin, isFrozen });
    return id;
  }

  #place(id: NodeId): NodeId {
    return this.#places.get(id)!;
  }
}

/** Whether layers know the height and the width of a tensor before they run. */
type Knowledge = readonly [boolean, boolean];

function knowledgeOf({ nodes, inputs }: Graph): readonly Knowledge[] {
  const known: Knowledge[] = [];
  for (const node of nodes) {
    const given = node.inputs.map((id) => known[id]!);
    const { op } = node;
    const { kind } = op;
    if (kind === 'input') {
      const input = inputs.find((each) => each.node === node.id);
      known.push([typeof input?.height === 'number', typeof input?.width === 'number']);
    } else if (rulesOf(op).axis(op, 0).kind === 'fixed') known.push([true, true]);
    else if (followsSize(op)) known.push(given[1]!);
    else if (isMerge(op) && kind !== 'concat') {
      known.push([given.every(([height]) => height), given.every(([, width]) => width)]);
    } else if (kind === 'concat') {
      known.push(given.find((each) => !each.includes(true)) ?? given[0]!);
    } else known.push(given[0]!);
  }
  return known;
}

/**
 * A tensor of one pixel that is joined with one of the image's size leaves an axis a
 * single legal size, most often; then the input states it.
 */
function withKnownSizes(graph: Graph): Graph {
  const knowledge = knowledgeOf(graph);
  const isMixed = graph.nodes.some(({ op, inputs }) => {
    const texts = new Set(inputs.map((id) => knowledge[id]!.join()));
    return op.kind === 'concat' && texts.size > 1;
  });
  if (!isMixed) return graph;
  const analysis = analyseSizes(graph);
  if (analysis.kind !== 'sizes') return graph;
  const { height, width } = analysis.sizes;
  const inputs = graph.inputs.map((input) => ({
    ...input,
    height: onlySize(height) ?? input.height,
    width: onlySize(width) ?? input.width,
  }));
  return { ...graph, inputs };
}

/** The one legal size of an axis; undefined where there are several. */
function onlySize(axis: AxisAnalysis): number | undefined {
  const least = legalAtLeast(axis, 1);
  return least === legalAtMost(axis, Number.MAX_SAFE_INTEGER) ? least : undefined;
}

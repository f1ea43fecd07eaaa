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
      return this.#addBefore(node, `.again${at}`, identity, [id]);
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

  /** Every output is a tensor of its own, made by a layer of its own, and none is the image itself. */
  #outputs(): readonly GraphOutput[] {
    const taken = new Set(this.graph.nodes.map(({ name }) => name));
    const seen = new Set(this.graph.inputs.map(({ node }) => node));
    return this.graph.outputs.map((output) => {
      const node = this.graph.nodes[output.node]!;
      const isTaken = seen.has(node.id) || node.sharedName !== undefined;
      seen.add(node.id);
      if (!isTaken) return { ...output, node: this.#place(node.id) };
      const isOwn = this.#giveUp(node, output.name) || !taken.has(output.name);
      const name = isOwn ? output.name : `${output.name}.again`;
      const copy = this.#add(name, identity, [this.#place(node.id)], { ...node, scope: 0 });
      return { ...output, node: copy };
    });
  }

  /** Takes a name from a shared operation, whose layer has another; false for other nodes. */
  #giveUp(node: GraphNode, name: string): boolean {
    if (node.sharedName === undefined || node.name !== name) return false;
    const place = this.#place(node.id);
    this.#nodes[place] = { ...this.#nodes[place]!, name: `${name}.call` };
    return true;
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
      return this.#addBefore(node, `.fitted${at}`, op, [place, places[loose]!]);
    });
  }

  /** Adds what a node needs before it; before a shared operation that is shared, too. */
  #addBefore(node: GraphNode, ending: string, op: Op, inputs: readonly NodeId[]): NodeId {
    const id = this.#add(node.name + ending, op, inputs, node);
    const { sharedName } = node;
    if (sharedName !== undefined) {
      this.#nodes[id] = { ...this.#nodes[id]!, sharedName: sharedName + ending };
    }
    return id;
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

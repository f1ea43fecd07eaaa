import type { BlockDescription } from '../../ir/block.js';
import { substitute, type Derivation, type Formula } from '../../ir/formula.js';
import type { Graph, GraphEncoder, GraphNode, NodeId, Scope } from '../../ir/graph.js';
import { encoderOf } from '../../ir/provenance.js';

/**
 * The graph with a block for each declared encoder, whose lines else stand among those of
 * the model: what flows in is an image, and what is read elsewhere comes out.
 */
export const outlineEncoders = (graph: Graph): Graph =>
  graph.encoders.reduce(outlineEncoder, graph);

function outlineEncoder(graph: Graph, { called, ...encoder }: GraphEncoder): Graph {
  const own = graph.nodes.filter((node) => encoderOf(node) === called);
  if (own.length === 0) return graph;
  const inside = new Set(own.map(({ id }) => id));
  const inputs = [...new Set(own.flatMap((node) => node.inputs))].filter((id) => !inside.has(id));
  const outputs = outputsOf(graph, own, inside);
  const [output, ...others] = outputs;
  if (inputs.length !== 1 || output === undefined) return graph;

  const scope = graph.scopes.length;
  const used = new Set<string>();
  const fixed = new Map(
    graph.parameters.flatMap(({ name, value, isFixed }) =>
      isFixed && typeof value === 'number' ? [[name, value] as const] : [],
    ),
  );
  const move = ({ formula, follows }: Derivation): Derivation => {
    const found = formula && substitute(moved(formula, { scope, fixed, used }), new Map());
    return found === undefined || found.kind === 'number'
      ? { follows }
      : { follows, formula: found };
  };
  const nodes = graph.nodes.map((node): GraphNode => {
    if (!inside.has(node.id) || node.scope !== 0) return node;
    const { derivations } = node;
    return { ...node, scope, ...(derivations && { derivations: mapValues(derivations, move) }) };
  });
  const calls = new Set(own.flatMap((node) => topCall(graph, node) ?? []));
  const scopes = graph.scopes.map((each): Scope => {
    if (!calls.has(each.id)) return each;
    const args = each.args.map(({ derivation, ...rest }) => ({
      ...rest,
      ...(derivation && { derivation: move(derivation) }),
    }));
    return { ...each, parent: scope, args };
  });
  const parameters = graph.parameters.filter((each) => used.has(each.name));
  const block: BlockDescription = {
    ...encoder,
    // Further paragraphs tell its options, which are chosen here.
    doc: encoder.doc?.split(/\n\s*\n/, 1)[0] ?? '',
    parameters: parameters.map((each) => ({ name: each.name, takes: 'value', isOptional: false })),
  };
  const args = parameters.map((each) => ({
    name: each.name,
    value: each.value,
    derivation: {
      formula: { kind: 'parameter', name: each.name, scope: 0 } as const,
      follows: [each.name],
    },
  }));
  const { origin } = own[0]!;
  const call: Scope = { id: scope, parent: 0, block, name: called, args, inputs, output, origin };
  return { ...graph, nodes, scopes: [...scopes, { ...call, others }] };
}

/** What is read outside of the encoder, or leaves the network. */
function outputsOf(
  { nodes, outputs }: Graph,
  own: readonly GraphNode[],
  inside: ReadonlySet<NodeId>,
): readonly NodeId[] {
  const read = new Set([
    ...nodes.flatMap((node) => (inside.has(node.id) ? [] : node.inputs)),
    ...outputs.map(({ node }) => node),
  ]);
  return own.map(({ id }) => id).filter((id) => read.has(id));
}

/** The call of the model that a node is part of; undefined for what the model does itself. */
function topCall({ scopes }: Graph, node: GraphNode): number | undefined {
  let scope = scopes[node.scope]!;
  if (scope.id === 0) return undefined;
  while (scope.parent !== 0 && scope.parent !== undefined) scope = scopes[scope.parent]!;
  return scope.id;
}

interface Move {
  readonly scope: number;
  /** Parameters that stand as their values. */
  readonly fixed: ReadonlyMap<string, number>;
  /** Takes the names of the others. */
  readonly used: Set<string>;
}

/** A formula over the model's parameters as one over those of a block of the same names. */
function moved(formula: Formula, move: Move): Formula {
  switch (formula.kind) {
    case 'number':
    case 'channels':
      return formula;
    case 'parameter':
      if (formula.scope !== 0) return formula;
      if (move.fixed.has(formula.name)) {
        return { kind: 'number', value: move.fixed.get(formula.name)! };
      }
      move.used.add(formula.name);
      return { ...formula, scope: move.scope };
    case 'binary': {
      return { ...formula, left: moved(formula.left, move), right: moved(formula.right, move) };
    }
    case 'call':
      return { ...formula, args: formula.args.map((each) => moved(each, move)) };
  }
}

const mapValues = <Value>(
  record: Readonly<Record<string, Value>>,
  rule: (value: Value) => Value,
): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, rule(value)]));

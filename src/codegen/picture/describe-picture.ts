import type { CompiledModel } from '../../compile.js';
import { costOf } from '../../ir/reports/cost.js';
import { isPerImage } from '../../ir/graph-heads.js';
import { isOfEncoder } from '../../ir/provenance.js';
import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';
import { operationWord } from '../../ir/operations/operation-word.js';
import {
  enlarges,
  followsSize,
  isResampling,
  rulesOf,
} from '../../ir/operations/operation-rules.js';
import type { Op, Pair } from '../../ir/operations/ops.js';
import { affineSize } from '../../ir/sizes/analysis.js';
import { walkSizes } from '../../ir/sizes/concrete.js';
import { describeSize } from '../../ir/sizes/describe.js';
import { exampleSize } from '../../ir/sizes/sizes.js';
import { stagesOf } from '../../ir/reports/summary.js';
import type { Arrow, ArrowKind, Box, BoxKind, Picture } from './picture.js';

/** What of a compiled model is drawn. */
export type DrawnModel = Pick<CompiledModel, 'graph' | 'sizes' | 'unfolded'>;

/** Operations that bring a tensor to another size, or bring tensors together: they are part of arrows. */
const isOnTheWay = (op: Op): boolean =>
  isResampling(op) || rulesOf(op).axis(op, 0).kind === 'equal';

/**
 * The picture of a model: a box for the image, every level of the encoder, every node
 * of the decoder and every output; what lies between them becomes arrows. Networks of
 * wires have a box for every named tensor that does more than resample.
 *
 * @param size the input size to show sizes at; symbols without it.
 */
export function describePicture(
  { graph, sizes, unfolded }: DrawnModel,
  size: Pair | undefined,
): Picture {
  const example: Pair = size ?? [exampleSize(sizes.height) ?? 256, exampleSize(sizes.width) ?? 256];
  const walk = walkSizes(graph, ...example);
  const cost = costOf(graph, walk.heights, walk.widths);
  const kept = keptNodes(graph, unfolded);
  const found = [...kept.keys()].map((id) => ({ id, ...sourcesOf(graph, id, kept) }));
  const rows = rowsOf(sizes, kept, found);
  const columns = columnsOf(found, kept, rows);
  const outputs = new Map(graph.outputs.map(({ node, name }) => [node, name]));
  const nameOf = (id: NodeId): string => outputs.get(id) ?? graph.nodes[id]!.name;
  const labels = labelsOf(graph, unfolded, kept);
  const boxes = found.map(({ id, own }): Box => {
    const node = graph.nodes[id]!;
    return {
      id: nameOf(id),
      label: outputs.get(id) ?? labels.get(id) ?? nameOf(id).split('/').at(-1)!,
      kind: kept.get(id)!,
      channels: node.channels,
      size:
        size === undefined
          ? [describeSize(sizes.height, id), describeSize(sizes.width, id)]
          : [String(walk.heights[id] ?? '?'), String(walk.widths[id] ?? '?')],
      pixels: [walk.heights[id] ?? 1, walk.widths[id] ?? 1],
      row: rows.get(id)!,
      column: columns.get(id),
      operations: own.map(({ op }) => operationWord(op)).join(', '),
      parameters: own.reduce((sum, each) => sum + cost.nodes[each.id]!.parameters, 0),
    };
  });
  const arrows = found.flatMap(({ id, sources }) =>
    sources.map(({ from, way }): Arrow => ({
      from: nameOf(from),
      to: nameOf(id),
      kind: kindOf(from, id, way, sources.length === 1),
      by: way
        .filter(({ op }) => isResampling(op))
        .map(({ op }) => operationWord(op))
        .join(', '),
    })),
  );
  return {
    model: graph.model,
    doc: graph.doc,
    at: size === undefined ? undefined : `${size[0]} x ${size[1]}`,
    rows: Math.max(...boxes.map(({ row }) => row)) + 1,
    boxes,
    arrows,
    parameters: cost.parameters,
  };

  function kindOf(from: NodeId, to: NodeId, way: readonly GraphNode[], isOnly: boolean): ArrowKind {
    const [source, target] = [kept.get(from)!, kept.get(to)!];
    if (source === 'judgement') return 'gate';
    if (isOutput(target)) return 'head';
    const [above, below] = [rows.get(from)!, rows.get(to)!];
    if (above > below) return 'up';
    if (above < below) return target === 'encoder' ? 'descent' : 'down';
    if (isOnly || target === 'encoder') return 'stage';
    return way.some(({ op }) => op.kind === 'multiply') ? 'gated' : 'skip';
  }
}

const isOutput = (kind: BoxKind): boolean =>
  kind === 'head' || kind === 'supervision' || kind === 'judgement';

/** The nodes that boxes stand for, with what they are. */
function keptNodes(
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
  const judges = judgements(graph);
  const taps = tapsOf(graph);
  const kept = new Map<NodeId, BoxKind>();
  for (const { id, name } of graph.nodes) {
    const output = outputs.get(id);
    if (id === input) kept.set(id, 'input');
    else if (output !== undefined) {
      const kind = judges.has(id) ? 'judgement' : main.has(output) ? 'head' : 'supervision';
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

/** What tensors are called where their last operations are called otherwise: taps that are levels, nodes of the decoder. */
function labelsOf(
  graph: Graph,
  { levels, lattice }: DrawnModel['unfolded'],
  kept: ReadonlyMap<NodeId, BoxKind>,
): ReadonlyMap<NodeId, string> {
  const decoder = nodesNamed(
    graph,
    lattice.map(({ name }) => name),
  );
  const inputs = new Set(graph.inputs.map(({ name }) => name));
  const names = levels.filter((name) => name !== undefined && !inputs.has(name));
  const taps = [...kept.keys()].filter((id) => isOfEncoder(graph.nodes[id]!));
  if (names.length !== taps.length) return decoder;
  return new Map([...decoder, ...taps.map((id, at) => [id, names[at]!] as const)]);
}

/** Outputs of one pixel: they judge the whole image. */
function judgements(graph: Graph): ReadonlySet<NodeId> {
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

interface Sources {
  /** The boxes that it is made of, each with the operations between, those of arrows among them. */
  readonly sources: readonly { readonly from: NodeId; readonly way: readonly GraphNode[] }[];
  /** All operations since those boxes, in order. */
  readonly own: readonly GraphNode[];
}

/** Operations from a box on, each with those that follow: ways of thousands share their ends. */
interface Way {
  readonly node: GraphNode;
  readonly rest: Way | undefined;
}

function nodesOf(way: Way | undefined): readonly GraphNode[] {
  const nodes: GraphNode[] = [];
  for (let at = way; at !== undefined; at = at.rest) nodes.push(at.node);
  return nodes;
}

function sourcesOf(graph: Graph, id: NodeId, kept: ReadonlyMap<NodeId, BoxKind>): Sources {
  const own = new Set<NodeId>();
  const ways = new Map<NodeId, Way | undefined>();
  const pending: { readonly at: NodeId; readonly way: Way | undefined }[] = [
    { at: id, way: undefined },
  ];
  // A list that grows while it is walked: breadth first.
  for (const { at, way } of pending) {
    if (at !== id && kept.has(at)) {
      if (!ways.has(at)) ways.set(at, way);
      continue;
    }
    if (own.has(at)) continue;
    own.add(at);
    const node = graph.nodes[at]!;
    for (const input of dataOf(node)) pending.push({ at: input, way: { node, rest: way } });
  }
  return {
    sources: [...ways].map(([from, way]) => ({ from, way: beforeMerge(nodesOf(way)) })),
    own: [...own].sort((a, b) => a - b).map((each) => graph.nodes[each]!),
  };
}

/** What flows into an operation: not the tensor that only tells which size to take. */
function dataOf({ op, inputs }: GraphNode): readonly NodeId[] {
  return followsSize(op) ? inputs.slice(0, 1) : inputs;
}

/** What a tensor passes before it is merged with others. */
function beforeMerge(way: readonly GraphNode[]): readonly GraphNode[] {
  const merge = way.findIndex(({ op }) => op.kind === 'concat');
  return merge === -1 ? way : way.slice(0, merge);
}

/** The row of each box: resolutions from the largest, rounding aside; a judgement stands where it is made. */
function rowsOf(
  sizes: DrawnModel['sizes'],
  kept: ReadonlyMap<NodeId, BoxKind>,
  found: readonly ({ readonly id: NodeId } & Sources)[],
): ReadonlyMap<NodeId, number> {
  const [legal] = sizes.height.residues;
  const scaleOf = (id: NodeId): number =>
    legal === undefined ? 1 : affineSize(sizes.height, legal, id).scale;
  const own = [...kept]
    .filter(([, kind]) => kind !== 'judgement')
    .map(([id]) => ({ id, level: Math.round(-2 * Math.log2(Math.max(scaleOf(id), 2 ** -12))) }));
  const levels = [...new Set(own.map(({ level }) => level))].sort((a, b) => a - b);
  const rows = new Map(own.map(({ id, level }) => [id, levels.indexOf(level)]));
  for (const { id, sources } of found) {
    const source = sources[0]?.from;
    // Outputs stand beside what they are made of, also where they are brought to full size;
    // one that judges the whole image stands below.
    if (isOutput(kept.get(id)!) && source !== undefined) {
      const body = sources.find(({ from }) => !isOutput(kept.get(from)!))?.from ?? source;
      const below = kept.get(id) === 'judgement' ? 1 : 0;
      rows.set(id, (rows.get(body) ?? 0) + below);
    }
  }
  return rows;
}

/**
 * Steps to the right along each row: 0 for the encoder, then one more than everything
 * of the same row or below that a node merges. Empty where two boxes of a row would
 * stand in one place: such a network is no lattice.
 */
function columnsOf(
  found: readonly ({ readonly id: NodeId } & Sources)[],
  kept: ReadonlyMap<NodeId, BoxKind>,
  rows: ReadonlyMap<NodeId, number>,
): ReadonlyMap<NodeId, number> {
  const columns = new Map<NodeId, number>();
  const taken = new Set<string>();
  for (const { id, sources } of found) {
    const kind = kept.get(id)!;
    if (isOutput(kind)) continue;
    const row = rows.get(id)!;
    const before = sources.filter(({ from }) => rows.get(from)! >= row);
    const isStart = kind === 'input' || (kind === 'encoder' && before.length === 0);
    const most = Math.max(-1, ...before.map(({ from }) => columns.get(from) ?? 0));
    // An image that no level is above stands before the first one.
    const column = kind === 'input' ? -1 : isStart ? 0 : most + 1;
    columns.set(id, column);
    const place = `${row} ${column}`;
    if (taken.has(place)) return new Map();
    taken.add(place);
  }
  return columns;
}

import { shapeTexts } from '../../ir/sizes/size-text.js';
import type { ModelDraft } from '../../compile.js';
import type { Section } from '../../parser/ast.js';
import type { Graph, GraphNode } from '../../ir/graph.js';
import { nameWithin } from '../../ir/lattice.js';
import { stagesOf } from '../../ir/reports/summary.js';
import { costOf, receptiveFields } from '../../ir/reports/cost.js';
import { walkSizes } from '../../ir/sizes/concrete.js';
import { exampleSize } from '../../ir/sizes/sizes.js';
import type { Pair } from '../../ir/operations/ops.js';

/** A size at which a network with contradicting sizes is walked: no level of a usual depth halves unevenly. */
const fallbackSize = 256;

/** What shapes are read from: a model with errors or without, or an encoder on trial. */
export type Shaped = Pick<ModelDraft, 'graph' | 'sizes'>;

/** What is known of the tensors of a model, with errors or without. */
export interface ModelShapes {
  readonly graph: Graph;
  /** The size that examples and costs are for. */
  readonly example: Pair;
  /** Of a node: `H / 2 x W / 2 x 64`; at the example size where no form covers all sizes; undefined after a contradiction. */
  sizeOf(node: GraphNode): string | undefined;
  /** At the example size: `128 x 128 x 64`. */
  exampleOf(node: GraphNode): string | undefined;
  /** The nodes of a tensor that the model names, the last one its value; empty for others. */
  nodesOf(name: string): readonly GraphNode[];
  /**
   * The nodes that each round of an encoder's line has made: in the graph a line is
   * `resnet/stem`, in a loop `resnet/block_2`, a tap `s4` or, where the model does not
   * pick it, `resnet/s4`. A tap that only passes a tensor on makes none.
   */
  roundsOf(encoder: Section, line: EncoderLine): readonly (readonly GraphNode[])[];
  /** Weights of some nodes. */
  parametersOf(nodes: readonly GraphNode[]): { readonly total: number; readonly trainable: number };
  receptiveFieldOf(node: GraphNode): Pair | undefined;
}

const known = new WeakMap<Shaped, ModelShapes>();

/** Undefined where there is no graph. */
export function shapesOf(draft: Shaped): ModelShapes | undefined {
  if (draft.graph === undefined) return undefined;
  const shapes = known.get(draft) ?? makeShapes(draft, draft.graph);
  known.set(draft, shapes);
  return shapes;
}

/** The node that a tap of an encoder on trial passes on, whoever made it. */
export function nodeOfTap({ outputs, nodes }: Graph, line: EncoderLine): GraphNode | undefined {
  const tap = line.isTap ? outputs.find(({ name }) => name === line.name) : undefined;
  return tap && nodes[tap.node];
}

/** A line of an encoder that makes a tensor. */
export interface EncoderLine {
  readonly name: string;
  readonly isTap: boolean;
  /** Whether it is numbered by rounds; undefined for whatever has the name. */
  readonly isInLoop?: boolean;
}

function makeShapes({ sizes }: Shaped, graph: Graph): ModelShapes {
  const sizeOn = (axis: 'height' | 'width'): number => {
    const fixed = graph.inputs[0]?.[axis];
    const proved = sizes && exampleSize(sizes[axis]);
    return proved ?? (typeof fixed === 'number' ? fixed : fallbackSize);
  };
  const example: Pair = [sizeOn('height'), sizeOn('width')];
  const walk = walkSizes(graph, ...example);
  const cost = costOf(graph, walk.heights, walk.widths);
  const stages = new Map(stagesOf(graph).map(({ name, nodes }) => [name, nodes]));
  let fields: readonly Pair[] | undefined;
  let rounds: ReadonlyMap<string, readonly PlacedStage[]> | undefined;
  const exampleOf = ({ id, channels }: GraphNode): string | undefined => {
    const [height, width] = [walk.heights[id], walk.widths[id]];
    return height === undefined || width === undefined
      ? undefined
      : `${height} x ${width} x ${channels}`;
  };
  return {
    graph,
    example,
    exampleOf,
    sizeOf: (node) =>
      sizes === undefined ? exampleOf(node) : shapeTexts(graph, sizes, node.id).join(' x '),
    nodesOf: (name) =>
      stages.get(name) ??
      graph.nodes.filter((node) => node.name === name || node.name.startsWith(`${name}/`)),
    roundsOf: (encoder, line) => {
      rounds ??= byLine([...stages.keys()]);
      // The encoder may have another name in the model, and several of them.
      const called = graph.encoders.filter(({ name }) => name === encoder.name?.text);
      const paths =
        called.length === 0 ? [encoder.name?.text ?? ''] : called.map((each) => each.called);
      const names = [
        ...paths.map((path) => `${path}/${line.name}`),
        line.name,
        ...paths.map((path) => nameWithin(path, line.name)),
      ];
      const found = names.flatMap((name) => rounds!.get(name) ?? []);
      return found
        .filter(({ stage }) => isRound(stage, encoder, paths, line))
        .sort((one, other) => one.at - other.at)
        .map(({ stage }) => stages.get(stage)!);
    },
    parametersOf: (nodes) => ({
      total: nodes.reduce((sum, { id }) => sum + cost.nodes[id]!.parameters, 0),
      trainable: nodes.reduce((sum, { id }) => sum + cost.nodes[id]!.trainable, 0),
    }),
    receptiveFieldOf: ({ id }) => (fields ??= receptiveFields(graph))[id],
  };
}

/** A stage, and its place in the list of all. */
interface PlacedStage {
  readonly stage: string;
  readonly at: number;
}

/** Stages by what their lines may be called: their own names, and these without the number of a round. */
function byLine(stages: readonly string[]): ReadonlyMap<string, readonly PlacedStage[]> {
  const found = new Map<string, PlacedStage[]>();
  for (const [at, stage] of stages.entries()) {
    for (const name of new Set([stage, withoutRound(stage)])) {
      const known = found.get(name);
      if (known === undefined) found.set(name, [{ stage, at }]);
      else known.push({ stage, at });
    }
  }
  return found;
}

const withoutRound = (name: string): string => name.replace(/_\d+$/, '');

function isRound(
  stage: string,
  { name }: Section,
  paths: readonly string[],
  line: EncoderLine,
): boolean {
  const prefixes = paths.flatMap((path) => [
    `${path}/`,
    ...(path === name?.text ? [] : [nameWithin(path, '')]),
  ]);
  const prefix = prefixes.find((each) => stage.startsWith(each));
  if (prefix === undefined && !line.isTap) return false;
  const own = stage.slice(prefix?.length ?? 0);
  if (own === line.name) return line.isInLoop !== true;
  return line.isInLoop !== false && withoutRound(own) === line.name;
}

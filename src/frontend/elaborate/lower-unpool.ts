import type { Span } from '../../diagnostics/source.js';
import type { GraphNode, NodeId } from '../../ir/graph.js';
import { operationWord } from '../../ir/operations/operation-word.js';
import { overlaps, type Op, type OpOf, type Pair } from '../../ir/operations/ops.js';
import { placeOf } from '../../ir/place.js';
import type { FlowContext } from './flow-context.js';

type MaxPool = GraphNode & { readonly op: OpOf<'max_pool'> };

/** An unpooling, and the tensor whose maxima say where values go. */
export interface LoweredUnpool {
  readonly op: Op;
  readonly pooled: NodeId;
}

/**
 * The unpooling that undoes the max_pool which a tensor stands for: the one that makes it, or
 * else the only one that reads it. Undefined where there is none, which is reported.
 *
 * @param named the tensor
 * @param at where it is named
 */
export function lowerUnpool(
  named: NodeId,
  at: Span,
  context: FlowContext,
): LoweredUnpool | undefined {
  const { nodes } = context.builder;
  const node = nodes[named]!;
  const readers = nodes.filter((each) => isMaxPool(each) && each.inputs[0] === named);
  const found = isMaxPool(node) ? [node] : readers.filter(isMaxPool).filter(isNew);
  const [pool] = found;
  // What a pool of another block reads is not seen from here.
  const isSeen = pool !== undefined && (pool.id !== named || pool.scope === context.scope);
  if (pool === undefined || found.length > 1 || !isSeen) {
    reportNoPool(node, found, at, context);
    return undefined;
  }
  const { size, stride, padding, rounding } = pool.op;
  if (overlaps(pool.op)) {
    const parameters = { pool: pool.name, size: pairText(size), stride: pairText(stride) };
    context.reporter.report('unpool-overlaps', parameters, {
      at,
      labels: [{ span: placeOf(context.builder, pool), text: 'the pool' }],
    });
    return undefined;
  }
  return { op: { kind: 'max_unpool', size, stride, padding, rounding }, pooled: pool.inputs[0]! };
}

const isMaxPool = (node: GraphNode): node is MaxPool => node.op.kind === 'max_pool';

/** Whether no pool before does the same. */
const isNew = (node: MaxPool, at: number, all: readonly MaxPool[]): boolean =>
  all.findIndex(({ op }) => JSON.stringify(op) === JSON.stringify(node.op)) === at;

const pairText = ([height, width]: Pair): string => `${height} x ${width}`;

function reportNoPool(
  node: GraphNode,
  found: readonly MaxPool[],
  at: Span,
  context: FlowContext,
): void {
  const [pool] = found;
  const what =
    pool === undefined
      ? `made by ${operationWord(node.op)}, which no max_pool reads`
      : found.length > 1
        ? `which several different ones read`
        : 'made by one inside of a block';
  const help =
    pool === undefined
      ? 'Name a tensor that a max_pool makes or reads: "p = e -> max_pool(2)" and then "max_unpool(p)".'
      : found.length > 1
        ? 'Name what one of them makes, on a line of its own: "p = e -> max_pool(2)".'
        : 'Name the tensor that the pool reads.';
  context.reporter.report(
    'no-max-pool',
    { name: node.name, found: what },
    {
      at,
      labels: found.map((each) => ({ span: placeOf(context.builder, each), text: 'a max_pool' })),
      help: [help],
    },
  );
}

import type { LoadableNetwork } from '../../ir/encoder-files.js';
import type { Graph, GraphNode, NodeId } from '../../ir/graph.js';
import type { OpKind } from '../../ir/operations/ops.js';
import { readsImage } from './adapt-input.js';
import { kerasConvention } from './conventions.js';
import { sortFound, targetsOf, type MatchedWeight, type Matching } from './matching.js';
import { sizeOf, type StoredTensor } from './tensor-file.js';

/** The classes of Keras' layers in snake case, as its automatic names have them. */
const layerClasses: Partial<Record<OpKind, string>> = {
  conv: 'conv2d',
  depthwise_conv: 'depthwise_conv2d',
  conv_transpose: 'conv2d_transpose',
  batch_norm: 'batch_normalization',
  layer_norm: 'layer_normalization',
  group_norm: 'group_normalization',
  prelu: 'p_re_lu',
};

/**
 * Finds weights by the order of layers that have no names of their own (`conv2d_17`) in a
 * file without a graph: layers of one class whose weights have the same shapes, in their
 * order, where there are as many of them and each operation comes after the one before.
 * Where two stand side by side, the file does not tell which is which. Undefined when no
 * weight is found.
 */
export function matchByOrder(
  network: LoadableNetwork,
  tensors: readonly StoredTensor[],
  encoderOnly: boolean,
): Matching | undefined {
  const { graph, encoderFiles } = network;
  const isNarrow = encoderOnly || encoderFiles !== undefined;
  const targets = targetsOf(network, isNarrow);
  const layers = layersIn(tensors);
  const nodes = groupBy([...new Set(targets.map(({ node }) => node))], (node) => {
    const specs = targets.filter((target) => target.node === node).map(({ spec }) => spec);
    const [key, wideKey] = [false, true].map((isWide) =>
      keyOf(layerClasses[node.op.kind] ?? '', specs, isWide),
    );
    const isAdapted = readsImage(graph, node) && !layers.some((layer) => layer.key === key);
    return isAdapted ? wideKey! : key!;
  });
  const found: MatchedWeight[] = [];
  const missing: Matching['missing'][number][] = [];
  const ambiguous: Matching['ambiguous'][number][] = [];
  for (const [key, group] of nodes) {
    const there = layers.filter((layer) => layer.key === key || layer.wideKey === key);
    const own = targets.filter(({ node }) => group.includes(node));
    if (there.length !== group.length) {
      const why = `the file has ${there.length} layers of that kind and shape, the network ${group.length}`;
      missing.push(...own.map((target) => ({ ...target, why })));
    } else if (!isChain(graph, group)) {
      const candidates = there.map(({ name }) => name);
      ambiguous.push(...own.map((target) => ({ ...target, candidates })));
    } else {
      for (const target of own) {
        const tensor = there[group.indexOf(target.node)]!.weights.get(target.spec.role)!;
        found.push({ ...target, tensor, convention: kerasConvention });
      }
    }
  }
  if (found.length + ambiguous.length === 0) return undefined;
  const words = 'the order of the layers of each kind';
  const sorted = sortFound(found, tensors);
  return { words, family: undefined, prefix: '', ...sorted, missing, ambiguous };
}

interface Layer {
  readonly name: string;
  readonly key: string;
  /** The same for a kernel of any number of channels. */
  readonly wideKey: string;
  readonly weights: ReadonlyMap<string, StoredTensor>;
}

/** The layers of a file that have no names of their own, in their order. */
function layersIn(tensors: readonly StoredTensor[]): readonly Layer[] {
  const placed = tensors.filter(({ place }) => place !== undefined);
  const layers = groupBy(placed, ({ place }) => `${place!.className}\n${place!.at}`);
  return [...layers.values()]
    .sort(([one], [other]) => one!.place!.at - other!.place!.at)
    .map((own) => {
      const { className, layer } = own[0]!.place!;
      const weights = new Map(own.map((tensor) => [tensor.place!.role, tensor]));
      const shapes = [...weights].map(([role, { shape }]) => ({ role, shape }));
      const [key, wideKey] = [false, true].map((isWide) => keyOf(className, shapes, isWide));
      return { name: layer, key: key!, wideKey: wideKey!, weights };
    });
}

/** Equal for layers that can be told apart by their order alone. */
function keyOf(
  className: string,
  weights: readonly { readonly role: string; readonly shape: readonly number[] }[],
  isWide: boolean,
): string {
  const reported = weights.map(({ role, shape }) => {
    if (role !== 'kernel') return `${role} ${sizeOf(shape)}`;
    return `${role} ${shape.map((length, axis) => (isWide && axis === 2 ? '?' : length)).join(' x ')}`;
  });
  return [className, ...reported.sort()].join('\n');
}

/** Whether each node comes after the one before: there is one order in which they can run. */
function isChain(graph: Graph, nodes: readonly GraphNode[]): boolean {
  return nodes.every((node, at) => at === 0 || isBehind(graph, node, nodes[at - 1]!.id));
}

function isBehind(graph: Graph, node: GraphNode, before: NodeId): boolean {
  const seen = new Set<NodeId>();
  const open = [...node.inputs];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === before) return true;
    if (id < before || seen.has(id)) continue;
    seen.add(id);
    open.push(...graph.nodes[id]!.inputs);
  }
  return false;
}

function groupBy<T>(
  items: readonly T[],
  keyOf: (item: T) => string,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

import type { Graph, GraphNode } from '../../ir/graph.js';
import type { OpKind } from '../../ir/ops.js';
import { weightsOf } from '../../ir/weights.js';

/** One way to call the operations of a network: in files of one library, or as the network itself does. */
export interface NameFamily {
  /** In words, for messages: `torchvision's names`. */
  readonly words: string;
  /** Whether files with these names hold whole networks; others hold encoders. */
  readonly coversAll: boolean;
  /** What an operation is called; undefined where the family has no name for it. */
  nameOf(node: GraphNode): string | undefined;
}

/**
 * The families by which a file for this network may be read: the network's own
 * names, those that its encoder declares, and Keras' numbers of layers.
 */
export function familiesOf(graph: Graph): readonly NameFamily[] {
  const declared = new Set(
    graph.nodes.flatMap(({ ofEncoder }) => Object.keys(ofEncoder?.storedNames ?? {})),
  );
  return [
    { words: "the network's own names", coversAll: true, nameOf: ({ name }) => name },
    ...[...declared].map((family): NameFamily => ({
      words: `${family}'s names`,
      coversAll: false,
      nameOf: ({ ofEncoder }) => ofEncoder?.storedNames[family],
    })),
    numberedLayers(graph),
  ];
}

/** The classes of Keras' layers in snake case, as files of Keras 3 number them. */
const classNames: Partial<Record<OpKind, string>> = {
  conv: 'conv2d',
  depthwise_conv: 'depthwise_conv2d',
  conv_transpose: 'conv2d_transpose',
  batch_norm: 'batch_normalization',
  layer_norm: 'layer_normalization',
  group_norm: 'group_normalization',
  prelu: 'p_re_lu',
};

/**
 * Files of Keras 3 that tell no names of layers number the layers of each class
 * in the order of the model: the encoder's operations are counted in theirs.
 */
function numberedLayers(graph: Graph): NameFamily {
  const counts = new Map<string, number>();
  const names = new Map<number, string>();
  for (const node of graph.nodes) {
    const kind = classNames[node.op.kind];
    if (kind === undefined || node.ofEncoder === undefined) continue;
    if (weightsOf(graph, node).length === 0) continue;
    const count = counts.get(kind) ?? 0;
    counts.set(kind, count + 1);
    names.set(node.id, count === 0 ? kind : `${kind}_${count}`);
  }
  return {
    words: 'the order of the layers of each kind',
    coversAll: false,
    nameOf: ({ id }) => names.get(id),
  };
}

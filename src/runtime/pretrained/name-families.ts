import type { LoadableNetwork } from '../../ir/encoder-files.js';
import type { GraphNode } from '../../ir/graph.js';

/** One way to call the operations of a network: in files of one library, or as the network itself does. */
export interface NameFamily {
  /** In words, for messages: `torchvision's names`. */
  readonly words: string;
  /** The word behind `names`; undefined for the network's own. */
  readonly word: string | undefined;
  /** Whether files with these names hold whole networks; others hold encoders. */
  readonly coversAll: boolean;
  /** What an operation is called; undefined where the family has no name for it. */
  nameOf(node: GraphNode): string | undefined;
}

/**
 * The families by which a file for this network may be read: the network's own
 * names, and those that its encoder declares.
 */
export function familiesOf({ graph, encoderFiles }: LoadableNetwork): readonly NameFamily[] {
  const declared = new Set(
    graph.nodes.flatMap(({ name }) => Object.keys(encoderFiles?.names.get(name) ?? {})),
  );
  return [
    {
      words: "the network's own names",
      word: undefined,
      coversAll: true,
      nameOf: ({ name }) => name,
    },
    ...[...declared].map((family): NameFamily => ({
      words: `${family}'s names`,
      word: family,
      coversAll: false,
      nameOf: ({ name }) => encoderFiles?.names.get(name)?.[family],
    })),
  ];
}

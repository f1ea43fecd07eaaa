import type { LoadableNetwork, ModelNames } from '../../ir/encoder-files.js';
import type { GraphNode } from '../../ir/graph.js';
import { encoderOf } from '../../ir/provenance.js';
import { weightsName } from '../../ir/operations/weights.js';

/** One way to call the operations of a network: in files of one library, or as the network itself does. */
export interface NameFamily {
  /** In words, for messages: `torchvision's names`. */
  readonly words: string;
  /** The word behind the encoder's `names`; undefined for the network's own, and where a model alone has names. */
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
export function familiesOf(network: LoadableNetwork): readonly NameFamily[] {
  const { graph, encoderFiles } = network;
  const declared = new Set(
    graph.nodes.flatMap((node) => Object.keys(encoderFiles?.names.get(weightsName(node)) ?? {})),
  );
  return [
    {
      words: "the network's own names",
      word: undefined,
      coversAll: true,
      nameOf: weightsName,
    },
    ...[...declared].map((family): NameFamily => ({
      words: `${family}'s names`,
      word: family,
      coversAll: false,
      nameOf: (node) => encoderFiles?.names.get(weightsName(node))?.[family],
    })),
    ...(network.modelNames ?? []).flatMap((names) => wholeFamilies(names, [...declared], network)),
  ];
}

/**
 * A family of names for a whole model. An encoder's operations are called as in one of its own
 * families, that of the same word if there is one, behind what the model puts before them.
 */
function wholeFamilies(
  { family, names, encoders }: ModelNames,
  declared: readonly string[],
  { encoderFiles }: LoadableNetwork,
): readonly NameFamily[] {
  const own = { words: `${family}'s names`, word: undefined, coversAll: true };
  if (encoders.size === 0 || declared.length === 0) {
    return [{ ...own, nameOf: (node) => names.get(weightsName(node)) }];
  }
  const fitting = declared.includes(family) ? [family] : declared;
  return fitting.map((word) => ({
    ...own,
    words: word === family ? own.words : `${own.words}, its encoder by ${word}'s`,
    word,
    nameOf: (node) => {
      const name = weightsName(node);
      const inner = encoderFiles?.names.get(name)?.[word];
      const before = encoders.get(encoderOf(node) ?? '');
      const stored = inner === undefined || before === undefined ? undefined : before + inner;
      return names.get(name) ?? stored;
    },
  }));
}

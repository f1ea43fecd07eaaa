/**
 * Skip topologies as rules over one lattice. Its nodes stand at a level (1 is
 * full size) and in a column; a rule says for every node which tensors it merges.
 * The wires, the table of `unetc topology` and the picture all follow from it.
 */

/** How a merged tensor comes to the size of the node: as it is, from below, or from above. */
export type LatticeRole = 'skip' | 'up' | 'down';

export interface LatticeSource {
  readonly tensor: string;
  /** The level the tensor stands at. */
  readonly level: number;
  readonly role: LatticeRole;
}

export interface LatticeNode {
  readonly name: string;
  readonly level: number;
  /** Steps to the right of the encoder, from 1. */
  readonly column: number;
  /** What its helpers are called by: `4` in `u4` and `m4`. */
  readonly suffix: string;
  /** The name of its decoder, which stands before the names of its tensors, as in `masks_d4`. */
  readonly decoder?: string;
  /** In the order in which they are merged when the spec does not say. */
  readonly sources: readonly LatticeSource[];
}

/** Which earlier nodes of its level a node of a nested lattice merges. */
export type Earlier = 'all' | 'first' | 'last';

export const earlierNodes: readonly Earlier[] = ['all', 'first', 'last'];

export interface LatticeOptions {
  /** Only nested lattices have nodes with several earlier ones. */
  earlier(level: number, column: number): Earlier;
}

/** The tensors of an encoder, top level first; a level without one has no skip. The bottom has one. */
export type EncoderTensors = readonly (string | undefined)[];

/** The nodes of a decoder in the order they are computed. */
export type LatticeRule = (
  encoder: EncoderTensors,
  options: LatticeOptions,
) => readonly LatticeNode[];

export type Topology = 'plain' | 'nested' | 'full_scale';

/** The 2015 U-Net: the encoder's tensor of the level, and the node below. */
const plain: LatticeRule = (encoder) =>
  upwards(encoder.length).map((level) => ({
    name: `d${level}`,
    level,
    column: encoder.length - level,
    suffix: String(level),
    sources: present([
      { tensor: encoder[level - 1], level, role: 'skip' },
      { tensor: nodeBelow(encoder, level), level: level + 1, role: 'up' },
    ]),
  }));

/**
 * U-Net++ (Zhou et al. 2018): node (level, column) merges every earlier node of
 * its level and the node of the column before, one level below. A level may merge
 * only the first, which is the encoder's, or the last before it, as in UNet+.
 */
const nested: LatticeRule = (encoder, { earlier }) => {
  const nodes: LatticeNode[] = [];
  const nameOf = (level: number, column: number): string | undefined => {
    if (column === 0) return encoder[level - 1];
    return nodes.find((node) => node.level === level && node.column === column)?.name;
  };
  for (let column = 1; column < encoder.length; column++) {
    for (let level = 1; level <= encoder.length - column; level++) {
      const below = nameOf(level + 1, column - 1);
      // From a level without a tensor nothing can come up yet.
      if (below === undefined) continue;
      nodes.push({
        name: `x${level}_${column}`,
        level,
        column,
        suffix: `${level}_${column}`,
        sources: present([
          ...columnsBefore(column, earlier(level, column)).map((before) => ({
            tensor: nameOf(level, before),
            level,
            role: 'skip' as const,
          })),
          { tensor: below, level: level + 1, role: 'up' },
        ]),
      });
    }
  }
  return nodes;
};

/**
 * UNet 3+ (Huang et al. 2020): every node merges the encoder at its level and
 * above, brought down, and the decoder below it and the bottom, brought up.
 */
const fullScale: LatticeRule = (encoder) =>
  upwards(encoder.length).map((level) => ({
    name: `d${level}`,
    level,
    column: encoder.length - level,
    suffix: String(level),
    sources: present(
      encoder.map((tensor, index): MaybeSource => {
        const other = index + 1;
        if (other === level) return { tensor, level, role: 'skip' };
        if (other < level) return { tensor, level: other, role: 'down' };
        const isBottom = other === encoder.length;
        return { tensor: isBottom ? tensor : `d${other}`, level: other, role: 'up' };
      }),
    ),
  }));

/** A source at a level that may have no tensor. */
type MaybeSource = Omit<LatticeSource, 'tensor'> & { readonly tensor: string | undefined };

const present = (sources: readonly MaybeSource[]): readonly LatticeSource[] =>
  sources.flatMap(({ tensor, level, role }) =>
    tensor === undefined ? [] : [{ tensor, level, role }],
  );

function columnsBefore(column: number, earlier: Earlier): readonly number[] {
  switch (earlier) {
    case 'all':
      return Array.from({ length: column }, (_, before) => before);
    case 'first':
      return [0];
    case 'last':
      return [column - 1];
  }
}

/** The levels of a decoder from below to the top. */
const upwards = (depth: number): readonly number[] =>
  Array.from({ length: depth - 1 }, (_, index) => depth - 1 - index);

const nodeBelow = (encoder: EncoderTensors, level: number): string | undefined =>
  level + 1 === encoder.length ? encoder[level] : `d${level + 1}`;

/** What a tensor of a decoder or an encoder is called in the model: a part that has a name puts it before. */
export const nameWithin = (part: string | undefined, tensor: string): string =>
  part === undefined ? tensor : `${part}_${tensor}`;

/** What a tensor on the way to a node is called: `u` for what comes up to it, `m` for its merge. */
export const helperName = ({ decoder, suffix }: LatticeNode, kind: string): string =>
  nameWithin(decoder, `${kind}${suffix}`);

/** The nodes of a decoder that has a name, under the names that they have in the model. */
export function withinDecoder(
  decoder: string | undefined,
  nodes: readonly LatticeNode[],
): readonly LatticeNode[] {
  if (decoder === undefined) return nodes;
  const own = new Set(nodes.map(({ name }) => name));
  return nodes.map((node) => ({
    ...node,
    decoder,
    name: nameWithin(decoder, node.name),
    sources: node.sources.map((source) =>
      own.has(source.tensor) ? { ...source, tensor: nameWithin(decoder, source.tensor) } : source,
    ),
  }));
}

/** The rule of each topology: all that makes them differ. */
export const lattices: Readonly<Record<Topology, LatticeRule>> = {
  plain,
  nested,
  full_scale: fullScale,
};

/** The tensors that `supervise: all` stands for, in the order of the outputs. */
export type SupervisionRule = (
  encoder: EncoderTensors,
  nodes: readonly LatticeNode[],
) => readonly string[];

/** Every node of the decoder, the top first. */
const everyNode: SupervisionRule = (_encoder, nodes) => nodes.map(({ name }) => name).reverse();

/**
 * What each topology supervises: U-Net++ the full-size nodes of all columns, the
 * shallowest first; UNet 3+ the decoder from the top, and the bottom.
 */
export const supervised: Readonly<Record<Topology, SupervisionRule>> = {
  plain: everyNode,
  nested: (_encoder, nodes) => nodes.filter(({ level }) => level === 1).map(({ name }) => name),
  full_scale: (encoder, nodes) => [
    ...everyNode(encoder, nodes),
    ...encoder.slice(-1).filter((tensor) => tensor !== undefined),
  ],
};

/** The nodes that some of the tensors asked for are made of. */
export function withoutUnread(
  nodes: readonly LatticeNode[],
  requested: readonly string[],
): readonly LatticeNode[] {
  const read = new Set(requested);
  for (const node of [...nodes].reverse()) {
    if (read.has(node.name)) for (const { tensor } of node.sources) read.add(tensor);
  }
  return nodes.filter(({ name }) => read.has(name));
}

import type { LatticeNode, LatticeRole } from './lattice.js';

/** What a tensor of a decoder's node is: the node itself, or what leads to it. */
export type DecoderPart =
  | { readonly part: 'node' }
  /** What the node's stage reads, where that needs a name. */
  | { readonly part: 'merge' }
  /** What is merged, brought to the node's size or run through its branch. */
  | { readonly part: 'branch'; readonly role: LatticeRole }
  /** A tensor cut, padded or resized so that it can be merged. */
  | { readonly part: 'aligned'; readonly role: LatticeRole };

/** Which part of a spec makes a tensor that has a name. */
export type Provenance =
  | { readonly kind: 'input' }
  /** A line of `wires`. */
  | { readonly kind: 'wire' }
  /** A level of `encoder plain`, or what flows into its stage. */
  | {
      readonly kind: 'encoder';
      readonly level: number;
      readonly part: 'level' | 'input';
      /** The name of the encoder, where it has one. */
      readonly encoder?: string;
    }
  | ({
      readonly kind: 'decoder';
      readonly level: number;
      /** Steps to the right of the encoder, from 1. */
      readonly column: number;
      /** The name of the decoder, where it has one. */
      readonly decoder?: string;
    } & DecoderPart)
  /** A line of a declared encoder, what that is called in the model; taps are tensors of the model. */
  | { readonly kind: 'line'; readonly isTap: boolean; readonly encoder: string }
  /** An output of a head; the main one has no `at`, the others name the tensor they start from. */
  | { readonly kind: 'head'; readonly at?: string };

/** Where a decoder's node stands, as its tensors say it. */
export const inDecoder = ({
  level,
  column,
  decoder,
}: Pick<LatticeNode, 'level' | 'column' | 'decoder'>) =>
  ({ kind: 'decoder', level, column, ...(decoder === undefined ? {} : { decoder }) }) as const;

/** A tensor that the spec names, or a scheme in its place. */
export interface NamedTensor {
  readonly name: string;
  readonly madeBy: Provenance;
}

/** What a tensor is, in words that follow "the": `encoder level 2`. */
export function describeProvenance(of: Provenance): string {
  switch (of.kind) {
    case 'input':
    case 'wire':
      return of.kind;
    case 'line':
      return of.isTap ? 'tap' : 'line of the encoder';
    case 'encoder':
      return `${of.part === 'level' ? '' : 'input of '}encoder ${placeText(of.level, of.encoder)}`;
    case 'head':
      return of.at === undefined ? 'head' : `head at ${of.at}`;
    case 'decoder':
      return describePart(of, of.level, of.decoder);
  }
}

const placeText = (level: number, part: string | undefined): string =>
  part === undefined ? `level ${level}` : `level ${level} of "${part}"`;

function describePart(of: DecoderPart, level: number, decoder: string | undefined): string {
  const place = placeText(level, decoder);
  switch (of.part) {
    case 'node':
      return `decoder ${place}`;
    case 'merge':
      return `merge of ${place}`;
    case 'branch':
      return of.role === 'up' ? `up-sampling to ${place}` : `branch of ${place}`;
    case 'aligned':
      return `aligned ${of.role} of ${place}`;
  }
}

/** What the declared encoder that a node is part of is called in the model; undefined for all others. */
export const encoderOf = ({ tensor }: { readonly tensor: NamedTensor }): string | undefined =>
  tensor.madeBy.kind === 'line' ? tensor.madeBy.encoder : undefined;

/** Whether a node is part of a declared encoder. */
export const isOfEncoder = (node: { readonly tensor: NamedTensor }): boolean =>
  encoderOf(node) !== undefined;

/**
 * Whether a node is a tensor that a line of the model, a scheme in its place or a tap
 * names, and not a step on the way to one.
 */
export const isNamed = ({
  name,
  tensor,
}: {
  readonly name: string;
  readonly tensor: NamedTensor;
}): boolean => name === tensor.name && (tensor.madeBy.kind !== 'line' || tensor.madeBy.isTap);

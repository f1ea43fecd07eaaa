import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { EncoderTensors, LatticeNode } from '../../ir/lattice.js';
import type { SharedLine } from '../declarations/lines.js';
import { isSound } from '../values/evaluation-context.js';
import type { ModelSections } from './model-sections.js';
import { checkIsNoDecoder, endsOf, withEnds } from './decoder-ends.js';
import { unfoldPlain } from './encoder.js';
import { namesIn } from './names-in.js';
import { readWires } from './read-wires.js';
import type { Peer, SchemeContext, UnfoldedEncoder } from './scheme.js';
import { decoderTitle, type DecoderSections } from './read-decoders.js';
import type { EncoderSection } from './read-encoders.js';
import { unfoldDecoderOf, type UnfoldedDecoder } from './unfold-decoder.js';
import { unfoldHeads, type UnfoldedHead } from './unfold-heads.js';
import type { Wire } from './wire.js';

/** A model whose schemes are written out: what `unetc expand` prints and what becomes the graph. */
export interface UnfoldedModel {
  readonly wires: readonly Wire[];
  /** Instances that wires, slots and heads call. */
  readonly shared: readonly SharedLine[];
  readonly heads: readonly UnfoldedHead[];
  /** The tensors of the encoder's levels, the top first, undefined for one without a skip; empty without an encoder. */
  readonly levels: EncoderTensors;
  /** The nodes of all decoders with what each merges; empty where no scheme makes them. */
  readonly lattice: readonly LatticeNode[];
  /** Whether tensors are missing for reasons that were reported: names of such are no mistake. */
  readonly isIncomplete: boolean;
}

/** An encoder with the tensor that it runs on. */
export interface PlacedEncoder extends EncoderSection {
  readonly input: string;
  /** The levels of a declared encoder, which has run; undefined where it could not. */
  readonly ran: UnfoldedEncoder | undefined;
}

/**
 * Writes the schemes of a model out as wires, in the order in which tensors flow.
 * Declared encoders have run before, and stay in the spec as they are.
 *
 * @param inputs the names of the model's inputs.
 * @param placed its encoders, but for those of whose input nothing is known.
 */
export function unfoldModel(
  sections: ModelSections,
  inputs: readonly string[],
  placed: readonly PlacedEncoder[],
  outer: SchemeContext,
): Result<UnfoldedModel> {
  const reporter = new Reporter();
  const context: SchemeContext = { ...outer, reporter };
  const encoders = unfoldEncoders(placed, context);
  const decoders = unfoldDecoders(sections, encoders, context);
  const isLost =
    placed.length < sections.encoders.length ||
    placed.some(({ how, ran }) => how.kind !== 'plain' && ran === undefined);
  const isIncomplete = isLost || !isSound(context);
  const ends = endsOf(decoders);
  const { wires: lines, shared } = readWires(sections.wires, context);
  const written = lines.map((wire) => ({ ...wire, expression: withEnds(wire.expression, ends) }));
  for (const { name, nameSpan } of written) {
    checkIsNoDecoder({ text: name, span: nameSpan }, ends, reporter);
  }
  const wires = [
    ...encoders.flatMap((encoder) => encoder.wires),
    ...decoders.flatMap((decoder) => decoder.wires),
    ...written,
  ];
  const levels = encoders.flatMap((encoder) => encoder.levels.map(({ tensor }) => tensor));
  // Of several decoders none is the last by itself.
  const isOpen = decoders.length > 1 && written.length === 0;
  const made = wires.at(-1)?.name ?? levels.at(-1);
  const last = isOpen ? undefined : (made ?? (isIncomplete ? undefined : inputs[0]));
  const taps = levels.filter((tensor) => tensor !== undefined);
  const tensors = [...inputs, ...taps, ...wires.map((wire) => wire.name)];
  const sources = { last, tensors, decoders, ends, isIncomplete };
  const heads = unfoldHeads(sections.heads, sources, context);
  const lattice = decoders.flatMap(({ nodes }) => nodes);
  return reporter.result({ wires, shared, heads, levels, lattice, isIncomplete });
}

/** The encoders from top to bottom; each that is written in the model knows those above it. */
function unfoldEncoders(
  placed: readonly PlacedEncoder[],
  context: SchemeContext,
): readonly UnfoldedEncoder[] {
  const made: UnfoldedEncoder[] = [];
  for (const { name, input, how, ran } of placed) {
    const encoder =
      how.kind === 'plain'
        ? unfoldPlain(how.slots, name, input, made.flatMap(asPeer), context)
        : ran;
    if (encoder !== undefined) made.push(encoder);
  }
  return made;
}

/** The decoders from top to bottom; each knows the encoders and those above it. */
function unfoldDecoders(
  sections: ModelSections,
  encoders: readonly UnfoldedEncoder[],
  context: SchemeContext,
): readonly UnfoldedDecoder[] {
  const made: UnfoldedDecoder[] = [];
  const isWhole = encoders.length === sections.encoders.length;
  for (const decoder of sections.decoders) {
    const others = sections.decoders.flatMap(({ slots }) =>
      slots === decoder.slots ? [] : slots.section,
    );
    const requested = [...sections.wires, ...sections.heads, ...others].flatMap(namesIn);
    const encoder = encoderOfDecoder(decoder, encoders, isWhole, context);
    if (encoder === undefined) continue;
    const beside = [...encoders, ...made].flatMap(asPeer);
    made.push(unfoldDecoderOf(decoder, encoder.levels, requested, beside, context));
  }
  return made;
}

/** The encoder that a decoder names, else the only one. */
function encoderOfDecoder(
  { name, slots }: DecoderSections,
  encoders: readonly UnfoldedEncoder[],
  isWhole: boolean,
  { reporter }: SchemeContext,
): UnfoldedEncoder | undefined {
  const written = slots.field('encoder');
  const [only, ...others] = encoders;
  if (written === undefined && others.length === 0) return isWhole ? only : undefined;
  const word = written?.value.kind === 'name' ? written.value.name : undefined;
  const found = encoders.find((encoder) => encoder.name !== undefined && encoder.name === word);
  if (found !== undefined || !isWhole) return found;
  reporter.report(
    'decoder-without-encoder',
    {
      decoder: decoderTitle(name),
      encoders: encoders
        .flatMap((encoder) => encoder.name ?? [])
        .map((each) => `"${each}"`)
        .join(', '),
    },
    { at: written?.value.span ?? slots.section.name?.span ?? slots.section.keyword.span },
  );
  return undefined;
}

/** In slots the name of a decoder is its last tensor on their level, that of an encoder its tensor there. */
function asPeer(part: UnfoldedEncoder | UnfoldedDecoder): readonly Peer[] {
  const { name } = part;
  if (name === undefined) return [];
  const at = (level: number): string | undefined =>
    'levels' in part
      ? part.levels[level - 1]?.tensor
      : part.nodes.findLast((node) => node.level === level)?.name;
  return [{ name, at }];
}

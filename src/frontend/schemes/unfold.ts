import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { EncoderTensors, LatticeNode } from '../../ir/lattice.js';
import { isSound } from '../values/evaluation-context.js';
import type { ModelSections } from './model-sections.js';
import { checkIsNoDecoder, endsOf, withEnds } from './decoder-ends.js';
import { unfoldPlain } from './encoder.js';
import { namesIn } from './names-in.js';
import { readWires } from './read-wires.js';
import type { Peer, SchemeContext, UnfoldedEncoder } from './scheme.js';
import { unfoldDecoderOf, type UnfoldedDecoder } from './unfold-decoder.js';
import { unfoldHeads, type UnfoldedHead } from './unfold-heads.js';
import type { Wire } from './wire.js';

/** A model whose schemes are written out: what `unetc expand` prints and what becomes the graph. */
export interface UnfoldedModel {
  readonly wires: readonly Wire[];
  readonly heads: readonly UnfoldedHead[];
  /** The tensors of the encoder's levels, the top first, undefined for one without a skip; empty without an encoder. */
  readonly levels: EncoderTensors;
  /** The nodes of all decoders with what each merges; empty where no scheme makes them. */
  readonly lattice: readonly LatticeNode[];
  /** Whether tensors are missing for reasons that were reported: names of such are no mistake. */
  readonly isIncomplete: boolean;
}

/**
 * Writes the schemes of a model out as wires, in the order in which tensors flow.
 * A declared encoder has run before: `declared` holds its levels, undefined where it has
 * none or could not run, and it stays in the spec as it is.
 */
export function unfoldModel(
  sections: ModelSections,
  input: string,
  declared: UnfoldedEncoder | undefined,
  outer: SchemeContext,
): Result<UnfoldedModel> {
  const reporter = new Reporter();
  const context: SchemeContext = { ...outer, reporter };
  const encoder = declared ?? unfoldPlain(sections.encoder, input, context);
  const decoders = encoder === undefined ? [] : unfoldDecoders(sections, encoder, context);
  const isLost = sections.declaredEncoder !== undefined && declared === undefined;
  const isIncomplete = sections.isEncoderBroken || isLost || !isSound(context);
  const ends = endsOf(decoders);
  const written = sections.wires
    .flatMap((section) => readWires(section, context))
    .map((wire) => ({ ...wire, expression: withEnds(wire.expression, ends) }));
  for (const { name, nameSpan } of written) {
    checkIsNoDecoder({ text: name, span: nameSpan }, ends, reporter);
  }
  const wires = [
    ...(encoder?.wires ?? []),
    ...decoders.flatMap((decoder) => decoder.wires),
    ...written,
  ];
  const levels = encoder?.levels.map(({ tensor }) => tensor) ?? [];
  // Of several decoders none is the last by itself.
  const isOpen = decoders.length > 1 && written.length === 0;
  const made = wires.at(-1)?.name ?? levels.at(-1);
  const last = isOpen ? undefined : (made ?? (isIncomplete ? undefined : input));
  const taps = levels.filter((tensor) => tensor !== undefined);
  const tensors = [input, ...taps, ...wires.map((wire) => wire.name)];
  const sources = { last, tensors, decoders, ends, isIncomplete };
  const heads = unfoldHeads(sections.heads, sources, context);
  const lattice = decoders.flatMap(({ nodes }) => nodes);
  return reporter.result({ wires, heads, levels, lattice, isIncomplete });
}

/** The decoders from top to bottom; each knows those above it. */
function unfoldDecoders(
  sections: ModelSections,
  { levels }: UnfoldedEncoder,
  context: SchemeContext,
): readonly UnfoldedDecoder[] {
  const made: UnfoldedDecoder[] = [];
  for (const decoder of sections.decoders) {
    const others = sections.decoders.flatMap(({ slots }) =>
      slots === decoder.slots ? [] : slots.section,
    );
    const requested = [...sections.wires, ...sections.heads, ...others].flatMap(namesIn);
    made.push(unfoldDecoderOf(decoder, levels, requested, made.flatMap(asPeer), context));
  }
  return made;
}

/** In slots the name of a decoder is its last tensor on their level. */
function asPeer({ name, nodes }: UnfoldedDecoder): readonly Peer[] {
  if (name === undefined) return [];
  return [{ name, at: (level) => nodes.findLast((node) => node.level === level)?.name }];
}

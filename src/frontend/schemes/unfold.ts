import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { supervised, type EncoderTensors, type LatticeNode } from '../../ir/lattice.js';
import { isSound } from '../values/evaluation-context.js';
import type { ModelSections } from './model-sections.js';
import { readWires } from './read-wires.js';
import type { SchemeContext, UnfoldedEncoder } from './scheme.js';
import { unfoldHeads, type UnfoldedHead } from './unfold-heads.js';
import { noSchemes, unfoldPlain, unfoldSchemes } from './unfold-schemes.js';
import type { Wire } from './wire.js';

/** A model whose schemes are written out: what `unetc expand` prints and what becomes the graph. */
export interface UnfoldedModel {
  readonly wires: readonly Wire[];
  readonly heads: readonly UnfoldedHead[];
  /** The tensors of the encoder's levels, the top first, undefined for one without a skip; empty without an encoder. */
  readonly levels: EncoderTensors;
  /** The nodes of the decoder with what each merges; empty where no scheme makes them. */
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
  const schemes = encoder === undefined ? noSchemes : unfoldSchemes(sections, encoder, context);
  const isLost = sections.declaredEncoder !== undefined && declared === undefined;
  const isIncomplete = sections.isEncoderBroken || isLost || !isSound(context);
  const written = sections.wires.flatMap((section) => readWires(section, context));
  const wires = [...schemes.wires, ...written];
  const { levels, lattice } = schemes;
  const made = wires.at(-1)?.name ?? levels.at(-1);
  const last = made ?? (isIncomplete ? undefined : input);
  const supervisable = lattice.length === 0 ? [] : supervised[sections.topology](levels, lattice);
  const taps = levels.filter((tensor) => tensor !== undefined);
  const tensors = [input, ...taps, ...wires.map((wire) => wire.name)];
  const sources = { last, tensors, supervisable, isIncomplete };
  const heads = unfoldHeads(sections.heads, sources, context);
  return reporter.result({ wires, heads, levels, lattice, isIncomplete });
}

import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Topology } from '../../ir/lattice.js';
import type { Section } from '../../parser/ast.js';
import { moveUp } from './move-up.js';
import { readScheme } from './read-scheme.js';
import { skipsIn } from './skips-in.js';
import { readFields, readSlots, type Slots } from './slots.js';

/** A decoder with the skips that join it to its encoder. */
export interface DecoderSections {
  /** What its tensors are called by; undefined for a decoder without a name. */
  readonly name: string | undefined;
  readonly slots: Slots;
  /** Undefined for `skip none`. */
  readonly skip: Slots | undefined;
  /** Which tensors its nodes merge. */
  readonly topology: Topology;
}

/** What each topology asks for. */
const skipFields: Readonly<Record<Topology, readonly string[]>> = {
  plain: ['merge', 'align'],
  nested: ['earlier', 'merge', 'align'],
  full_scale: ['branch', 'down', 'merge', 'align'],
};

const topologyOf = (name: string | undefined): Topology =>
  name === 'nested' || name === 'full_scale' ? name : 'plain';

/**
 * Reads the decoders of a model. A `skip` inside a decoder is its own; the one beside them is
 * for all that have none.
 */
export function readDecoders(
  sections: readonly Section[],
  shared: Section | undefined,
): Result<readonly DecoderSections[]> {
  const reporter = new Reporter();
  const owns = sections.map((section) => ownSkip(section, reporter));
  const sharing = sections.filter((_, index) => owns[index] === undefined);
  if (shared !== undefined && sections.length > 0 && sharing.length === 0) {
    reporter.report(
      'unused-field',
      { name: 'skip', where: 'the model' },
      {
        at: shared.keyword.span,
        help: ['Every decoder has skips of its own: take it out.'],
      },
    );
  }
  // The steps up of a skip that several decoders share belong to none of them alone.
  const moved =
    shared !== undefined && sharing.length === 1
      ? joined(shared, sharing[0]!, reporter)
      : { skip: shared, decoder: sharing[0] };
  const common = moved.skip && readSkip(moved.skip, reporter);
  if (sections.length === 0) return reporter.result([]);
  return reporter.result(
    sections.map((section, index): DecoderSections => {
      const own = owns[index];
      const of =
        own === undefined
          ? { skip: undefined, decoder: sharing.length === 1 ? moved.decoder! : section }
          : joined(own, section, reporter);
      const skip = of.skip === undefined ? common : readSkip(of.skip, reporter);
      return {
        name: section.name?.text,
        slots: readDecoder(of.decoder, reporter),
        ...(skip ?? { skip: undefined, topology: 'plain' }),
      };
    }),
  );
}

/** What a decoder is called in messages. */
export const decoderTitle = (name: string | undefined): string =>
  name === undefined ? 'decoder' : `decoder ${name}`;

const readDecoder = (section: Section, reporter: Reporter): Slots =>
  readSlots(
    section,
    decoderTitle(section.name?.text),
    ['encoder', 'widths', 'bottom', 'up', 'stage'],
    ['up', 'stage'],
    reporter,
    ['skip'],
  );

/** The skip inside a decoder; a second one is reported. */
function ownSkip(decoder: Section, reporter: Reporter): Section | undefined {
  const [first, second] = skipsIn(decoder);
  if (first !== undefined && second !== undefined) {
    reportDuplicate(reporter, {
      ...{ name: 'skip', what: 'section', at: second.keyword.span },
      first: { span: first.keyword.span, text: 'first given here' },
      help: 'A decoder has one topology of skips: keep one of them.',
    });
  }
  return first;
}

function readSkip(
  section: Section,
  reporter: Reporter,
): Pick<DecoderSections, 'skip' | 'topology'> {
  const topology = topologyOf(section.name?.text);
  if (section.name?.text === 'none') {
    // What such a section says beside that is reported.
    readFields(section, 'skip none', [], reporter);
    return { skip: undefined, topology };
  }
  const fields = skipFields[topology];
  return { skip: readScheme(section, 'skip', fields, fields, reporter), topology };
}

/** The skip and the decoder, each with the fields that are its own. */
function joined(
  skip: Section,
  decoder: Section,
  reporter: Reporter,
): { readonly skip: Section; readonly decoder: Section } {
  const isMovable = topologyOf(skip.name?.text) === 'full_scale';
  return isMovable ? reporter.take(moveUp(skip, decoder)) : { skip, decoder };
}

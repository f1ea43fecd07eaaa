import type { Result } from '../../diagnostics/diagnostic.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import { Reporter } from '../../diagnostics/report.js';
import { encoderSchemes } from '../../catalog/sections.js';
import type { Topology } from '../../ir/lattice.js';
import type { Section } from '../../parser/ast.js';
import type { BlockTable } from '../declarations/blocks.js';
import { examples, findSections, missingSections } from './find-sections.js';
import { moveUp } from './move-up.js';
import { readFields, readSlots, type Slots } from './slots.js';

/** The sections of a model, read and checked one by one. */
export interface ModelSections {
  readonly input: Section | undefined;
  /** An encoder written in the model. */
  readonly encoder: Slots | undefined;
  /** The section of an encoder that is declared outside. */
  readonly declaredEncoder: Section | undefined;
  /** Whether there is an encoder that could not be read. */
  readonly isEncoderBroken: boolean;
  /** Undefined for `skip none`. */
  readonly skip: Slots | undefined;
  readonly decoder: Slots | undefined;
  /** Which tensors the nodes of the decoder merge. */
  readonly topology: Topology;
  readonly wires: readonly Section[];
  readonly heads: readonly Section[];
  /** What operations are called in files of weights. */
  readonly names: readonly Section[];
}

/** The encoders and skip topologies that are part of the language. */
export const schemes = {
  encoder: encoderSchemes,
  skip: ['plain', 'nested', 'full_scale', 'none'],
} as const;

/** `declared` holds the encoders that the file declares or imports. */
export function readModelSections(model: Section, declared: BlockTable): Result<ModelSections> {
  const reporter = new Reporter();
  const found = reporter.take(findSections(model));
  // A misspelt section may be the one that is missing.
  if (model.body?.close !== undefined && !reporter.hasErrors) {
    reporter.add(missingSections(model, found));
  }
  const { once, wires, heads, names } = found;
  const encoder = once.get('encoder');
  const encoders = declared.encoderNames;
  const topology = topologyOf(once.get('skip')?.name?.text);
  const { skip, decoder } = joined(once.get('skip'), once.get('decoder'), topology, reporter);
  const isDeclared = encoder?.name !== undefined && encoders.includes(encoder.name.text);
  const readEncoder =
    encoder && !isDeclared && !declared.isBroken(encoder.name?.text ?? '')
      ? readScheme(encoder, 'encoder', plainFields, plainFields.slice(1), reporter, encoders)
      : undefined;
  return reporter.result({
    input: once.get('input'),
    encoder: readEncoder,
    declaredEncoder: isDeclared ? encoder : undefined,
    isEncoderBroken: encoder !== undefined && !isDeclared && readEncoder === undefined,
    skip:
      skip === undefined || isNone(skip, reporter)
        ? undefined
        : readScheme(skip, 'skip', skipFields[topology], skipFields[topology], reporter),
    topology,
    decoder:
      decoder &&
      readSlots(decoder, 'decoder', ['widths', 'up', 'stage'], ['up', 'stage'], reporter),
    wires,
    heads,
    names,
  });
}

/** The skip and the decoder, each with the fields that are its own. */
function joined(
  skip: Section | undefined,
  decoder: Section | undefined,
  topology: Topology,
  reporter: Reporter,
): { readonly skip: Section | undefined; readonly decoder: Section | undefined } {
  const isMovable = topology === 'full_scale' && skip !== undefined && decoder !== undefined;
  return isMovable ? reporter.take(moveUp(skip, decoder)) : { skip, decoder };
}

/** Whether skips are left out; what such a section says beside that is reported. */
function isNone(skip: Section, reporter: Reporter): boolean {
  if (skip.name?.text !== 'none') return false;
  readFields(skip, 'skip none', [], reporter);
  return true;
}

const plainFields = ['widths', 'stage', 'down'];

/** What each topology asks for. */
const skipFields: Readonly<Record<Topology, readonly string[]>> = {
  plain: ['merge', 'align'],
  nested: ['earlier', 'merge', 'align'],
  full_scale: ['branch', 'down', 'merge', 'align'],
};

const topologyOf = (name: string | undefined): Topology =>
  name === 'nested' || name === 'full_scale' ? name : 'plain';

function readScheme(
  section: Section,
  keyword: 'encoder' | 'skip',
  known: readonly string[],
  perLevel: readonly string[],
  reporter: Reporter,
  declared: readonly string[] = [],
): Slots | undefined {
  const name = section.name;
  if (name === undefined) {
    reporter.report(
      'missing-name',
      { section: keyword, example: examples[keyword] },
      {
        at: section.keyword.span,
        fixes: [
          {
            title: `Insert "plain"`,
            edits: [
              {
                span: { ...section.keyword.span, start: section.keyword.span.end },
                text: ' plain',
              },
            ],
          },
        ],
      },
    );
    // Other fields are those of an encoder whose name is missing.
    const isOther = (section.body?.members ?? []).some(
      (member) => member.kind === 'field' && !known.includes(member.name.text),
    );
    if (isOther) return undefined;
  } else if (!schemes[keyword].some((scheme) => scheme === name.text)) {
    const suggestion = didYouMean(name, [...schemes[keyword], ...declared], '');
    reporter.report(
      'unknown-name',
      { name: name.text, expected: suggestion.known },
      { at: name.span, help: suggestion.help, fixes: suggestion.fixes },
    );
    return undefined;
  }
  return readSlots(section, `${keyword} ${name?.text ?? 'plain'}`, known, perLevel, reporter);
}

import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Section } from '../../parser/ast.js';
import type { BlockTable } from '../declarations/blocks.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import { insertMember } from '../../parser/tree/insert-member.js';
import { reportLoop } from '../declarations/report-loop.js';
import type { Topology } from '../../ir/lattice.js';
import { encoderSchemes } from '../../catalog/sections.js';
import { moveUp } from './move-up.js';
import { readFields, readSlots, type Slots } from './slots.js';
import { errorField } from '../values/stated-errors.js';

/** What to do where a second section of a kind was meant. */
const secondSection: Readonly<Partial<Record<string, string>>> = {
  input:
    'A model has one input: stack several images as its channels, as in "[H, W, 4]" for colour and depth.',
  encoder: 'A model has one encoder: write a second one as lines of "wires", or as a block.',
  decoder: 'A model has one decoder: write a second one as lines of "wires", or as a block.',
};

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
}

/** The words that sections of a model start with. */
export const sectionNames = ['input', 'encoder', 'skip', 'decoder', 'wires', 'head'];

const examples = {
  input: 'input image: [H, W, 3]',
  encoder: 'encoder plain { widths: 64 * [1, 2, 4], stage: double_conv(width), down: max_pool(2) }',
  skip: 'skip plain { merge: [skip, up] -> concat }',
  decoder: 'decoder { up: conv_transpose(width, 2), stage: double_conv(width) }',
  head: 'head mask: conv(1, 1) -> sigmoid',
} as const;

/** Sections whose example fits every model. */
const inserted: readonly string[] = ['input', 'skip', 'head'];

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
  const { once, wires, heads } = found;
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
  });
}

/** The sections of a model by their words. */
interface FoundSections {
  /** Those that a model has once. */
  readonly once: ReadonlyMap<string, Section>;
  readonly wires: readonly Section[];
  readonly heads: readonly Section[];
}

function findSections(model: Section): Result<FoundSections> {
  const reporter = new Reporter();
  const once = new Map<string, Section>();
  const wires: Section[] = [];
  const heads: Section[] = [];
  for (const member of model.body?.members ?? []) {
    if (member.kind === 'loop') {
      reportLoop(member, 'a model', reporter);
      continue;
    }
    // What the model states as an error is checked with its parameters.
    if (member.kind === 'field' && member.name.text === errorField) continue;
    if (member.kind !== 'section') {
      reportLooseMember(member.name.text, member.name.span, reporter);
      continue;
    }
    const keyword = sectionNames.includes(member.keyword.text)
      ? member.keyword.text
      : reportUnknownSection(member, reporter);
    if (keyword === undefined) continue;
    if (keyword === 'wires') wires.push(member);
    else if (keyword === 'head') heads.push(member);
    else if (once.has(keyword)) {
      reportDuplicate(reporter, {
        ...{ name: keyword, what: 'section', at: member.keyword.span },
        first: { span: once.get(keyword)!.keyword.span, text: 'first given here' },
        help: secondSection[keyword] ?? `Put all fields of "${keyword}" into one section.`,
      });
    } else once.set(keyword, member);
  }
  return reporter.result({ once, wires, heads });
}

/** The sections that a model cannot be without. */
function missingSections(
  model: Section,
  { once, wires, heads }: FoundSections,
): readonly Diagnostic[] {
  const owner = model.name?.text ?? 'model';
  const at = model.name?.span ?? model.keyword.span;
  const [encoder, skip, decoder] = ['encoder', 'skip', 'decoder'].map((name) => once.has(name));
  const missing: Readonly<Record<keyof typeof examples, boolean>> = {
    input: !once.has('input'),
    encoder: !encoder && (wires.length === 0 || decoder === true),
    head: heads.length === 0,
    skip: decoder === true && !skip && encoder === true,
    decoder: skip === true && !decoder,
  };
  return (Object.keys(missing) as (keyof typeof examples)[]).flatMap((section) => {
    if (!missing[section]) return [];
    const example = examples[section];
    const fixes = inserted.includes(section) ? insertMember(model, example) : [];
    const parameters = { model: owner, section, example };
    return [createDiagnostic('missing-section', parameters, { at, fixes })];
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
  return isMovable ? moveUp(skip, decoder, reporter) : { skip, decoder };
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

/** The word that was most likely meant: the section is read as that, so that nothing in it is missed. */
function reportUnknownSection({ keyword }: Section, reporter: Reporter): string | undefined {
  const { nearest, known, help, fixes } = didYouMean(keyword, sectionNames);
  reporter.report(
    'unknown-section',
    { name: keyword.text, where: 'a model', known },
    { at: keyword.span, help, fixes },
  );
  return nearest;
}

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

function reportLooseMember(name: string, at: Section['span'], reporter: Reporter): void {
  if (name === 'input' || name === 'head') {
    const usual = name === 'input' ? 'image' : 'mask';
    const edit = { span: { ...at, start: at.end }, text: ` ${usual}` };
    reporter.report(
      'missing-name',
      { section: name, example: examples[name] },
      { at, fixes: [{ title: `Call it "${usual}"`, edits: [edit] }] },
    );
    return;
  }
  reporter.report(
    'misplaced',
    {
      what: `"${name}"`,
      where: 'a model; fields stand inside a section such as encoder, decoder or wires',
    },
    { at },
  );
}

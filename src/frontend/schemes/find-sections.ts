import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Section } from '../../parser/ast.js';
import { insertMember } from '../../parser/tree/insert-member.js';
import { reportLoop } from '../declarations/report-loop.js';
import { errorField } from '../values/stated-errors.js';
import { skipsIn } from './skips-in.js';

/** The words that sections of a model start with. */
export const sectionNames = ['input', 'encoder', 'skip', 'decoder', 'wires', 'head', 'names'];

/** Sections as they may be. */
export const examples = {
  input: 'input image: [H, W, 3]',
  encoder: 'encoder plain { widths: 64 * [1, 2, 4], stage: double_conv(width), down: max_pool(2) }',
  skip: 'skip plain { merge: [skip, up] -> concat }',
  decoder: 'decoder { up: conv_transpose(width, 2), stage: double_conv(width) }',
  head: 'head mask: conv(1, 1) -> sigmoid',
} as const;

/** Sections whose example fits every model. */
const inserted: readonly string[] = ['input', 'skip', 'head'];

/** What to do where a second section of a kind was meant. */
const secondSection: Readonly<Partial<Record<string, string>>> = {
  input:
    'A model has one input: stack several images as its channels, as in "[H, W, 4]" for colour and depth.',
  encoder: 'A model has one encoder: write a second one as lines of "wires", or as a block.',
  decoder: 'Give each decoder a name of its own, as in "decoder masks { ... }".',
  skip: 'Skips of one decoder alone stand inside it: "decoder masks { skip plain ... }".',
};

/** The sections of a model by their words. */
export interface FoundSections {
  /** Those that a model has once. */
  readonly once: ReadonlyMap<string, Section>;
  /** Each with a name of its own; one may have none. */
  readonly decoders: readonly Section[];
  readonly wires: readonly Section[];
  readonly heads: readonly Section[];
  readonly names: readonly Section[];
}

/** Sorts the members of a model; those that are no section of a model, and second ones, are reported. */
export function findSections(model: Section): Result<FoundSections> {
  const reporter = new Reporter();
  const once = new Map<string, Section>();
  const decoders: Section[] = [];
  const wires: Section[] = [];
  const heads: Section[] = [];
  const names: Section[] = [];
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
    else if (keyword === 'names') names.push(member);
    else if (keyword === 'decoder') {
      const first = decoders.find(({ name }) => name?.text === member.name?.text);
      if (first === undefined) decoders.push(member);
      else reportSecond(member, first, reporter);
    } else if (once.has(keyword)) reportSecond(member, once.get(keyword)!, reporter);
    else once.set(keyword, member);
  }
  return reporter.result({ once, decoders, wires, heads, names });
}

/** Two sections that are the same thing: both without a name, or of one name. */
function reportSecond({ keyword, name }: Section, first: Section, reporter: Reporter): void {
  const isNamed = keyword.text === 'decoder' && name !== undefined;
  reportDuplicate(reporter, {
    name: isNamed ? name.text : keyword.text,
    what: isNamed ? keyword.text : 'section',
    at: isNamed ? name.span : keyword.span,
    first: {
      span: (isNamed ? first.name : undefined)?.span ?? first.keyword.span,
      text: 'first given here',
    },
    help: secondSection[keyword.text] ?? `Put all fields of "${keyword.text}" into one section.`,
  });
}

/** The sections that a model cannot be without. */
export function missingSections(
  model: Section,
  { once, decoders, wires, heads }: FoundSections,
): readonly Diagnostic[] {
  const owner = model.name?.text ?? 'model';
  const at = model.name?.span ?? model.keyword.span;
  const [encoder, skip] = ['encoder', 'skip'].map((name) => once.has(name));
  const isJoined = decoders.every((decoder) => skipsIn(decoder).length > 0);
  const missing: Readonly<Record<keyof typeof examples, boolean>> = {
    input: !once.has('input'),
    encoder: !encoder && (wires.length === 0 || decoders.length > 0),
    head: heads.length === 0,
    skip: !isJoined && !skip && encoder === true,
    decoder: skip === true && decoders.length === 0,
  };
  return (Object.keys(missing) as (keyof typeof examples)[]).flatMap((section) => {
    if (!missing[section]) return [];
    const example = examples[section];
    const fixes = inserted.includes(section) ? insertMember(model, example) : [];
    const parameters = { model: owner, section, example };
    return [createDiagnostic('missing-section', parameters, { at, fixes })];
  });
}

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

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
const secondSection: Readonly<Record<string, string>> = {
  input: 'Give each input a name of its own, as in "input depth: [H, W, 1]".',
  encoder:
    'Give each encoder a name of its own and the input that it runs on: "encoder color: rgb -> resnet { ... }".',
  decoder: 'Give each decoder a name of its own, as in "decoder masks { ... }".',
  skip: 'Skips of one decoder alone stand inside it: "decoder masks { skip plain ... }".',
};

/** The sections of a model by their words. */
export interface FoundSections {
  readonly inputs: readonly Section[];
  /** Each with a name of its own; one may have none. */
  readonly encoders: readonly Section[];
  /** Likewise. */
  readonly decoders: readonly Section[];
  /** The skips of all decoders that have none of their own. */
  readonly skip: Section | undefined;
  readonly wires: readonly Section[];
  readonly heads: readonly Section[];
  readonly names: readonly Section[];
}

/** Words of which a model has one section of a name, or one without. */
const oneOfAName: readonly string[] = ['input', 'encoder', 'skip', 'decoder'];

/** Sorts the members of a model; those that are no section of a model, and second ones, are reported. */
export function findSections(model: Section): Result<FoundSections> {
  const reporter = new Reporter();
  const found = new Map<string, Section[]>(sectionNames.map((keyword) => [keyword, []]));
  /** Sections that there is one of, by word and name. */
  const known = new Map<string, Section>();
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
    const key = `${keyword} ${ownName(member)?.text ?? ''}`;
    const first = oneOfAName.includes(keyword) ? known.get(key) : undefined;
    if (first !== undefined) {
      reportSecond(member, first, reporter);
      continue;
    }
    known.set(key, member);
    found.get(keyword)!.push(member);
  }
  const of = (keyword: string): readonly Section[] => found.get(keyword)!;
  return reporter.result({
    ...{ inputs: of('input'), encoders: of('encoder'), decoders: of('decoder') },
    ...{ skip: of('skip')[0], wires: of('wires'), heads: of('head'), names: of('names') },
  });
}

/** The name of a section in the model; that of `encoder resnet` is the encoder's, of a skip its topology's. */
export function ownName({ keyword, name, value }: Section): Section['name'] {
  if (keyword.text === 'skip') return undefined;
  return keyword.text === 'encoder' && value === undefined ? undefined : name;
}

function reportSecond(second: Section, first: Section, reporter: Reporter): void {
  const { keyword } = second;
  const name = ownName(second);
  reportDuplicate(reporter, {
    name: name?.text ?? keyword.text,
    what: name === undefined ? 'section' : keyword.text,
    at: name?.span ?? keyword.span,
    first: { span: ownName(first)?.span ?? first.keyword.span, text: 'first given here' },
    help: secondSection[keyword.text]!,
  });
}

/** The sections that a model cannot be without. */
export function missingSections(
  model: Section,
  { inputs, encoders, decoders, skip, wires, heads }: FoundSections,
): readonly Diagnostic[] {
  const owner = model.name?.text ?? 'model';
  const at = model.name?.span ?? model.keyword.span;
  const isJoined = decoders.every((decoder) => skipsIn(decoder).length > 0);
  const missing: Readonly<Record<keyof typeof examples, boolean>> = {
    input: inputs.length === 0,
    encoder: encoders.length === 0 && (wires.length === 0 || decoders.length > 0),
    head: heads.length === 0,
    skip: !isJoined && skip === undefined && encoders.length > 0,
    decoder: skip !== undefined && decoders.length === 0,
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

import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Section } from '../../parser/ast.js';
import { insertMember } from '../../parser/tree/insert-member.js';
import { reportLoop } from '../declarations/report-loop.js';
import { errorField } from '../values/stated-errors.js';

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
  decoder: 'A model has one decoder: write a second one as lines of "wires", or as a block.',
};

/** The sections of a model by their words. */
export interface FoundSections {
  /** Those that a model has once. */
  readonly once: ReadonlyMap<string, Section>;
  readonly wires: readonly Section[];
  readonly heads: readonly Section[];
  readonly names: readonly Section[];
}

/** Sorts the members of a model; those that are no section of a model, and second ones, are reported. */
export function findSections(model: Section): Result<FoundSections> {
  const reporter = new Reporter();
  const once = new Map<string, Section>();
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
    else if (once.has(keyword)) {
      reportDuplicate(reporter, {
        ...{ name: keyword, what: 'section', at: member.keyword.span },
        first: { span: once.get(keyword)!.keyword.span, text: 'first given here' },
        help: secondSection[keyword] ?? `Put all fields of "${keyword}" into one section.`,
      });
    } else once.set(keyword, member);
  }
  return reporter.result({ once, wires, heads, names });
}

/** The sections that a model cannot be without. */
export function missingSections(
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

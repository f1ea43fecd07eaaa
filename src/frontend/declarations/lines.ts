import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Body, Expression, Field, Identifier, Member, Section } from '../../parser/ast.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import { readFields } from '../schemes/slots.js';
import { checkNamesOnce } from './names-once.js';
import { errorField } from '../values/stated-errors.js';

/** One line of a body: of a block with lines, or of an encoder. */
export type Line =
  TensorLine | SharedLine | ValueLine | LoopLine | NamesLine | ScalingLine | ErrorLine;

/** `h = in -> relu`; as `tap s4 = h` the tensor also leaves the encoder. */
export interface TensorLine {
  readonly kind: 'tensor';
  readonly name: Identifier;
  readonly value: Expression;
  readonly isTap: boolean;
}

/** `shared step = conv(c, 3) -> relu`: an instance of a pipeline, whose calls have the same weights. */
export interface SharedLine {
  readonly kind: 'shared';
  readonly name: Identifier;
  readonly value: Expression;
  readonly doc: string | undefined;
}

/** `let width = make_divisible(32 * alpha, 8)`: a name for data. */
export interface ValueLine {
  readonly kind: 'value';
  readonly name: Identifier;
  readonly value: Expression;
}

/** `for [t, c] in [[1, 16], [6, 24]] { ... }` */
export interface LoopLine {
  readonly kind: 'loop';
  readonly names: readonly Identifier[];
  readonly destructures: boolean;
  readonly items: Expression;
  readonly lines: readonly Line[];
}

/** `names torchvision { stem: ["conv1", "bn1"] }`: what operations are called in files of weights. */
export interface NamesLine {
  readonly kind: 'names';
  /** Which files: any word; names of one family stand in one file together. */
  readonly family: Identifier;
  /** The tensor line whose operations are named, and their names. */
  readonly entries: readonly Field[];
}

/** `error: "Keras has no ResNet-18." if form == keras and depth < 50`: what the author does not allow. */
export interface ErrorLine {
  readonly kind: 'error';
  readonly field: Field;
}

/** `scaling torchvision: imagenet`: how images were scaled where published weights were trained. */
export interface ScalingLine {
  readonly kind: 'scaling';
  /** Whose weights: a word behind `names`. */
  readonly family: Identifier;
  /** A scaling, or a list of those that are right. */
  readonly value: Expression;
}

/** Whose lines are read: what it may hold, and what messages call it. */
export interface LineOwner {
  readonly what: 'block' | 'encoder';
  readonly name: string;
}

/** Reads the members of a body as lines; what is none is reported and left out. */
export function readLines(body: Body | undefined, owner: LineOwner): Result<readonly Line[]> {
  const reporter = new Reporter();
  const tensors = new Set<string>();
  collectTensors(body, tensors);
  const lines = readMembers(body, [...tensors], owner, reporter);
  checkScalings(lines, owner, reporter);
  reporter.add(checkNamesOnce(body));
  return reporter.result(lines);
}

/** The names of all tensors that a body makes: what a section of names may speak of. */
function collectTensors(body: Body | undefined, into: Set<string>): void {
  for (const member of body?.members ?? []) {
    if (member.kind === 'assignment') into.add(member.name.text);
    if (member.kind === 'loop') collectTensors(member.body, into);
    const isNamed = member.kind === 'section' && ['tap', 'shared'].includes(member.keyword.text);
    if (isNamed && member.name !== undefined) into.add(member.name.text);
  }
}

function readMembers(
  body: Body | undefined,
  tensors: readonly string[],
  owner: LineOwner,
  reporter: Reporter,
): readonly Line[] {
  return (body?.members ?? []).flatMap((member) => readLine(member, tensors, owner, reporter));
}

function readLine(
  member: Member,
  tensors: readonly string[],
  owner: LineOwner,
  reporter: Reporter,
): readonly Line[] {
  switch (member.kind) {
    case 'assignment':
      return [{ kind: 'tensor', name: member.name, value: member.value, isTap: false }];
    case 'loop': {
      const { names, destructures, items } = member;
      const lines = readMembers(member.body, tensors, owner, reporter);
      return [{ kind: 'loop', names, destructures, items, lines }];
    }
    case 'section': {
      const { keyword, name, value, separator } = member;
      const isLine = name !== undefined && value !== undefined && separator === '=';
      if (isLine && keyword.text === 'let') return [{ kind: 'value', name, value }];
      if (keyword.text === 'shared') return readShared(member, reporter);
      if (isLine && keyword.text === 'tap' && owner.what === 'encoder') {
        return [{ kind: 'tensor', name, value, isTap: true }];
      }
      if (keyword.text === 'names' && name !== undefined && value === undefined) {
        return [readNames(member, name, tensors, reporter)];
      }
      if (keyword.text === 'scaling' && owner.what === 'encoder') {
        if (name !== undefined && value !== undefined && separator === ':') {
          return [{ kind: 'scaling', family: name, value }];
        }
        return reportNameless('scaling', keyword, reporter);
      }
      if (keyword.text === 'names') {
        return reportNameless('names', keyword, reporter);
      }
      if (keyword.text === 'let' || (keyword.text === 'tap' && owner.what === 'encoder')) {
        return reportNameless(keyword.text, keyword, reporter);
      }
      return reportMisplaced('A section', keyword, owner, reporter);
    }
    case 'field':
      if (member.name.text === errorField) return [{ kind: 'error', field: member }];
      if (member.name.text === 'scaling' && owner.what === 'encoder') {
        return reportNameless('scaling', member.name, reporter);
      }
      return reportMisplaced('A field', member.name, owner, reporter);
  }
}

/** A line of a shared instance; nothing where it has no name or no pipeline, which is reported. */
export function readShared(
  { keyword, name, value, separator, doc }: Section,
  reporter: Reporter,
): readonly SharedLine[] {
  if (name === undefined || value === undefined || separator !== '=') {
    reportNameless('shared', keyword, reporter);
    return [];
  }
  return [{ kind: 'shared', name, value, doc }];
}

/** Lines that need a name, as they should be. */
const examples = {
  let: 'let width = 2 * c',
  tap: 'tap s4 = x -> relu',
  shared: 'shared step = conv(64, 3) -> relu',
  names: 'names torchvision { stem: ["conv1", "bn1"] }',
  scaling: 'scaling torchvision: imagenet',
} as const;

function reportNameless(
  section: keyof typeof examples,
  { span }: Identifier,
  reporter: Reporter,
): readonly Line[] {
  reporter.report('missing-name', { section, example: examples[section] }, { at: span });
  return [];
}

/** Reports scalings of weights that no section of names is about, and second ones of a family. */
function checkScalings(lines: readonly Line[], { name }: LineOwner, reporter: Reporter): void {
  const all = allLines(lines);
  const families = new Set(
    all.flatMap((line) => (line.kind === 'names' ? [line.family.text] : [])),
  );
  const seen = new Map<string, Identifier>();
  for (const line of all) {
    if (line.kind !== 'scaling') continue;
    const { text, span } = line.family;
    const first = seen.get(text);
    if (first !== undefined) {
      const help = 'Where several are right, give a list, the usual one first.';
      const earlier = { span: first.span, text: 'first given here' };
      reportDuplicate(reporter, { name: text, what: 'scaling', at: span, first: earlier, help });
    }
    seen.set(text, line.family);
    // The blocks that the encoder calls may have all the names.
    if (families.size === 0 || families.has(text)) continue;
    const { known, help, fixes } = didYouMean(line.family, [...families], 'its names are of');
    reporter.report(
      'scaling-without-names',
      { family: text, encoder: name, known },
      { at: span, help, fixes },
    );
  }
}

function readNames(
  section: Section,
  family: Identifier,
  tensors: readonly string[],
  reporter: Reporter,
): NamesLine {
  const fields = readFields(section, `names ${family.text}`, tensors, reporter);
  return { kind: 'names', family, entries: [...fields.values()] };
}

function reportMisplaced(
  what: string,
  { span }: Identifier,
  { what: kind, name }: LineOwner,
  reporter: Reporter,
): readonly Line[] {
  const line = kind === 'block' ? 'out = in -> conv(64)' : 'tap s2 = in -> conv(64)';
  const where = `${kind} "${name}"; expected lines such as "${line}"`;
  reporter.report('misplaced', { what, where }, { at: span });
  return [];
}

/** The lines with those of the loops inside, in the order of the text. */
export function allLines(lines: readonly Line[]): readonly Line[] {
  return lines.flatMap((line) => (line.kind === 'loop' ? [line, ...allLines(line.lines)] : [line]));
}

/** The names of the taps that lines may take, in the order in which they are first written. */
export function tapNames(lines: readonly Line[]): readonly string[] {
  const names = allLines(lines).flatMap((line) =>
    line.kind === 'tensor' && line.isTap ? [line.name.text] : [],
  );
  return [...new Set(names)];
}

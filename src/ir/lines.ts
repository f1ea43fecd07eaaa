import type { Reporter } from '../diagnostics/report.js';
import type { Body, Expression, Field, Identifier, Member, Section } from '../parser/ast.js';
import { readFields } from './slots.js';
import { errorField } from './stated-errors.js';

/** One line of a body: of a block with lines, or of an encoder. */
export type Line = TensorLine | ValueLine | LoopLine | NamesLine | ErrorLine;

/** `h = in -> relu`; as `tap s4 = h` the tensor also leaves the encoder. */
export interface TensorLine {
  readonly kind: 'tensor';
  readonly name: Identifier;
  readonly value: Expression;
  readonly isTap: boolean;
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
  readonly takesApart: boolean;
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

/** Whose lines are read: what it may hold, and what messages call it. */
export interface LineOwner {
  readonly what: 'block' | 'encoder';
  readonly name: string;
}

/** Reads the members of a body as lines; what is none is reported and left out. */
export function readLines(
  body: Body | undefined,
  owner: LineOwner,
  reporter: Reporter,
): readonly Line[] {
  const tensors = new Set<string>();
  collectTensors(body, tensors);
  return readMembers(body, [...tensors], owner, reporter);
}

/** The names of all tensors that a body makes: what a section of names may speak of. */
function collectTensors(body: Body | undefined, into: Set<string>): void {
  for (const member of body?.members ?? []) {
    if (member.kind === 'assignment') into.add(member.name.text);
    if (member.kind === 'loop') collectTensors(member.body, into);
    if (member.kind === 'section' && member.keyword.text === 'tap' && member.name !== undefined) {
      into.add(member.name.text);
    }
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
      const { names, takesApart, items } = member;
      const lines = readMembers(member.body, tensors, owner, reporter);
      return [{ kind: 'loop', names, takesApart, items, lines }];
    }
    case 'section': {
      const { keyword, name, value, separator } = member;
      const isLine = name !== undefined && value !== undefined && separator === '=';
      if (isLine && keyword.text === 'let') return [{ kind: 'value', name, value }];
      if (isLine && keyword.text === 'tap' && owner.what === 'encoder') {
        return [{ kind: 'tensor', name, value, isTap: true }];
      }
      if (keyword.text === 'names' && name !== undefined && value === undefined) {
        return [readNames(member, name, tensors, reporter)];
      }
      if (keyword.text === 'names') {
        const example = 'names torchvision { stem: ["conv1", "bn1"] }';
        reporter.report('missing-name', { section: 'names', example }, { at: keyword.span });
        return [];
      }
      if (keyword.text === 'let' || (keyword.text === 'tap' && owner.what === 'encoder')) {
        const example = keyword.text === 'let' ? 'let width = 2 * c' : 'tap s4 = x -> relu';
        reporter.report('missing-name', { section: keyword.text, example }, { at: keyword.span });
        return [];
      }
      return reportMisplaced('A section', keyword, owner, reporter);
    }
    case 'field':
      if (member.name.text === errorField) return [{ kind: 'error', field: member }];
      return reportMisplaced('A field', member.name, owner, reporter);
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

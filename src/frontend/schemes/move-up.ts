import type { Result, TextEdit } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { Body, Field, Member, Section } from '../../parser/ast.js';
import { printExpression } from '../../parser/format/format.js';
import { withoutMember } from '../../parser/tree/take-out-member.js';

/** A section of a skip without its steps up, and the decoder with them. */
export interface MovedUp {
  readonly skip: Section;
  readonly decoder: Section;
}

/**
 * Once the `up` of `skip full_scale` stood in the skip. It is reported there, with a fix
 * that moves it, and read as what it is: the `up` of the decoder.
 */
export function moveUp(skip: Section, decoder: Section): Result<MovedUp> {
  const found = [skip, ...levelsOf(skip)].flatMap((section) => {
    const field = upOf(section);
    return field === undefined ? [] : [{ section, field }];
  });
  const [first] = found;
  if (first === undefined) return { value: { skip, decoder }, diagnostics: [] };
  const edits = found.flatMap(({ section, field }) => [
    isLevel(section) && section.body?.members.length === 1
      ? withoutMember(section, skip)
      : withoutMember(field, section),
    ...putIn(field, section, decoder),
  ]);
  const moved = createDiagnostic(
    'moved-field',
    { name: 'up', from: 'skip full_scale', to: 'decoder' },
    {
      at: first.field.name.span,
      help: ['What comes up is a matter of the decoder, in every topology.'],
      fixes: [{ title: 'Move "up" to "decoder"', edits, modernizes: true }],
    },
  );
  const without = (section: Section): Section =>
    withMembers(section, (members) =>
      members
        .filter((member) => !isUp(member))
        .map((member) => (isLevel(member) ? without(member) : member)),
    );
  const rest = found.reduce(
    (section, { section: from, field }) => into(section, from, field),
    decoder,
  );
  return { value: { skip: without(skip), decoder: rest }, diagnostics: [moved] };
}

/** The decoder with a field of the skip, or of one of its levels, in the same place. */
function into(decoder: Section, from: Section, field: Field): Section {
  const place = from.keyword.text === 'level' ? sameLevels(decoder, from) : decoder;
  const put = (section: Section): Section =>
    withMembers(section, (members) => [...members.filter((member) => !isUp(member)), field]);
  if (place === decoder) return put(decoder);
  const level = place ?? withMembers(from, () => []);
  return withMembers(decoder, (members) => [
    ...members.filter((member) => member !== place),
    put(level),
  ]);
}

/** The section of the decoder for exactly the levels of another. */
function sameLevels(decoder: Section, { selectors }: Section): Section | undefined {
  const levels = (numbers: Section['selectors']): string =>
    numbers.map(({ value }) => value).join();
  return levelsOf(decoder).find((level) => levels(level.selectors) === levels(selectors));
}

const isUp = (member: Member): member is Field =>
  member.kind === 'field' && member.name.text === 'up';
const isLevel = (member: Member): member is Section =>
  member.kind === 'section' && member.keyword.text === 'level';
const levelsOf = ({ body }: Section): readonly Section[] => body?.members.filter(isLevel) ?? [];
const upOf = ({ body }: Section): Field | undefined => body?.members.find(isUp);

function withMembers(
  section: Section,
  change: (members: Body['members']) => Body['members'],
): Section {
  const { body } = section;
  return body === undefined
    ? section
    : { ...section, body: { ...body, members: change(body.members) } };
}

/** In the place of an `up` that had no effect, else in front. */
function putIn({ value }: Field, section: Section, decoder: Section): readonly TextEdit[] {
  const text = `up: ${printExpression(value)}`;
  const isLevel = section.keyword.text === 'level';
  const place = isLevel ? sameLevels(decoder, section) : decoder;
  const { body } = place ?? decoder;
  if (body === undefined) return [];
  if (place === undefined) {
    const levels = section.selectors.map((selector) => selector.text).join(', ');
    const at = body.members.at(-1)?.span.end ?? body.open.end;
    return [{ span: { ...body.open, start: at, end: at }, text: `\nlevel ${levels} { ${text} }` }];
  }
  const idle = upOf(place);
  if (idle !== undefined) return [{ span: idle.span, text }];
  const start = body.open.end;
  const separator = body.members.length === 0 ? '' : ',';
  return [{ span: { ...body.open, start, end: start }, text: ` ${text}${separator}` }];
}

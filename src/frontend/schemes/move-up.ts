import type { Result, TextEdit } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { Body, Field, Member, Section } from '../../parser/ast.js';
import { printExpression } from '../../parser/format/format.js';
import { withoutMember } from '../../parser/tree/take-out-member.js';
import { placeUps, type PlacedUp } from './place-ups.js';

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
  const taken = found.map(({ section, field }) =>
    isLevel(section) && section.body?.members.length === 1
      ? withoutMember(section, skip)
      : withoutMember(field, section),
  );
  const placed = placeUps(found, levelsOf(decoder));
  const moved = createDiagnostic(
    'moved-field',
    { name: 'up', from: 'skip full_scale', to: 'decoder' },
    {
      at: first.field.name.span,
      help: ['What comes up is a matter of the decoder, in every topology.'],
      fixes: [
        {
          title: 'Move "up" to "decoder"',
          edits: [...taken, ...placed.flatMap((each) => putIn(each, decoder))],
          modernizes: true,
        },
      ],
    },
  );
  const without = (section: Section): Section =>
    withMembers(section, (members) =>
      members
        .filter((member) => !isUp(member))
        .map((member) => (isLevel(member) ? without(member) : member)),
    );
  return {
    value: { skip: without(skip), decoder: placed.reduce(into, decoder) },
    diagnostics: [moved],
  };
}

/** The decoder with one more step up. */
function into(decoder: Section, { place, selectors, field }: PlacedUp): Section {
  const put = (section: Section): Section =>
    withMembers(section, (members) => [...members.filter((member) => !isUp(member)), field]);
  if (place === 'decoder') return put(decoder);
  return withMembers(decoder, (members) =>
    place === undefined
      ? [...members, put(levelSection(decoder, field, selectors))]
      : members.map((member) => (member === place ? put(place) : member)),
  );
}

/** An empty section for levels. */
const levelSection = (
  { keyword, body }: Section,
  { span }: Field,
  selectors: Section['selectors'],
): Section => ({
  kind: 'section',
  keyword: { ...keyword, text: 'level' },
  ...{ name: undefined, parameters: undefined, value: undefined, separator: undefined },
  ...{ selectors, span, doc: undefined },
  body: body && { ...body, members: [] },
});

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
function putIn({ place, selectors, field }: PlacedUp, decoder: Section): readonly TextEdit[] {
  const text = `up: ${printExpression(field.value)}`;
  const section = place === 'decoder' || place === undefined ? decoder : place;
  const { body } = section;
  if (body === undefined) return [];
  if (place === undefined) {
    const levels = selectors.map((selector) => selector.text).join(', ');
    const at = body.members.at(-1)?.span.end ?? body.open.end;
    return [{ span: { ...body.open, start: at, end: at }, text: `\nlevel ${levels} { ${text} }` }];
  }
  const idle = upOf(section);
  if (idle !== undefined) return [{ span: idle.span, text }];
  const start = body.open.end;
  const separator = body.members.length === 0 ? '' : ',';
  return [{ span: { ...body.open, start, end: start }, text: ` ${text}${separator}` }];
}

import type { Fix, TextEdit } from '../../diagnostics/diagnostic.js';
import type { Member, Section } from '../ast.js';

/**
 * The edit that takes a member out of a section's body: up to the next member, with the
 * comma between; the last one alone, for a comma may end a body.
 */
export function withoutMember({ span }: Member, { body }: Section): TextEdit {
  const next = body?.members.find((member) => member.span.start > span.start);
  return { span: { ...span, end: next?.span.start ?? span.end }, text: '' };
}

/** A fix that takes out a field which says nothing. */
export function takeOutMember(
  section: Section,
  member: Member & { kind: 'field' },
): readonly Fix[] {
  const edits = [withoutMember(member, section)];
  return [{ title: `Take out "${member.name.text}"`, edits, modernizes: true }];
}

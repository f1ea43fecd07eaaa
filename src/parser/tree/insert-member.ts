import type { Fix } from '../../diagnostics/diagnostic.js';
import type { Section } from '../ast.js';

/** A fix that writes one more member at the end of a section's body; none where there is no body. */
export function insertMember(section: Section, text: string): readonly Fix[] {
  const { body } = section;
  if (body?.close === undefined) return [];
  const last = body.members.at(-1);
  const at = last?.span.end ?? body.open.end;
  const span = { ...body.open, start: at, end: at };
  const isOneLine = last?.kind !== 'section';
  return [
    {
      title: `Insert "${text}"`,
      edits: [
        { span, text: last === undefined ? ` ${text} ` : `${isOneLine ? ', ' : '\n  '}${text}` },
      ],
    },
  ];
}

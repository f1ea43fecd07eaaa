import type { Reporter } from '../../diagnostics/report.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Expression, Field, NumberLiteral, Section } from '../../parser/ast.js';
import { insertMember } from '../../parser/tree/insert-member.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import { nameAt, wordOf } from '../../parser/tree/syntax.js';
import { reportLoop } from '../declarations/report-loop.js';

/** The fields of a scheme and what single levels say instead. */
export interface Slots {
  readonly section: Section;
  /** The value for a level: its own, else the section's. */
  at(name: string, level: number): Expression | undefined;
  field(name: string): Field | undefined;
  /** What a level says by itself. */
  own(name: string, level: number): Field | undefined;
  /** Reports levels beyond the last. */
  checkLevels(last: number, reporter: Reporter): void;
}

/**
 * Reads the fields and `level` sections of a scheme; unknown and repeated ones are reported.
 *
 * @param sections the words of further sections that may stand in it; the caller reads these.
 */
export function readSlots(
  section: Section,
  title: string,
  known: readonly string[],
  perLevel: readonly string[],
  reporter: Reporter,
  sections: readonly string[] = [],
): Slots {
  const inner = [...(perLevel.length > 0 ? ['level'] : []), ...sections];
  const fields = readFields(section, title, known, reporter, inner);
  const levels = new Map<number, ReadonlyMap<string, Field>>();
  const selectors: NumberLiteral[] = [];
  for (const member of section.body?.members ?? []) {
    if (member.kind !== 'section' || member.keyword.text !== 'level') continue;
    if (perLevel.length === 0) continue;
    const own = readFields(member, `level of ${title}`, perLevel, reporter);
    if (member.selectors.length === 0) {
      reporter.report(
        'missing-name',
        { section: 'level', example: 'level 4, 5 { ... }' },
        { at: member.keyword.span },
      );
    }
    for (const selector of member.selectors) {
      if (levels.has(selector.value)) {
        const earlier = selectors.find(({ value }) => value === selector.value)!;
        reportDuplicate(reporter, {
          ...{ name: selector.text, what: 'level', at: selector.span },
          first: { span: earlier.span, text: 'first given here' },
          help: 'Put the fields of one level into one section.',
        });
      }
      selectors.push(selector);
      levels.set(selector.value, own);
    }
  }
  return {
    section,
    at: (name, level) => (levels.get(level)?.get(name) ?? fields.get(name))?.value,
    field: (name) => fields.get(name),
    own: (name, level) => levels.get(level)?.get(name),
    checkLevels: (last, to) => {
      for (const { value, text, span } of selectors) {
        if (Number.isInteger(value) && value >= 1 && value <= last) continue;
        to.report('level-out-of-range', { level: text, section: title, last }, { at: span });
      }
    },
  };
}

/**
 * The fields of a section by name.
 *
 * @param sections the words of sections that may stand among them; the caller reads these.
 */
export function readFields(
  section: Section,
  title: string,
  known: readonly string[],
  reporter: Reporter,
  sections: readonly string[] = [],
): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>();
  const meant = new Map<string, Field>();
  for (const member of section.body?.members ?? []) {
    if (member.kind === 'loop') {
      reportLoop(member, `"${title}"`, reporter);
      continue;
    }
    if (member.kind === 'section') {
      if (sections.includes(member.keyword.text)) continue;
      const suggestion = didYouMean(member.keyword, [...known, ...sections], '');
      reporter.report(
        'unknown-section',
        { name: member.keyword.text, where: `"${title}"`, known: suggestion.known },
        { at: member.keyword.span, help: suggestion.help, fixes: suggestion.fixes },
      );
      continue;
    }
    if (member.kind === 'assignment') {
      const equals = {
        ...member.name.span,
        start: member.name.span.end,
        end: member.value.span.start,
      };
      reporter.report(
        'misplaced',
        {
          what: `"${member.name.text} = ..."`,
          where: `"${title}"; expected "${member.name.text}: ..."`,
        },
        {
          at: member.name.span,
          fixes: [{ title: 'Change "=" to ":"', edits: [{ span: equals, text: ': ' }] }],
        },
      );
      const { name } = member;
      takeAs(known.includes(name.text) ? name.text : undefined, { ...member, kind: 'field' });
      continue;
    }
    if (!known.includes(member.name.text)) {
      const suggestion = didYouMean(member.name, known, '', wordOf(member.value));
      reporter.report(
        'unknown-field',
        { name: member.name.text, where: `"${title}"`, known: suggestion.known },
        { at: member.name.span, help: suggestion.help, fixes: suggestion.fixes },
      );
      const { nearest, value } = suggestion;
      const meantValue = value === undefined ? member.value : nameAt(value, member.value.span);
      takeAs(nearest, { ...member, value: meantValue });
      continue;
    }
    const first = fields.get(member.name.text);
    if (first !== undefined) {
      reportDuplicate(reporter, {
        ...{ name: member.name.text, what: 'field', at: member.name.span },
        first: { span: first.name.span, text: 'first given here' },
        help: 'Keep one of them.',
      });
      continue;
    }
    fields.set(member.name.text, member);
  }
  for (const [name, field] of meant) if (!fields.has(name)) fields.set(name, field);
  return fields;

  /** So that a field with a slip in it is not told to be missing as well. */
  function takeAs(name: string | undefined, field: Field): void {
    if (name !== undefined && !meant.has(name)) meant.set(name, field);
  }
}

/** Reports a field that a section lacks, with one to insert; nothing where the section is cut short. */
export function requireField(
  slots: Slots,
  section: string,
  field: string,
  example: string,
  reporter: Reporter,
): void {
  const body = slots.section.body;
  if (slots.field(field) !== undefined || (body !== undefined && body.close === undefined)) return;
  reporter.report(
    'missing-field',
    { section, field, example },
    {
      at: slots.section.name?.span ?? slots.section.keyword.span,
      fixes: insertMember(slots.section, example),
    },
  );
}

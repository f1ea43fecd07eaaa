import { Reporter } from '../../diagnostics/report.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Diagnostic, Fix, TextEdit } from '../../diagnostics/diagnostic.js';
import type {
  Assignment,
  Body,
  Expression,
  Identifier,
  Member,
  Section,
} from '../../parser/ast.js';
import { partsOf } from '../../parser/parts.js';

/**
 * Outside of loops a name is given to one tensor: it is its name in the network. A line
 * in a loop may make a tensor anew, as every round does.
 */
export function checkNamesOnce(body: Body | undefined): readonly Diagnostic[] {
  const reporter = new Reporter();
  const members = body?.members ?? [];
  const seen = new Map<string, Identifier>();
  for (const [index, member] of members.entries()) {
    if (isShared(member)) {
      const { text: name, span: at } = member.name!;
      const earlier = seen.get(name);
      const first = earlier && { span: earlier.span, text: 'first made here' };
      const help = 'Give the shared instance a name of its own.';
      if (first !== undefined) {
        reportDuplicate(reporter, { name, what: 'shared instance', at, first, help });
      }
    }
    if (member.kind === 'assignment') {
      const { text: name, span: at } = member.name;
      const first = seen.get(name);
      if (first !== undefined) {
        reportDuplicate(reporter, {
          ...{ name, what: 'tensor', at },
          first: { span: first.span, text: 'first made here' },
          help: 'Give each tensor a name of its own; only lines of loops make one anew.',
          fixes: renamed(member, members.slice(0, index), members.slice(index + 1)),
        });
      }
    }
    for (const name of madeBy(member)) if (!seen.has(name.text)) seen.set(name.text, name);
  }
  return reporter.diagnostics;
}

const isShared = (member: Member): member is Section =>
  member.kind === 'section' && member.keyword.text === 'shared' && member.name !== undefined;

/** The tensors that a line makes, and shared instances; of a loop, those of its lines. */
function madeBy(member: Member): readonly Identifier[] {
  if (member.kind === 'assignment') return [member.name];
  if (member.kind === 'loop') return member.body.members.flatMap(madeBy);
  const isTap = member.kind === 'section' && member.keyword.text === 'tap';
  return (isTap || isShared(member)) && member.name !== undefined ? [member.name] : [];
}

const namesIn = (members: readonly Member[]): ReadonlySet<string> =>
  new Set(members.flatMap(madeBy).map(({ text }) => text));

/**
 * The second tensor of a name gets one of its own, down to the line that makes a third: the
 * one that the network gave it, `h_2` and then `h_3`.
 */
function renamed(
  { name }: Assignment,
  above: readonly Member[],
  below: readonly Member[],
): readonly Fix[] {
  const { text } = name;
  const taken = namesIn([...above, ...below]);
  const next = below.findIndex((member) => madeBy(member).some((made) => made.text === text));
  const third = below[next];
  // In a loop that makes it anew, the name stands for both.
  if (text === 'out' || (third !== undefined && third.kind !== 'assignment')) return [];
  let number = 1 + above.flatMap(madeBy).filter((made) => made.text === text).length;
  while (taken.has(`${text}_${number}`)) number += 1;
  const own = `${text}_${number}`;
  const until = next === -1 ? below : below.slice(0, next);
  const uses = [
    ...until.flatMap((member) => usesIn(member, text)),
    ...(third === undefined ? [] : namesOf(third.value, text)),
  ];
  const edits = [name.span, ...uses].map((span): TextEdit => ({ span, text: own }));
  return [{ title: `Call it "${own}"`, edits, modernizes: true }];
}

/** The places where a line speaks of a tensor. */
function usesIn(member: Member, name: string): readonly Identifier['span'][] {
  if (member.kind === 'loop') {
    const { items, body } = member;
    return [...namesOf(items, name), ...body.members.flatMap((inner) => usesIn(inner, name))];
  }
  if (member.kind !== 'section') return namesOf(member.value, name);
  const isNames = member.keyword.text === 'names';
  const fields = (member.body?.members ?? []).flatMap((inner) =>
    isNames && inner.kind === 'field' && inner.name.text === name ? [inner.name.span] : [],
  );
  return [...(member.value === undefined ? [] : namesOf(member.value, name)), ...fields];
}

function namesOf(expression: Expression, name: string): readonly Identifier['span'][] {
  if (expression.kind === 'name') return expression.name === name ? [expression.span] : [];
  return partsOf(expression).flatMap((part) => namesOf(part, name));
}

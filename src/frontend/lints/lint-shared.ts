import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import type { Expression, Identifier, Member, Section } from '../../parser/ast.js';
import { partsOf } from '../../parser/parts.js';

/** How often a name is called, as far as the text tells: that something repeats a call is twice. */
const repeated = 2;

/**
 * Warns of shared instances that are called once or never, by the text alone: a loop that
 * today's parameters do not enter calls its instance, too. What stands in a loop, in a slot of
 * a scheme, in another instance or in an argument may run several times.
 */
export function lintShared(sections: readonly Section[]): readonly Diagnostic[] {
  const reporter = new Reporter();
  for (const section of sections) {
    const members = section.body?.members ?? [];
    const isModel = section.keyword.text === 'model';
    const bodies = isModel ? members.flatMap(wiresOf) : members;
    for (const { name, around } of declaredIn(bodies)) {
      const calls = callsIn(around ?? members, name.text, 1, isModel);
      if (calls >= repeated) continue;
      const help =
        calls === 0
          ? ['Call it in a pipeline, or take it out.']
          : ['Write its layers where it is called, or call it again.'];
      const message = calls === 0 ? 'shared-never-called' : 'shared-called-once';
      reporter.report(message, { name: name.text }, { at: name.span, help });
    }
  }
  return reporter.diagnostics;
}

/** An instance, and the lines of the loop in which it is declared anew each round. */
interface Declared {
  readonly name: Identifier;
  readonly around: readonly Member[] | undefined;
}

function declaredIn(members: readonly Member[], around?: readonly Member[]): readonly Declared[] {
  return members.flatMap((member): readonly Declared[] => {
    if (member.kind === 'loop') return declaredIn(member.body.members, member.body.members);
    const isShared = member.kind === 'section' && member.keyword.text === 'shared';
    return isShared && member.name !== undefined ? [{ name: member.name, around }] : [];
  });
}

const wiresOf = (member: Member): readonly Member[] =>
  member.kind === 'section' && member.keyword.text === 'wires' ? (member.body?.members ?? []) : [];

/** The calls in some lines, each as often as its place runs. */
function callsIn(
  members: readonly Member[],
  name: string,
  times: number,
  isModel: boolean,
): number {
  let calls = 0;
  for (const member of members) {
    if (member.kind === 'loop') calls += callsIn(member.body.members, name, repeated, isModel);
    else if (member.kind !== 'section') calls += times * mentionsIn(member.value, name);
    else {
      const { keyword, value, body } = member;
      const isOnce = keyword.text === 'wires' || keyword.text === 'tap';
      const isSlot = isModel && !isOnce && keyword.text !== 'head';
      const own = isSlot || keyword.text === 'shared' ? repeated : times;
      if (value !== undefined) calls += own * mentionsIn(value, name);
      calls += callsIn(body?.members ?? [], name, own, isModel);
      const isSupervised = body?.members.some(
        (each) => each.kind === 'field' && each.name.text === 'supervise',
      );
      if (keyword.text === 'head' && isSupervised === true && value !== undefined) {
        calls += mentionsIn(value, name);
      }
    }
  }
  return calls;
}

function mentionsIn(expression: Expression, name: string): number {
  if (expression.kind === 'name') return expression.name === name ? 1 : 0;
  const all = partsOf(expression).reduce((sum, part) => sum + mentionsIn(part, name), 0);
  return expression.kind === 'call' ? repeated * all : all;
}

import type { Section } from '../../parser/ast.js';
import { readShared, type SharedLine } from '../declarations/lines.js';
import { reportLoop } from '../declarations/report-loop.js';
import type { SchemeContext } from './scheme.js';
import type { Wire } from './wire.js';

/** What a `wires` section says. */
export interface ReadWires {
  readonly wires: readonly Wire[];
  readonly shared: readonly SharedLine[];
}

/** The lines of `wires` sections; what is none is reported and left out. */
export function readWires(sections: readonly Section[], context: SchemeContext): ReadWires {
  const members = sections.flatMap(({ body }) => body?.members ?? []);
  const shared = members.flatMap((member) =>
    member.kind === 'section' && isShared(member) ? readShared(member, context.reporter) : [],
  );
  const wires = members.flatMap((member): readonly Wire[] => {
    if (member.kind === 'section' && isShared(member)) return [];
    if (member.kind === 'assignment') {
      return [
        {
          name: member.name.text,
          nameSpan: member.name.span,
          expression: member.value,
          madeBy: { kind: 'wire' },
        },
      ];
    }
    if (member.kind === 'loop') {
      reportLoop(member, '"wires"', context.reporter);
      return [];
    }
    const isField = member.kind === 'field';
    context.reporter.report(
      'misplaced',
      {
        what: isField ? `"${member.name.text}: ..."` : `Section "${member.keyword.text}"`,
        where: '"wires"; expected lines such as "d4 = [e4, u4] -> concat"',
      },
      { at: isField ? member.name.span : member.keyword.span },
    );
    return [];
  });
  return { wires, shared };
}

const isShared = ({ keyword }: Section): boolean => keyword.text === 'shared';

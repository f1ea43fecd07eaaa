import type { Section } from '../../parser/ast.js';
import { reportLoop } from '../declarations/report-loop.js';
import type { SchemeContext } from './scheme.js';
import type { Wire } from './wire.js';

/** The lines of a `wires` section; what is none is reported and left out. */
export function readWires(section: Section, context: SchemeContext): readonly Wire[] {
  return (section.body?.members ?? []).flatMap((member): readonly Wire[] => {
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
}

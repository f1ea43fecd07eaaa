import type { Expression, Section } from '../../parser/ast.js';
import { mapExpression } from '../../parser/tree/syntax.js';

/** All names that occur in the fields and lines of a section, and in the sections inside it. */
export function namesIn(section: Section): readonly string[] {
  const names: string[] = [];
  const collect = (expression: Expression): void => {
    mapExpression(expression, (inner) => {
      if (inner.kind === 'name') names.push(inner.name);
      return inner;
    });
  };
  if (section.value !== undefined) collect(section.value);
  for (const member of section.body?.members ?? []) {
    if (member.kind === 'field' || member.kind === 'assignment') collect(member.value);
    if (member.kind === 'section') names.push(...namesIn(member));
  }
  return names;
}

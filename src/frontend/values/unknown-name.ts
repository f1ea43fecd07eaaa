import type { NameExpression } from '../../parser/ast.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import type { EvaluationContext } from './evaluation-context.js';

/** With more errors than these nearest names are not searched for: it would take a while, and help nobody. */
const suggestionLimit = 100;

/** A report is made of sentences and places. */
export const stepsOfReport = 50;

/** Reports a name that is not in scope, with the nearest one that is. */
export function reportUnknownName(
  name: Pick<NameExpression, 'name' | 'span' | 'nearby'>,
  context: EvaluationContext,
  expected: string,
  moreNames: readonly string[] = [],
  moreHelp: readonly string[] = [],
): void {
  const isWorthIt = context.reporter.errorCount < suggestionLimit;
  const names = (): readonly string[] => [
    ...(name.nearby ?? []),
    ...context.environment.names(),
    ...moreNames,
  ];
  const candidates = isWorthIt ? names() : [];
  context.work.count(stepsOfReport + candidates.length, name.span);
  const { help, fixes } = didYouMean({ text: name.name, span: name.span }, candidates, '');
  context.reporter.report(
    'unknown-name',
    { name: name.name, expected },
    { at: name.span, help: [...help, ...moreHelp], fixes },
  );
}

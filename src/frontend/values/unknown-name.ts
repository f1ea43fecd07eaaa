import type { NameExpression } from '../../parser/ast.js';
import { didYouMean } from '../../diagnostics/did-you-mean.js';
import type { EvaluationContext } from './evaluation-context.js';

/** A report is made of sentences and places. */
export const stepsOfReport = 50;

/** Reports a name that is not in scope, with the nearest one that is; nothing where names are missing. */
export function reportUnknownName(...report: Parameters<typeof reportUnknownStep>): void {
  const [, { environment }] = report;
  if (!environment.isIncomplete) reportUnknownStep(...report);
}

/** Reports a name where no tensor could stand: it is unknown, whatever names are missing. */
export function reportUnknownStep(
  name: Pick<NameExpression, 'name' | 'span' | 'nearby'>,
  context: EvaluationContext,
  expected: string,
  moreNames: readonly string[] = [],
  moreHelp: readonly string[] = [],
): void {
  const names = (): readonly string[] => [
    ...(name.nearby ?? []),
    ...context.environment.names(),
    ...moreNames,
  ];
  const candidates = context.work.countSearch() ? names() : [];
  context.work.count(stepsOfReport + candidates.length, name.span);
  const { help, fixes } = didYouMean({ text: name.name, span: name.span }, candidates, '');
  context.reporter.report(
    'unknown-name',
    { name: name.name, expected },
    { at: name.span, help: [...help, ...moreHelp], fixes },
  );
}

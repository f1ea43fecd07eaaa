import { didYouMean } from '../../diagnostics/did-you-mean.js';
import { reportDuplicate } from '../../diagnostics/report-duplicate.js';
import type { Graph } from '../../ir/graph.js';
import type { Expression, Section } from '../../parser/ast.js';
import type { EvaluationContext } from '../values/evaluation-context.js';

/** What a recipe says of single heads. */
export type HeadWord = 'loss' | 'target';

/** What to do about a second one. */
const repairs: Readonly<Record<HeadWord, string>> = {
  loss: 'Add the terms up in one loss.',
  target: 'A head learns one target: keep one of the two.',
};

/**
 * The values of the sections `loss NAME: ...` or `target NAME: ...` of a recipe, by the names of
 * heads. Names that no head has, second ones, and sections without a name are reported.
 *
 * @param example what the value could be, for messages.
 */
export function sectionsOfHeads(
  train: Section,
  word: HeadWord,
  example: string,
  { heads }: Graph,
  { reporter }: EvaluationContext,
): ReadonlyMap<string, Expression> {
  const names = heads.map(({ name }) => name);
  const values = new Map<string, Expression>();
  for (const member of train.body?.members ?? []) {
    if (member.kind !== 'section' || member.keyword.text !== word) continue;
    const { name, value } = member;
    if (name === undefined || value === undefined) {
      reporter.report(
        'missing-name',
        { section: word, example: `${word} ${names[0] ?? 'mask'}: ${example}` },
        { at: member.keyword.span },
      );
      continue;
    }
    if (!names.includes(name.text)) {
      const { known, help, fixes } = didYouMean(name, names, 'its heads are');
      const parameters = { name: name.text, expected: known };
      reporter.report('unknown-name', parameters, { at: name.span, help, fixes });
      continue;
    }
    if (values.has(name.text)) {
      const help = repairs[word];
      reportDuplicate(reporter, { name: name.text, what: word, at: name.span, help });
      continue;
    }
    values.set(name.text, value);
  }
  return values;
}

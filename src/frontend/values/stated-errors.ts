import type { Span } from '../../diagnostics/source.js';
import type { Field, Section } from '../../parser/ast.js';
import { evaluate, evaluateCondition } from './evaluate.js';
import type { EvaluationContext } from './evaluation-context.js';
import { fillIn } from './fill-in.js';
import { describeValue } from './value.js';

/** The field that states what is not allowed. */
export const errorField = 'error';

/** Checks all that a section states in its own body. */
export function checkStatedErrors(
  section: Section,
  stated: StatedFor,
  context: EvaluationContext,
): void {
  for (const member of section.body?.members ?? []) {
    if (member.kind === 'field' && member.name.text === errorField) {
      checkStatedError(member, stated, context);
    }
  }
}

/** A section without what it states: as many errors as one likes, and each field once. */
export const withoutErrors = (section: Section): Section =>
  section.body === undefined
    ? section
    : {
        ...section,
        body: {
          ...section.body,
          members: section.body.members.filter(
            (member) => member.kind !== 'field' || member.name.text !== errorField,
          ),
        },
      };

/** Whose error it is, as the message begins, and where it was asked for. */
export interface StatedFor {
  readonly owner: string;
  readonly at: Span;
}

/**
 * `error: "..." if condition` in a model, a block, an encoder or a recipe: reported where the
 * condition is true. Names in braces stand for their values.
 */
export function checkStatedError(
  { value }: Field,
  { owner, at }: StatedFor,
  context: EvaluationContext,
): void {
  const isConditional = value.kind === 'conditional' && value.otherwise === undefined;
  const isWrong = isConditional ? evaluateCondition(value.condition, context) : true;
  if (isWrong === undefined) return;
  const written = isConditional ? value.value : value;
  const stated = evaluate(written, context);
  if (stated.kind === 'invalid') return;
  if (stated.kind !== 'string') {
    const found = describeValue(stated);
    context.reporter.report('bad-stated-error', { found }, { at: written.span });
    return;
  }
  const text = fillIn(stated.value, written.span, context);
  if (text === undefined || !isWrong) return;
  const labels = written.span.file === at.file ? [{ span: written.span, text: 'stated here' }] : [];
  context.reporter.report('stated-error', { owner, text }, { at, labels });
}

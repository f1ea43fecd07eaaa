import type { Diagnostic, Fix, TextEdit } from '../../../src/diagnostics/diagnostic.js';
import { applyFix } from '../../diagnostics/apply-fix.js';
import { Subject, subjectPath, type Property } from './property.js';

/**
 * Every fix that is offered can be applied, changes the text, removes its problem, and is
 * not undone by a fix of what it leaves.
 */
export const fixes: Property = {
  name: 'fixes',
  check({ text, compilation }) {
    // Broken texts may offer hundreds.
    const offered = compilation.diagnostics.flatMap((problem) =>
      problem.fixes.map((fix) => ({ problem, fix })),
    );
    for (const { problem, fix } of offered.slice(0, 12)) {
      const wrong = faultOf(text, problem, fix);
      if (wrong !== undefined) return `${problem.code}: ${wrong}\n${problem.message}\n${fix.title}`;
    }
    return undefined;
  },
};

function faultOf(text: string, problem: Diagnostic, fix: Fix): string | undefined {
  if (fix.edits.length === 0) return 'the fix has no edits';
  if (fix.edits.some(({ span }) => span.file !== subjectPath)) return undefined;
  const sorted = fix.edits.toSorted((left, right) => left.span.start - right.span.start);
  const overlaps = sorted.some(({ span }, at) => span.start < (sorted[at - 1]?.span.end ?? 0));
  if (overlaps) return 'the edits of the fix overlap';
  const repaired = applyFix(text, fix);
  if (repaired === text) return 'the fix changes nothing';
  const after = new Subject(repaired).compilation.diagnostics;
  const start = placeAfter(problem.span.start, sorted);
  const isLeft = after.some(
    ({ code, message, span }) =>
      code === problem.code && message === problem.message && span.start === start,
  );
  if (isLeft) return 'the fix leaves its problem';
  const undone = after.some((next) =>
    next.fixes.some(
      (again) =>
        again.edits.every(({ span }) => span.file === subjectPath) &&
        applyFix(repaired, again) === text,
    ),
  );
  return undone ? 'the fix is undone by another one' : undefined;
}

/** Where an offset lies after edits; the start of an edit stays where it is. */
function placeAfter(offset: number, edits: readonly TextEdit[]): number {
  return edits
    .filter(({ span }) => span.end <= offset && span.start < offset)
    .reduce((moved, { span, text }) => moved + text.length - (span.end - span.start), offset);
}

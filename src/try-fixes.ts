import type { Diagnostic, Fix, TextEdit } from './diagnostics/diagnostic.js';
import type { Span } from './diagnostics/source.js';

/** The texts of a compilation and how others would compile in their place. */
export interface Trial {
  /** Texts that can be edited, by path: the spec and what it imports of its project. */
  readonly texts: ReadonlyMap<string, string>;
  /** How much work a compilation is, in parts of a small one. */
  readonly cost: number;
  /** What is told when some of the texts are others; fixes as they are proposed, untried. */
  diagnose(changed: ReadonlyMap<string, string>): readonly Diagnostic[];
}

/** Small compilations that all fixes of one text may take together: about half a second. */
const budget = 60;

/**
 * The diagnostics with those of their fixes that repair: applied, the problem is gone,
 * nothing new is wrong, and no fix of the result leads back. Each fix is tried when the
 * fixes of its diagnostic are first asked for, so that nobody waits who only looks at
 * messages; after `budget` there are no more.
 */
export function withTriedFixes(
  diagnostics: readonly Diagnostic[],
  trial: Trial,
): readonly Diagnostic[] {
  let left = budget;
  const tryFix = (problem: Diagnostic, fix: Fix): boolean => {
    if (left < trial.cost) return false;
    left -= trial.cost;
    return repairs(problem, fix, diagnostics, trial);
  };
  return diagnostics.map((problem) => {
    if (problem.fixes.length === 0) return problem;
    let tried: readonly Fix[] | undefined;
    return {
      ...problem,
      get fixes() {
        return (tried ??= problem.fixes.filter((fix) => tryFix(problem, fix)));
      },
    };
  });
}

function repairs(
  problem: Diagnostic,
  fix: Fix,
  before: readonly Diagnostic[],
  { texts, diagnose }: Trial,
): boolean {
  const changed = applyEdits(texts, fix.edits);
  if (changed === undefined) return false;
  const after = diagnose(changed);
  return (
    isGone(problem, fix, before, after) &&
    isNothingNew(problem, before, after) &&
    !after.some(({ fixes }) => fixes.some((next) => leadsBack(next, changed, texts)))
  );
}

/** The texts that edits change; undefined where they change nothing, overlap, or lie where none can. */
function applyEdits(
  texts: ReadonlyMap<string, string>,
  edits: readonly TextEdit[],
): ReadonlyMap<string, string> | undefined {
  const changed = new Map<string, string>();
  let last: Span | undefined;
  for (const { span, text } of edits.toSorted(fromTheEnd)) {
    const old = changed.get(span.file) ?? texts.get(span.file);
    const isFree = last === undefined || last.file !== span.file || span.end <= last.start;
    if (old === undefined || !isFree) return undefined;
    changed.set(span.file, old.slice(0, span.start) + text + old.slice(span.end));
    last = span;
  }
  const isOther = [...changed].some(([file, text]) => text !== texts.get(file));
  return isOther ? changed : undefined;
}

const fromTheEnd = (left: TextEdit, right: TextEdit): number =>
  left.span.file === right.span.file
    ? right.span.start - left.span.start
    : left.span.file < right.span.file
      ? -1
      : 1;

/** Whether a problem is told neither where it was nor as often as before. */
function isGone(
  problem: Diagnostic,
  { edits }: Fix,
  before: readonly Diagnostic[],
  after: readonly Diagnostic[],
): boolean {
  const { code, span } = problem;
  const start = placeAfter(span, edits);
  const isThere = after.some(
    (other) => other.code === code && other.span.file === span.file && other.span.start === start,
  );
  const count = (all: readonly Diagnostic[]): number =>
    all.filter((other) => sentenceOf(other) === sentenceOf(problem)).length;
  return !isThere && count(after) < count(before);
}

/** Where the start of a span lies after edits; at the start of an edit it stays. */
function placeAfter({ file, start }: Span, edits: readonly TextEdit[]): number {
  return edits
    .filter(({ span }) => span.file === file && span.start < start && span.end <= start)
    .reduce((moved, { span, text }) => moved + text.length - (span.end - span.start), start);
}

const sentenceOf = ({ code, message }: Diagnostic): string => `${code} ${message}`;

/** Whether no error is told that was not before; of what repairs a warning, no warning either. */
function isNothingNew(
  { severity }: Diagnostic,
  before: readonly Diagnostic[],
  after: readonly Diagnostic[],
): boolean {
  const known = new Map<string, number>();
  for (const each of before) {
    known.set(sentenceOf(each), (known.get(sentenceOf(each)) ?? 0) + 1);
  }
  return after.every((each) => {
    if (severity === 'error' && each.severity === 'warning') return true;
    const left = known.get(sentenceOf(each)) ?? 0;
    known.set(sentenceOf(each), left - 1);
    return left > 0;
  });
}

function leadsBack(
  next: Fix,
  changed: ReadonlyMap<string, string>,
  texts: ReadonlyMap<string, string>,
): boolean {
  const again = applyEdits(new Map([...texts, ...changed]), next.edits);
  const files = new Set([...changed.keys(), ...(again?.keys() ?? [])]);
  return (
    again !== undefined &&
    [...files].every((file) => (again.get(file) ?? changed.get(file)) === texts.get(file))
  );
}

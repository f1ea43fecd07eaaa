import type { Expression, SpecFile } from '../ast.js';
import type { Span } from '../../diagnostics/source.js';

/** What stands in the text before a step that is a name or a call. */
export interface StepBefore {
  readonly step: Expression;
  /** Whether both are steps of one pipeline, neither with a condition or a bracket of its own. */
  readonly isDirect: boolean;
}

/**
 * Finds what always flows into a step as the text says: the step before it in its pipeline,
 * also from within conditions and branches. A step before with a condition is that
 * condition, not what it holds. Undefined for the first step of a line.
 */
export function findStepsBefore(
  files: readonly SpecFile[],
): (step: Span) => StepBefore | undefined {
  let known: Map<string, StepBefore> | undefined;
  return (step) => {
    if (known === undefined) {
      known = new Map();
      for (const { sections } of files) collect(sections, undefined, known);
    }
    return known.get(placeKey(step));
  };
}

/** A place as a key: equal for places that are one. */
export const placeKey = ({ file, start, end }: Span): string => `${start} ${end} ${file}`;

/** Whether two places are one. */
export const isSamePlace = (one: Span, other: Span): boolean => placeKey(one) === placeKey(other);

function collect(
  tree: unknown,
  before: StepBefore | undefined,
  into: Map<string, StepBefore>,
): void {
  if (typeof tree !== 'object' || tree === null) return;
  if (Array.isArray(tree)) {
    for (const each of tree) collect(each, undefined, into);
    return;
  }
  const node = tree as Expression;
  const apart = before && { ...before, isDirect: false };
  if (node.kind === 'pipeline') {
    for (const [index, step] of node.steps.entries()) {
      const previous = node.steps[index - 1];
      collect(step, previous ? { step: lastOf(previous), isDirect: true } : apart, into);
    }
  } else if (node.kind === 'conditional') {
    collect(node.value, apart, into);
    collect(node.condition, undefined, into);
    collect(node.otherwise, apart, into);
  } else if (node.kind === 'list') {
    for (const item of node.items) collect(item, apart, into);
  } else {
    const isStep = node.kind === 'name' || node.kind === 'call';
    if (isStep && before !== undefined) into.set(placeKey(node.span), before);
    for (const child of Object.values(node)) collect(child, undefined, into);
  }
}

const lastOf = (step: Expression): Expression =>
  step.kind === 'pipeline' ? lastOf(step.steps.at(-1)!) : step;

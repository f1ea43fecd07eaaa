import type { Span } from '../../diagnostics/source.js';
import type { EvaluationContext } from './evaluation-context.js';
import { reportUnknownName } from './unknown-name.js';
import { describeValue } from './value.js';

/** A line of a message, looked through. */
const charactersInStep = 64;

/** Puts values in the place of names in braces: `layer{stage}.{i}`; undefined when something was reported. */
export function fillIn(text: string, at: Span, context: EvaluationContext): string | undefined {
  if (!context.work.count(Math.ceil(text.length / charactersInStep), at)) return undefined;
  let isSound = true;
  const filled = text.replace(/\{([^{}]*)\}/g, (_, name: string) => {
    const value = context.environment.lookup(name.trim());
    if (value?.kind === 'number' || value?.kind === 'string') return String(value.value);
    if (value?.kind === 'symbol') return value.name;
    isSound = false;
    if (value === undefined) {
      reportUnknownName({ name: name.trim(), span: at }, context, 'a number or a word');
    } else if (value.kind !== 'invalid') {
      const parameters = {
        name: '{...}',
        expects: 'a number or a word',
        found: describeValue(value),
      };
      context.reporter.report('bad-function-argument', parameters, { at });
    }
    return '';
  });
  return isSound ? filled : undefined;
}

import type { SourceExpression } from '../../ir/graph.js';
import type { Body, CallArgument, Step } from './body.js';
import { calculate } from '../../ir/arithmetic.js';
import type { CodeValue } from './expressions.js';
import { isLeftOut, type LayerPart } from './layer-forms.js';

type Replacements = ReadonlyMap<string, SourceExpression>;

/** A body with expressions in place of parameters that its function does not have. */
export function resolveBody(body: Body, replaced: Replacements): Body {
  return replaced.size === 0
    ? body
    : { ...body, steps: body.steps.map((step) => resolveStep(step, replaced)) };
}

function resolveStep(step: Step, replaced: Replacements): Step {
  if (step.kind === 'call') {
    const args = [...step.args].map(([name, value]): [string, CallArgument] => [
      name,
      value.kind === 'default' ? value : resolveValue(value, replaced),
    ]);
    return { ...step, args: new Map(args) };
  }
  const parts = step.form.parts.map((part) => resolvePart(part, replaced));
  return { ...step, form: { ...step.form, parts } };
}

function resolvePart(part: LayerPart, replaced: Replacements): LayerPart {
  const entries = Object.entries(part.config)
    .map(([key, value]) => [key, resolveValue(value, replaced)] as const)
    .filter(([key, value]) => !isLeftOut(part, key, value));
  return { ...part, config: Object.fromEntries(entries) };
}

function resolveValue(value: CodeValue, replaced: Replacements): CodeValue {
  if (value.kind === 'literal') return value;
  const source = resolveSource(value.source, replaced);
  if (source.kind !== 'number') return { kind: value.kind, source };
  const number = source.value;
  return { kind: 'literal', value: value.kind === 'pair' ? [number, number] : number };
}

/** Puts expressions in for parameters, and works out what then is a number. */
export function resolveSource(source: SourceExpression, replaced: Replacements): SourceExpression {
  switch (source.kind) {
    case 'number':
    case 'channels':
      return source;
    case 'parameter': {
      const replacement = replaced.get(source.name);
      return replacement === undefined ? source : resolveSource(replacement, replaced);
    }
    case 'binary': {
      const left = resolveSource(source.left, replaced);
      const right = resolveSource(source.right, replaced);
      return simplify({ ...source, left, right });
    }
  }
}

function simplify(source: Extract<SourceExpression, { kind: 'binary' }>): SourceExpression {
  const { operator, left, right } = source;
  const isNumber = (side: SourceExpression, value: number): boolean =>
    side.kind === 'number' && side.value === value;
  if (left.kind === 'number' && right.kind === 'number') {
    return { kind: 'number', value: calculate(operator, left.value, right.value) };
  }
  if ((operator === '*' || operator === '/') && isNumber(right, 1)) return left;
  if ((operator === '+' || operator === '-') && isNumber(right, 0)) return left;
  if (operator === '*' && isNumber(left, 1)) return right;
  if (operator === '+' && isNumber(left, 0)) return right;
  return source;
}

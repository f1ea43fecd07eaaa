import type { OptionSchema } from '../../catalog/component.js';
import { divideLimits, narrow, type NumberLimits } from '../../ir/number-limits.js';
import { multipleOf } from '../../ir/shorten-formula.js';
import { fix, followed } from '../values/model-parameter.js';
import type { Value } from '../values/value.js';

/**
 * Limits the parameters of the model by what an option takes that follows from them, as an
 * emitted model must: no layer looks at most of its numbers. A parameter that gives the
 * option in another way than by a multiple of itself is fixed, unless `isChecked`: layers
 * refuse such a value themselves.
 */
export function limitParameters(value: Value, schema: OptionSchema, isChecked: boolean): void {
  const follows = followed(value);
  if (follows.length === 0) return;
  const multiple = value.kind === 'number' && value.root ? multipleOf(value.root) : undefined;
  const own = follows.find(({ name }) => name === multiple?.name);
  if (multiple !== undefined && own !== undefined && multiple.factor > 0) {
    own.limits = narrow(own.limits, divideLimits(limitsOf(schema), multiple.factor));
  } else if (!isChecked) fix(follows);
}

const limitsOf = ({ type, minimum, maximum, ...open }: OptionSchema): NumberLimits => ({
  isWhole: type === 'integer',
  ...(minimum === undefined ? {} : { from: minimum }),
  ...(open.exclusiveMinimum === undefined ? {} : { above: open.exclusiveMinimum }),
  ...(maximum === undefined ? {} : { to: maximum }),
  ...(open.exclusiveMaximum === undefined ? {} : { below: open.exclusiveMaximum }),
});

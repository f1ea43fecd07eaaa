import type { Derivation, Formula } from '../../ir/formula.js';
import type { ModelParameter, NumberValue, Value } from './value.js';

/** The parameters that values follow from. */
export function followed(...values: readonly Value[]): readonly ModelParameter[] {
  let all: readonly ModelParameter[] = none;
  for (const value of values) {
    const own = followedByOne(value);
    if (own === none || own === all) continue;
    all = all === none ? own : [...new Set([...all, ...own])];
  }
  return all;
}

/** Most values follow from none, and are asked at every step: nothing is made for them. */
const none: readonly ModelParameter[] = [];

function followedByOne(value: Value): readonly ModelParameter[] {
  if (value.kind === 'list') return followed(...value.items);
  return ('follows' in value ? value.follows : undefined) ?? none;
}

const plain: Record<string, never> = {};

/** The same as fields of a value: none where it follows from none. */
export function following(
  ...values: readonly Value[]
): { readonly follows: readonly ModelParameter[] } | Record<string, never> {
  const follows = followed(...values);
  return follows.length === 0 ? plain : { follows };
}

/** Notes that more than a number in the network follows from these. */
export function fix(parameters: readonly ModelParameter[]): void {
  for (const parameter of parameters) parameter.isFixed = true;
}

/** How a value came about, as the graph keeps it; undefined for a plain one. */
export function derivationOf(value: Value): Derivation | undefined {
  const formula = 'source' in value ? value.source : undefined;
  const parameters = followed(value);
  if (formula === undefined && parameters.length === 0) return undefined;
  const follows = parameters.map(({ name }) => name);
  return { ...(formula === undefined ? {} : { formula }), follows };
}

const isConstant = ({ source, root }: NumberValue): boolean =>
  source === undefined && root === undefined;

type Derived = Pick<NumberValue, 'source' | 'root'>;

/** The formulas of a value that follows from others by one step; none where some have none. */
export function derive(
  from: readonly NumberValue[],
  make: (formulas: readonly Formula[]) => Formula,
): Derived {
  if (from.every(isConstant)) return plain;
  const join = (part: 'source' | 'root'): Formula | undefined => {
    if (from.every((each) => each[part] === undefined)) return undefined;
    const formulas = from.flatMap((each): readonly Formula[] => {
      if (each[part] !== undefined) return [each[part]];
      // A number that follows from parameters in some other way is no constant.
      return each.follows === undefined ? [{ kind: 'number', value: each.value }] : [];
    });
    return formulas.length === from.length ? make(formulas) : undefined;
  };
  const [source, root] = [join('source'), join('root')];
  return { ...(source && { source }), ...(root && { root }) };
}

import type { Derivation, Formula } from '../../ir/formula.js';
import type { ModelParameter, NumberValue, Value } from './value.js';

/** The parameters that values follow from, without those that the defaults of these follow from. */
export function followed(...values: readonly Value[]): readonly ModelParameter[] {
  let all: readonly ModelParameter[] = none;
  let several: Set<ModelParameter> | undefined;
  for (const value of values) {
    const own = followedByOne(value);
    if (own === none || own === all) continue;
    if (all === none) all = own;
    else {
      several ??= new Set(all);
      for (const parameter of own) several.add(parameter);
    }
  }
  return several === undefined ? all : [...several];
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

/**
 * Notes that more than a number in the network follows from these, and so from all that
 * their defaults follow from: what a fixed parameter follows from is fixed.
 */
export function fix(parameters: readonly ModelParameter[]): void {
  const pending = [...parameters];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next.isFixed) continue;
    next.isFixed = true;
    for (const each of next.follows) pending.push(each);
  }
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

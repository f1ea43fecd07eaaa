/**
 * A value of a Python pickle. Nothing in a pickle is run here: what Python would call is
 * kept as the name of what would be called, with what it would be given.
 */
export type PickleValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | PickleList
  | PickleDict
  | PickleGlobal
  | PickleObject
  | PickleReference;

/** A list, a tuple or a set. */
export interface PickleList {
  readonly kind: 'list';
  readonly items: PickleValue[];
}

export interface PickleDict {
  readonly kind: 'dict';
  readonly entries: Map<PickleValue, PickleValue>;
}

/** A class or function of Python: `torch.FloatStorage`. */
export interface PickleGlobal {
  readonly kind: 'global';
  readonly name: string;
}

/** What Python would make by a call. */
export interface PickleObject {
  readonly kind: 'object';
  readonly callee: PickleValue;
  readonly args: readonly PickleValue[];
  /** What it would be told afterwards. */
  state: PickleValue;
  /** What would be put into it, where it is a dict or a list. */
  readonly entries: Map<PickleValue, PickleValue>;
  readonly items: PickleValue[];
}

/** What stands outside of the pickle, by what it says of it. */
export interface PickleReference {
  readonly kind: 'reference';
  readonly to: PickleValue;
}

type Kinds = PickleList | PickleDict | PickleGlobal | PickleObject | PickleReference;

/** Whether a value is of a kind. */
export const isKind = <K extends Kinds['kind']>(
  value: PickleValue | undefined,
  kind: K,
): value is Extract<Kinds, { readonly kind: K }> =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;

/** The items of a list; none for anything else. */
export const itemsOf = (value: PickleValue | undefined): readonly PickleValue[] =>
  isKind(value, 'list') ? value.items : [];

/** The entries of a dict, or of an object that is one, such as `OrderedDict`; undefined for anything else. */
export function entriesOf(
  value: PickleValue | undefined,
): ReadonlyMap<PickleValue, PickleValue> | undefined {
  if (isKind(value, 'dict')) return value.entries;
  return isKind(value, 'object') && value.entries.size > 0 ? value.entries : undefined;
}

/** The name of a class or function; undefined for anything else. */
export const globalName = (value: PickleValue | undefined): string | undefined =>
  isKind(value, 'global') ? value.name : undefined;

import type { Dataset, Group } from 'h5wasm';

/** What a group of an HDF5 file holds by a name or path. */
export type Member = ReturnType<Group['get']> | Group;

/** A member of a group; undefined where there is none. */
export function childOf(group: Group, path: string): Member | undefined {
  const [first = ''] = path.split('/');
  // Asking for what is not there is an error of the library.
  if (!group.keys().includes(first)) return undefined;
  try {
    return group.get(path) ?? undefined;
  } catch {
    return undefined;
  }
}

export const isGroup = (member: Member | undefined): member is Group =>
  member !== undefined && member !== null && 'type' in member && member.type === 'Group';

export const isDataset = (member: Member | undefined): member is Dataset =>
  member !== undefined && member !== null && 'type' in member && member.type === 'Dataset';

/** An attribute that is a text. */
export function textIn({ attrs }: Group | Dataset, attribute: string): string | undefined {
  const value: unknown = attrs[attribute]?.value;
  return typeof value === 'string' ? value : undefined;
}

/**
 * An attribute that is a list of texts. One that is larger than an attribute may be is
 * kept in parts: `layer_names0`, `layer_names1` and so on.
 */
export function textsIn(group: Group, attribute: string): readonly string[] {
  const { attrs } = group;
  const names =
    attrs[attribute] === undefined
      ? Object.keys(attrs)
          .filter(
            (name) => name.startsWith(attribute) && /^\d+$/.test(name.slice(attribute.length)),
          )
          .sort(
            (one, other) =>
              Number(one.slice(attribute.length)) - Number(other.slice(attribute.length)),
          )
      : [attribute];
  return names.flatMap((name) => {
    const value: unknown = attrs[name]?.value;
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  });
}

/**
 * What a table holds under a name that somebody wrote. Every object answers to
 * `constructor` or `toString` besides: those are no entries.
 */
export function ownValue<T>(
  table: Readonly<Partial<Record<string, T>>>,
  name: string,
): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

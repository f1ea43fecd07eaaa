import type { DataListing, ListedPair } from './data-listing.js';

/** The most names in a message. */
const mostNames = 5;

/**
 * What differs between the data of a run and those that are there now, in words:
 * `train: 1 pair is missing ("a"); val: 2 masks changed ("b", "c")`. Empty where
 * nothing does.
 */
export function describeDataChanges(before: DataListing, now: DataListing): string {
  const parts = (['train', 'val'] as const).flatMap((split) => {
    const changes = describeSplit(before[split], now[split]);
    return changes.length === 0 ? [] : [`${split}: ${changes.join(', ')}`];
  });
  return parts.join('; ');
}

function describeSplit(before: readonly ListedPair[], now: readonly ListedPair[]): string[] {
  const old = new Map(before.map((pair) => [pair.name, pair]));
  const present = new Map(now.map((pair) => [pair.name, pair]));
  const gone = before.filter(({ name }) => !present.has(name));
  const come = now.filter(({ name }) => !old.has(name));
  const renamed: string[] = [];
  const added: string[] = [];
  const left = new Set(gone);
  for (const pair of come) {
    const source = [...left].find(({ image, mask }) => image === pair.image && mask === pair.mask);
    if (source === undefined) added.push(pair.name);
    else {
      left.delete(source);
      renamed.push(`${source.name}" to "${pair.name}`);
    }
  }
  const changed = (part: 'image' | 'mask' | 'instances'): string[] =>
    now.flatMap((pair) => {
      const same = old.get(pair.name);
      return same !== undefined && same[part] !== pair[part] ? [pair.name] : [];
    });
  return [
    tell(
      [...left].map(({ name }) => name),
      'pair is missing',
      'pairs are missing',
    ),
    tell(added, 'pair is new', 'pairs are new'),
    tell(renamed, 'pair was renamed', 'pairs were renamed'),
    tell(changed('image'), 'image changed', 'images changed'),
    tell(changed('mask'), 'mask changed', 'masks changed'),
    tell(changed('instances'), 'mask of instances changed', 'masks of instances changed'),
  ].flat();
}

function tell(names: readonly string[], one: string, many: string): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, mostNames).map((name) => `"${name}"`);
  const more = names.length > mostNames ? [`${names.length - mostNames} more`] : [];
  return [`${names.length} ${names.length === 1 ? one : many} (${[...shown, ...more].join(', ')})`];
}

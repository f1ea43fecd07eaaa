import { extname, join } from 'node:path';
import type { SplitRule } from '../../ir/data-source.js';
import type { Reporter } from '../../diagnostics/report.js';
import { atFile } from './at-file.js';
import { drawValidation, groupOf, groupsNeeded, type DrawnSplit } from './draw-parts.js';
import type { FilePair } from './folder.js';
import type { ListedPair } from './pair-list.js';
import { readLines } from './text-lines.js';

/** The part that each pair of an undivided folder belongs to. */
export interface Parts {
  readonly train: readonly FilePair[];
  readonly val: readonly FilePair[];
}

/** A split of pairs that lie together. */
export type PairSplit = Exclude<SplitRule, { readonly kind: 'folders' }>;

/**
 * Divides the pairs of a folder as the recipe says; each part keeps their order. Reports
 * lists that cannot be read or name no pair, too few groups, and parts without pairs.
 */
export function splitPairs(
  folder: string,
  pairs: readonly ListedPair[],
  rule: PairSplit,
  reporter: Reporter,
): Parts {
  const part = partsOf(folder, pairs, rule, reporter);
  const of = (name: 'train' | 'val'): readonly FilePair[] =>
    pairs.filter((pair) => part(pair) === name);
  const parts = { train: of('train'), val: of('val') };
  if (reporter.hasErrors || pairs.length === 0) return parts;
  for (const name of ['train', 'val'] as const) {
    if (parts[name].length > 0) continue;
    reporter.report('part-empty', { folder, part: name, split: rule.kind }, { at: atFile(folder) });
  }
  return parts;
}

type PartOf = (pair: ListedPair) => 'train' | 'val' | undefined;

function partsOf(
  folder: string,
  pairs: readonly ListedPair[],
  rule: PairSplit,
  reporter: Reporter,
): PartOf {
  switch (rule.kind) {
    case 'column':
      return ({ part }) => part;
    case 'lists':
      return readLists(folder, pairs, rule, reporter);
    case 'fraction':
    case 'folds':
      return draw(folder, pairs, rule, reporter);
  }
}

function draw(
  folder: string,
  pairs: readonly ListedPair[],
  rule: DrawnSplit,
  reporter: Reporter,
): PartOf {
  const validation = drawValidation(pairs, rule);
  if (validation === undefined) {
    const groups = new Set(pairs.map((pair) => groupOf(pair, rule))).size;
    const parameters = { folder, split: rule.kind, groups, needed: groupsNeeded(rule) };
    if (pairs.length > 0) reporter.report('groups-too-few', parameters, { at: atFile(folder) });
    return () => undefined;
  }
  return (pair) => (validation.has(groupOf(pair, rule)) ? 'val' : 'train');
}

function readLists(
  folder: string,
  pairs: readonly ListedPair[],
  rule: PairSplit & { readonly kind: 'lists' },
  reporter: Reporter,
): PartOf {
  const known = new Set(pairs.map(({ name }) => name));
  const parts = new Map<string, 'train' | 'val'>();
  for (const part of ['train', 'val'] as const) {
    const file = join(folder, rule[part]);
    for (const { text, line } of readLines(folder, rule[part], reporter)) {
      const name = nameOn(text, known);
      const at = atFile(file);
      if (!known.has(name)) {
        reporter.report('listed-name-unknown', { file, line, name: text }, { at });
      } else if ((parts.get(name) ?? part) !== part) {
        reporter.report('listed-in-both', { file, line, name }, { at });
      } else parts.set(name, part);
    }
  }
  return ({ name }) => parts.get(name);
}

/** The name that a line means: as it stands, or without extension, and without folders in front. */
function nameOn(text: string, known: ReadonlySet<string>): string {
  const steps = text.replaceAll('\\', '/').split('/');
  const ways = steps.flatMap((_, from): readonly string[] => {
    const way = steps.slice(from).join('/');
    return [way, way.slice(0, way.length - extname(way).length)];
  });
  return [text, ...ways].find((way) => known.has(way)) ?? text;
}

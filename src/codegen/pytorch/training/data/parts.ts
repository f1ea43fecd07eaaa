import { PART, type SplitRule } from '../../../../ir/data-source.js';
import { stringText } from '../../../python/docstring.js';
import { layOut } from '../../../python/layout.js';
import { drawText, groupLines } from './draw-parts.js';
import { allPairs, filesIn, pairing } from './pair-files.js';
import type { StoredSource } from './plan.js';
import { placesOf } from './targets.js';
import { linesText, pairListText } from './pair-list.js';

/** How the pairs of one part are found in a folder without shards. */
export interface PartsText {
  /** The last statements of `pairs_of(data, split)`. */
  readonly body: readonly string[];
  /** The functions that they call. */
  readonly functions: readonly string[];
  /** The variable of the part's word in paths, and the statements that it is made by. */
  readonly word: string;
  readonly wordLines: readonly string[];
}

/** Finds and divides the pairs of a folder as `unetc train` does. */
export function partsText({ pairs, split, targets }: StoredSource, instances: boolean): PartsText {
  const none = { word: '', wordLines: [] };
  if (pairs.kind === 'folders' && split.kind === 'folders') {
    return {
      body: [...wordLines(split), ...pairing(pairs, wordOf(split), instances)],
      functions: [filesIn(pairs)],
      word: wordOf(split),
      wordLines: wordLines(split),
    };
  }
  const isListed = pairs.kind === 'list';
  const find = isListed
    ? pairListText(pairs.file, instances, placesOf(targets))
    : allPairs(pairs, instances);
  const read = isListed
    ? ['    rows = rows_of(data)', '    items = [row.item for row in rows]']
    : ['    items = all_pairs(data)'];
  const last = '    return [item for item in items if parts.get(item.name) == split]';
  switch (split.kind) {
    case 'fraction':
    case 'folds':
      return {
        body: [...read, ...groupLines(split, isListed), '    parts = draw_parts(groups)', last],
        functions: [...find, drawText(split)],
        ...none,
      };
    case 'lists': {
      const names = [split.train, split.val].map(stringText).join(', ');
      return {
        body: [...read, `    parts = listed_parts(data, items)`, last],
        functions: [...find, listedParts(names)],
        ...none,
      };
    }
    default:
      return {
        body: [
          '    rows = rows_of(data)',
          '    return [row.item for row in rows if row.part == split]',
        ],
        functions: find,
        ...none,
      };
  }
}

/** Where the pairs lie, for people. */
export function placeOf({ pairs, split }: StoredSource): string {
  if (pairs.kind === 'list') return `the files that ${pairs.file} lists`;
  const both = `${pairs.images}, ${pairs.masks}`;
  if (split.kind !== 'folders') return `the folders ${both}`;
  const parts = [split.train, split.val].map((word) => both.replaceAll(PART, word));
  return `the folders ${parts.join(' and ')}`;
}

/** The words that paths have for the parts, where they are others. */
function wordLines({ train, val }: SplitRule & { readonly kind: 'folders' }): readonly string[] {
  if (train === 'train' && val === 'val') return [];
  const words = `{"train": ${stringText(train)}, "val": ${stringText(val)}}`;
  return layOut(4, `word = ${words}[split]`);
}

const wordOf = ({ train, val }: SplitRule & { readonly kind: 'folders' }): string =>
  train === 'train' && val === 'val' ? 'split' : 'word';

const listedParts = (
  files: string,
): string => `def listed_parts(data: Path, items: list[Item]) -> dict[str, str]:
    """The part of each pair that a list names."""
    known = {item.name for item in items}
    parts: dict[str, str] = {}
    for part, file in zip(("train", "val"), (${files})):
        for line in lines_of(data / file):
            # As it stands, or without extension, and without folders in front.
            steps = line.replace("\\\\", "/").split("/")
            ways = [line, *("/".join(steps[at:]) for at in range(len(steps)))]
            ends = [end for way in ways for end in (way, posixpath.splitext(way)[0])]
            names = [name for name in ends if name in known]
            if not names:
                raise DataError(f"{data / file}: there is no pair {line}")
            if parts.setdefault(names[0], part) != part:
                raise DataError(f"{data / file}: {names[0]} is in both lists")
    return parts


${linesText}`;

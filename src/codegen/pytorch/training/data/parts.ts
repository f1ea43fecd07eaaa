import {
  PART,
  type DataSource,
  type PairSource,
  type SplitRule,
} from '../../../../ir/data-source.js';
import { stringText } from '../../../python/docstring.js';
import { layOut } from '../../../python/layout.js';
import { linesText, pairListText } from './pair-list.js';

type Folders = PairSource & { readonly kind: 'folders' };
type Drawn = SplitRule & { readonly kind: 'fraction' | 'folds' };

/** How the pairs of one part are found in a folder without shards. */
export interface PartsText {
  /** The last statements of `pairs_of(data, split)`. */
  readonly body: readonly string[];
  /** The functions that they call. */
  readonly functions: readonly string[];
}

/** Finds and divides the pairs of a folder as `unetc train` does. */
export function partsText({ pairs, split }: DataSource, instances: boolean): PartsText {
  if (pairs.kind === 'folders' && split.kind === 'folders') {
    return {
      body: [...wordLines(split), ...pairing(pairs, split, instances)],
      functions: [filesIn(pairs)],
    };
  }
  const isListed = pairs.kind === 'list';
  const find = isListed ? pairListText(pairs.file, instances) : allPairs(pairs, instances);
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
      };
    case 'lists': {
      const names = [split.train, split.val].map(stringText).join(', ');
      return {
        body: [...read, `    parts = listed_parts(data, items)`, last],
        functions: [...find, listedParts(names)],
      };
    }
    default:
      return {
        body: [
          '    rows = rows_of(data)',
          '    return [row.item for row in rows if row.part == split]',
        ],
        functions: find,
      };
  }
}

/** Where the pairs lie, for people. */
export function placeOf({ pairs, split }: DataSource): string {
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

const wordOf = (split: SplitRule): string =>
  split.kind !== 'folders' || (split.train === 'train' && split.val === 'val') ? 'split' : 'word';

/** A path in the data folder as an expression. */
function pathText(path: string, word: string): string {
  const steps = path
    .split('/')
    .filter((step) => step !== '' && step !== '.')
    .map((step) => {
      if (step === PART) return word;
      if (!step.includes(PART)) return stringText(step);
      const marked = step.split(PART).map((text) => text.replace(/[{}]/g, '$&$&'));
      return `f${stringText(marked.join(`{${word}}`))}`;
    });
  return ['data', ...steps].join(' / ');
}

/** Images and masks of folders, paired by their names. */
function pairing(folders: Folders, split: SplitRule, instances: boolean): readonly string[] {
  const word = wordOf(split);
  const { suffixes } = folders;
  const isShared = folders.images === folders.masks;
  const call = (kind: 'image' | 'mask'): string => {
    const path = pathText(folders[kind === 'image' ? 'images' : 'masks'], word);
    const [own, other] = [suffixes[kind], suffixes[kind === 'image' ? 'mask' : 'image']];
    const isHidden = isShared && other.length > own.length;
    const more = isHidden
      ? `, ${stringText(own)}, ${stringText(other)}`
      : own === ''
        ? ''
        : `, ${stringText(own)}`;
    return `files_in(${path}${more})`;
  };
  const both = `images, masks = ${call('image')}, ${call('mask')}`;
  const read =
    both.length + 4 <= 88
      ? [`    ${both}`]
      : [...layOut(4, `images = ${call('image')}`), ...layOut(4, `masks = ${call('mask')}`)];
  const more = instances
    ? [
        ...layOut(4, `numbered = ${pathText(folders.instances, word)}`),
        '    objects = files_in(numbered) if numbered.is_dir() else None',
        '    if objects is not None:',
        '        lacking = [name for name in images if name not in objects]',
        '        problems += [f"{images[name].label} has no instances" for name in lacking]',
      ]
    : [];
  return [
    ...read,
    '    lone = [part.label for name, part in images.items() if name not in masks]',
    '    problems = [f"{label} has no mask" for label in lone]',
    '    lone = [part.label for name, part in masks.items() if name not in images]',
    '    problems += [f"{label} has no image" for label in lone]',
    ...more,
    '    if problems:',
    '        raise DataError("\\n".join(problems))',
    ...(instances
      ? [
          '    return [',
          '        Item(name, image, masks[name], objects[name] if objects else None)',
          '        for name, image in images.items()',
          '    ]',
        ]
      : ['    return [Item(name, image, masks[name]) for name, image in images.items()]']),
  ];
}

function allPairs(folders: Folders, instances: boolean): readonly string[] {
  const split = { kind: 'column' } as const;
  const lines = [
    'def all_pairs(data: Path) -> list[Item]:',
    '    """The pairs of the folder, in the order of their names."""',
    ...pairing(folders, split, instances),
  ];
  return [lines.join('\n'), filesIn(folders)];
}

function filesIn({ images, masks, suffixes }: Folders): string {
  const isPlain = suffixes.image === '' && suffixes.mask === '';
  const isHidden = images === masks && suffixes.image.length !== suffixes.mask.length;
  const head = isPlain
    ? 'def files_in(folder: Path) -> dict[str, Part]:'
    : isHidden
      ? 'def files_in(folder: Path, suffix: str = "", other: str = "") -> dict[str, Part]:'
      : 'def files_in(folder: Path, suffix: str = "") -> dict[str, Part]:';
  const doc = isPlain
    ? ['    """The images of a folder by name without ending, in order."""']
    : isHidden
      ? [
          '    """The images of a folder whose names end in a suffix and not in another one,',
          '    by name without suffix, in order.',
          '    """',
        ]
      : [
          '    """The images of a folder whose names end in a suffix, by name without it, in',
          '    order.',
          '    """',
        ];
  const own = isPlain
    ? (['        if path.stem in found:', 'path.stem'] as const)
    : (['        if name in found:', 'name'] as const);
  const skipped = isPlain
    ? []
    : [
        '        if path.stem == suffix or not path.stem.endswith(suffix):',
        '            continue',
        ...(isHidden
          ? [
              '        if other and path.stem != other and path.stem.endswith(other):',
              '            continue',
            ]
          : []),
        '        name = path.stem.removesuffix(suffix)',
      ];
  return [
    head,
    ...doc,
    '    if not folder.is_dir():',
    '        raise DataError(f"{folder} is no folder; it is to hold images")',
    '    found: dict[str, Part] = {}',
    '    names = (path.name for path in folder.iterdir() if not path.is_dir())',
    isPlain
      ? '    for name in sorted(names, key=in_javascript):'
      : '    for file in sorted(names, key=in_javascript):',
    isPlain ? '        path = folder / name' : '        path = folder / file',
    isPlain
      ? '        if name.startswith(".") or path.suffix.lower() not in ENDINGS:'
      : '        if file.startswith(".") or path.suffix.lower() not in ENDINGS:',
    '            continue',
    ...skipped,
    own[0],
    `            raise DataError(f"{found[${own[1]}].label} and {path} have one name")`,
    `        found[${own[1]}] = Part(path, str(path))`,
    '    if not found:',
    '        raise DataError(f"{folder} holds no images")',
    '    return found',
  ].join('\n');
}

/** The group of each pair. */
function groupLines({ group }: Drawn, isListed: boolean): readonly string[] {
  if (group !== undefined && group !== '') {
    const text = `item.name.partition(${stringText(group)})[0]`;
    return layOut(4, `groups = {item.name: ${text} for item in items}`);
  }
  return isListed
    ? layOut(4, 'groups = {row.item.name: row.group or row.item.name for row in rows}')
    : ['    groups = {item.name: item.name for item in items}'];
}

function drawText(rule: Drawn): string {
  const needed = rule.kind === 'folds' ? rule.count : 2;
  const draw =
    rule.kind === 'fraction'
      ? [
          '    drawn: set[str] = set()',
          '    taken = 0',
          '    for group in order[:-1]:',
          `        if taken > 0 and taken + sizes[group] / 2 > ${String(rule.val)} * len(groups):`,
          '            break',
          '        drawn.add(group)',
          '        taken += sizes[group]',
        ]
      : [
          `    folds: list[set[str]] = [set() for _ in range(${rule.count})]`,
          '    taken = [0] * len(folds)',
          '    for group in sorted(order, key=lambda group: -sizes[group]):',
          '        fold = taken.index(min(taken))',
          '        folds[fold].add(group)',
          '        taken[fold] += sizes[group]',
          `    drawn = folds[${rule.fold}]`,
        ];
  return [
    'def draw_parts(groups: dict[str, str]) -> dict[str, str]:',
    '    """The part of each pair by its name. What is drawn follows from the names of the',
    '    groups alone; no group is divided.',
    '    """',
    '    sizes = Counter(groups.values())',
    '',
    '    def place(group: str) -> str:',
    `        return sha256(f"${rule.seed}/{group}".encode()).hexdigest()`,
    '',
    '    order = sorted(sizes, key=place)',
    `    if len(order) < ${needed}:`,
    `        raise DataError(f"${needed} groups of pairs are needed; found {len(order)}")`,
    ...draw,
    '    return {name: "val" if groups[name] in drawn else "train" for name in groups}',
  ].join('\n');
}

const listedParts = (
  files: string,
): string => `def listed_parts(data: Path, items: list[Item]) -> dict[str, str]:
    """The part of each pair that a list names."""
    known = {item.name for item in items}
    parts: dict[str, str] = {}
    for part, file in zip(("train", "val"), (${files})):
        for line in lines_of(data / file):
            last = PurePosixPath(line.replace("\\\\", "/")).name
            names = [name for name in (line, last, Path(last).stem) if name in known]
            if not names:
                raise DataError(f"{data / file}: there is no pair {line}")
            if parts.setdefault(names[0], part) != part:
                raise DataError(f"{data / file}: {names[0]} is in both lists")
    return parts


${linesText}`;

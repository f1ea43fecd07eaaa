import { PART, type PairSource } from '../../../../ir/data-source.js';
import { stringText } from '../../../python/docstring.js';
import { layOut } from '../../../python/layout.js';

/** Pairs that lie in folders. */
export type Folders = PairSource & { readonly kind: 'folders' };

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

/** Statements that pair images and masks by their names; `word` is the variable of the part's word in paths. */
export function pairing(folders: Folders, word: string, instances: boolean): readonly string[] {
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

/** What finds the pairs of a folder that is not divided. */
export function allPairs(folders: Folders, instances: boolean): readonly string[] {
  const lines = [
    'def all_pairs(data: Path) -> list[Item]:',
    '    """The pairs of the folder, in the order of their names."""',
    ...pairing(folders, '', instances),
  ];
  return [lines.join('\n'), filesIn(folders)];
}

/** What lists the images of a folder. */
export function filesIn({ images, masks, suffixes }: Folders): string {
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
  // Without suffixes a pair has the name of its file.
  const [file, key] = isPlain ? ['name', 'path.stem'] : ['file', 'name'];
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
    `    for ${file} in sorted(names, key=in_javascript):`,
    `        path = folder / ${file}`,
    `        if ${file}.startswith(".") or path.suffix.lower() not in ENDINGS:`,
    '            continue',
    ...skipped,
    `        if ${key} in found:`,
    `            raise DataError(f"{found[${key}].label} and {path} have one name")`,
    `        found[${key}] = Part(path, str(path))`,
    '    if not found:',
    '        raise DataError(f"{folder} holds no images")',
    '    return found',
  ].join('\n');
}

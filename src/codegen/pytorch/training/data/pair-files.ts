import { PART, type PairSource } from '../../../../ir/data-source.js';
import { stringText } from '../../../python/docstring.js';
import { layOut } from '../../../python/layout.js';

/** Pairs that lie in folders. */
export type Folders = PairSource & { readonly kind: 'folders' };

/** A path in the data folder as an expression. */
export function pathText(path: string, word: string): string {
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

/** Whether a folder of these lies inside of another one, whatever the part. */
function isNested({ images, masks, instances }: Folders): boolean {
  const ways = [images, masks, instances].map((path) => {
    const steps = path.split('/').filter((step) => step !== '' && step !== '.');
    return ['', ...steps].join('/');
  });
  return ways.some((way) => ways.some((other) => other.startsWith(`${way}/`)));
}

/** Statements that pair images and masks by their names; `word` is the variable of the part's word in paths. */
export function pairing(folders: Folders, word: string, instances: boolean): readonly string[] {
  const { suffixes } = folders;
  const isShared = folders.images === folders.masks;
  const apart = isNested(folders);
  const place = (kind: 'images' | 'masks' | 'instances'): string =>
    apart ? kind.replace(/s$/, '_folder') : pathText(folders[kind], word);
  const kinds = ['images', 'masks', ...(instances ? ['instances' as const] : [])] as const;
  const call = (kind: 'image' | 'mask'): string => {
    const path = place(kind === 'image' ? 'images' : 'masks');
    const [own, other] = [suffixes[kind], suffixes[kind === 'image' ? 'mask' : 'image']];
    const isHidden = isShared && other.length > own.length;
    const more = isHidden
      ? `, ${stringText(own)}, ${stringText(other)}`
      : own === ''
        ? ''
        : `, ${stringText(own)}`;
    return `files_in(${path}${apart ? ', others' : ''}${more})`;
  };
  const places = apart
    ? [
        ...kinds.flatMap((kind) => layOut(4, `${place(kind)} = ${pathText(folders[kind], word)}`)),
        ...layOut(4, `others = (${kinds.map(place).join(', ')})`),
      ]
    : [];
  const both = `images, masks = ${call('image')}, ${call('mask')}`;
  const read =
    both.length + 4 <= 88
      ? [`    ${both}`]
      : [...layOut(4, `images = ${call('image')}`), ...layOut(4, `masks = ${call('mask')}`)];
  const more = instances
    ? [
        ...(apart ? [] : layOut(4, `numbered = ${pathText(folders.instances, word)}`)),
        apart
          ? `    objects = files_in(${place('instances')}, others) if ${place('instances')}.is_dir() else None`
          : '    objects = files_in(numbered) if numbered.is_dir() else None',
        '    if objects is not None:',
        '        lacking = [name for name in images if name not in objects]',
        '        problems += [f"{images[name].label} has no instances" for name in lacking]',
      ]
    : [];
  return [
    ...places,
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
export function filesIn(folders: Folders): string {
  const { images, masks, suffixes } = folders;
  const isPlain = suffixes.image === '' && suffixes.mask === '';
  const isHidden = images === masks && suffixes.image.length !== suffixes.mask.length;
  const apart = isNested(folders);
  const parameters = [
    'folder: Path',
    ...(apart ? ['others: tuple[Path, ...]'] : []),
    ...(isPlain ? [] : ['suffix: str = ""']),
    ...(isHidden ? ['other: str = ""'] : []),
  ];
  const doc = isPlain
    ? ['    """The images of a folder by path without ending, in order."""']
    : isHidden
      ? [
          '    """The images of a folder whose names end in a suffix and not in another one,',
          '    by path without suffix, in order.',
          '    """',
        ]
      : [
          '    """The images of a folder whose names end in a suffix, by path without it, in',
          '    order.',
          '    """',
        ];
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
        '        name = name.removesuffix(suffix)',
      ];
  const lines = [
    ...layOut(0, `def files_in(${parameters.join(', ')}) -> dict[str, Part]:`),
    ...doc,
    '    if not folder.is_dir():',
    '        raise DataError(f"{folder} is no folder; it is to hold images")',
    '    found: dict[str, Part] = {}',
    `    for way in sorted(paths_below(folder${apart ? ', others' : ''}), key=in_javascript):`,
    '        path = folder / way',
    '        if path.suffix.lower() not in ENDINGS:',
    '            continue',
    '        name = way.removesuffix(path.suffix)',
    ...skipped,
    '        if name in found:',
    '            raise DataError(f"{found[name].label} and {path} have one name")',
    '        found[name] = Part(path, str(path))',
    '    if not found:',
    '        raise DataError(f"{folder} holds no images")',
    '    return found',
  ];
  return `${lines.join('\n')}\n\n\n${pathsBelow(apart)}`;
}

/** What lists the files of a folder and of those inside of it. */
const pathsBelow = (apart: boolean): string =>
  [
    'def paths_below(',
    '    folder: Path,',
    ...(apart ? ['    others: tuple[Path, ...],'] : []),
    '    way: str = "",',
    '    above: tuple[Path, ...] = (),',
    ') -> Iterator[str]:',
    '    """The files of a folder and of those inside of it, but for hidden ones, as paths',
    '    from there; links that lead back up are not followed.',
    '    """',
    '    above = (*above, folder.resolve())',
    '    for path in folder.iterdir():',
    '        if path.name.startswith("."):',
    '            continue',
    '        if not path.is_dir():',
    '            yield way + path.name',
    `        elif path.resolve() not in above${apart ? ' and path not in others' : ''}:`,
    `            yield from paths_below(path, ${apart ? 'others, ' : ''}f"{way}{path.name}/", above)`,
  ].join('\n');

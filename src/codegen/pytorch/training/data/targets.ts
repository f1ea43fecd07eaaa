import {
  placesOfTarget,
  type HeadTargets,
  type Target,
  type TargetPlace,
} from '../../../../ir/target.js';
import { stringText } from '../../../python/docstring.js';
import { layOut } from '../../../python/layout.js';
import { numberText } from './numbers.js';
import type { DataPlan } from './plan.js';

/** The functions that read targets of heads, as the expressions of `targets_of` need them. */
type TargetReader = 'values_of' | 'class_numbers' | 'depths_of';

/** Where the files of all targets lie, in the order in which an item has them. */
export const placesOf = (targets: HeadTargets): readonly TargetPlace[] =>
  Object.values(targets).flatMap(placesOfTarget);

/** Whether objects have to be told apart for a target. */
export const hasDistances = (targets: HeadTargets): boolean =>
  Object.values(targets).some(({ kind }) => kind === 'distance');

/** Whether files may hold NaN, for there is no value. */
export const mayLackValues = (targets: HeadTargets): boolean =>
  Object.values(targets).some(({ kind }) => kind === 'values');

/** The function that reads numbers of objects or classes. */
const numbersReader = ({ colours }: Pick<DataPlan, 'colours'>): string =>
  colours === undefined ? 'read_levels' : 'read_numbers';

/** What gives the targets of an item as planes; nothing where all heads learn the masks. */
export function targetsText(plan: DataPlan): readonly string[] {
  const { targets } = plan.data;
  if (plan.targets.length === 0) return [];
  const readers = new Set<TargetReader>();
  let file = 0;
  const planes = plan.targets.flatMap(({ head, channels }): readonly string[] => {
    const target = targets[head]!;
    const first = file;
    file += placesOfTarget(target).length;
    return planesOf(target, first, channels, readers);
  });
  return [
    [
      'def targets_of(item: Item, mask: Mask) -> Pixels:',
      '    """What heads learn beside the mask, [H, W, planes]; NaN where there is no value."""',
      '    planes: list[Doubles] = [',
      ...planes.flatMap((text) => layOut(8, `${text},`)),
      '    ]',
      '    if any(plane.shape != mask.shape for plane in planes):',
      '        raise DataError(f"{item.image.label} and its targets differ in size")',
      '    return np.stack(planes, 2).astype(np.float32)',
    ].join('\n'),
    ...(readers.has('values_of') ? [valuesOf] : []),
    ...(readers.has('class_numbers') ? [classNumbers(numbersReader(plan))] : []),
    ...(readers.has('depths_of') ? [depthsOf(plan)] : []),
  ];
}

/** Expressions for the planes of one target. */
function planesOf(
  target: Target,
  first: number,
  channels: number,
  readers: Set<TargetReader>,
): readonly string[] {
  const part = `item.targets[${first}]`;
  switch (target.kind) {
    case 'values': {
      readers.add('values_of');
      const { scale, offset, ignore } = target;
      const options = [
        ...[scale, offset].map(numberText),
        ...(ignore === undefined ? [] : [numberText(ignore)]),
      ];
      return [`*values_of(${[part, channels, ...options].join(', ')})`];
    }
    case 'masks':
      readers.add('class_numbers');
      return [`class_numbers(${part}, ${channels}, ${target.ignore})`];
    case 'planes':
      readers.add('class_numbers');
      // No file holds -1: every value is inside or outside.
      return target.places.map((_, at) => `class_numbers(item.targets[${first + at}], 1, -1)`);
    case 'distance':
      readers.add('depths_of');
      return ['depths_of(item, mask)'];
  }
}

const valuesOf = `def values_of(
    part: Part, channels: int, scale: float, offset: float, none: float | None = None
) -> list[Doubles]:
    """The values of a file, a plane for each channel; NaN where it has none."""
    raw = raw_samples(part)
    stored = np.asarray(as_seen(decode(part)[0])) if raw is None else raw[0]
    samples = stored.astype(np.float64).reshape(*stored.shape[:2], -1)
    if samples.shape[2] != channels:
        raise DataError(
            f"{part.label} has {samples.shape[2]} channels; expected {channels}"
        )
    values = samples * scale + offset
    if none is not None:
        values[samples == none] = np.nan
    return [values[..., channel] for channel in range(channels)]`;

const classNumbers = (
  read: string,
): string => `def class_numbers(part: Part, channels: int, ignore: int) -> Doubles:
    """The classes that a mask of numbers names; of one channel those above 0 are 1."""
    if is_lossy(part):
        raise DataError(f"{part.label} blurs values; save the mask as a PNG")
    levels = ${read}(part)
    numbers = np.where(levels == ignore, np.nan, levels)
    if channels == 1:
        return np.minimum(numbers, 1)
    if (numbers >= channels).any():
        most = channels - 1
        raise DataError(f"{part.label} holds classes beyond {most}")
    return numbers`;

function depthsOf(plan: DataPlan): string {
  const read = numbersReader(plan);
  // Masks of numbers tell their objects apart themselves.
  const labels =
    plan.borderWidth === undefined
      ? `${read}(item.instances) if item.instances else objects_of(mask)`
      : `${read}(item.instances or item.mask)`;
  return `def depths_of(item: Item, mask: Mask) -> Doubles:
    """How far pixels lie from what is not of their object, over the largest such
    distance of it: 0 outside of objects, NaN where the mask has no class.
    """
    labels = ${labels}
    depths = np.where(mask == IGNORED, np.nan, 0.0)
    for number in np.unique(labels[labels > 0]):
        rows, columns = np.nonzero(labels == number)
        part = (
            slice(max(0, int(rows.min()) - 1), int(rows.max()) + 2),
            slice(max(0, int(columns.min()) - 1), int(columns.max()) + 2),
        )
        inside = labels[part] == number
        squares = squared_distances(~inside)
        most = squares[inside].max()
        shares = np.sqrt(squares / most) if most < np.inf else np.ones(squares.shape)
        own = depths[part]
        own[inside] = np.where(np.isnan(own), np.nan, shares)[inside]
    return depths`;
}

/** What gives items the files of targets in folders; nothing where there are none. */
export function withTargetsText(places: readonly TargetPlace[]): readonly string[] {
  if (places.length === 0) return [];
  return [withTargets, targetsIn];
}

/** The folders of targets as a list of Python; `word` is the variable of the part's word in paths. */
export function placesText(
  places: readonly TargetPlace[],
  pathText: (path: string) => string,
): readonly string[] {
  const entries = places.map(
    ({ folder, suffix }) => `(${pathText(folder)}, ${stringText(suffix)})`,
  );
  return layOut(4, `places = [${entries.join(', ')}]`);
}

const withTargets = `def with_targets(items: list[Item], places: list[tuple[Path, str]]) -> list[Item]:
    """The same pairs with the files of what heads learn beside the masks."""
    found = [(targets_in(folder), folder, suffix) for folder, suffix in places]
    problems = [
        f"{item.image.label} has no target in {folder}"
        for item in items
        for files, folder, suffix in found
        if item.name + suffix not in files
    ]
    if problems:
        raise DataError("\\n".join(problems))
    return [
        item._replace(
            targets=tuple(files[item.name + suffix] for files, _, suffix in found)
        )
        for item in items
    ]`;

const targetsIn = `def targets_in(folder: Path) -> dict[str, Part]:
    """The files of a folder of targets by path without ending."""
    if not folder.is_dir():
        raise DataError(f"{folder} is no folder; it is to hold targets")
    paths = (path for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    return {
        path.relative_to(folder).with_suffix("").as_posix(): Part(path, str(path))
        for path in sorted(paths)
    }`;

import { targetMembers, type HeadTargets, type TargetPlace } from '../../../../ir/target.js';
import { docstring, stringText } from '../../../python/docstring.js';
import { layOut } from '../../../python/layout.js';
import { pathText } from './pair-files.js';
import { partsText, placeOf, type PartsText } from './parts.js';
import { hasDistances, placesOf, placesText, withTargetsText } from './targets.js';
import type { DataPlan } from './plan.js';

/** What finds images and masks; `Item` says what is kept of a pair. */
export function filesText(plan: DataPlan): readonly string[] {
  const needs = needsOf(plan);
  const parts = partsText(plan.data, needs.instances);
  const places = plan.data.pairs.kind === 'list' ? [] : placesOf(plan.data.targets);
  return [
    `class DataError(Exception):
    """What is wrong with the data, for people."""`,
    `class Part(NamedTuple):
    """A file, or a member of a tar shard: \`size\` bytes from \`offset\` on."""

    path: Path
    label: str
    offset: int = 0
    size: int = -1

    def read(self) -> bytes:
        with self.path.open("rb") as file:
            file.seek(self.offset)
            return file.read(self.size)`,
    itemText(needs),
    findText(plan, needs, placeOf(plan.data)),
    ...pairsText(parts, places),
    ...parts.functions,
    ...withTargetsText(places),
    inJavascript,
    shardText(needs.instances, plan.data.targets),
  ];
}

/** What has to be known of all files before the first sample. */
export interface FileNeeds {
  /** Sizes, where those of a batch follow from its images. */
  readonly sizes: boolean;
  /** What the levels of masks mean, where the files of all pairs together say it. */
  readonly levels: boolean;
  /** Masks of instances, for weight maps and distances. */
  readonly instances: boolean;
  /** The balance of classes, for weight maps. */
  readonly balance: boolean;
  /** Files of targets that heads have of their own. */
  readonly targets: boolean;
}

export function needsOf({ policy, classes, colours, maps, data }: DataPlan): FileNeeds {
  return {
    sizes: policy === 'pad',
    levels: classes === 2 && colours === undefined,
    instances: maps.length > 0 || hasDistances(data.targets),
    balance: maps.length > 0,
    targets: placesOf(data.targets).length > 0,
  };
}

function itemText({ sizes, levels, instances, balance, targets }: FileNeeds): string {
  return [
    'class Item(NamedTuple):',
    '    """An image with its mask."""',
    '',
    '    name: str',
    '    image: Part',
    '    mask: Part',
    ...(instances ? ['    instances: Part | None = None'] : []),
    ...(balance ? ['    balance: tuple[float, ...] = ()'] : []),
    ...(targets
      ? ['    # What heads learn beside the mask.', '    targets: tuple[Part, ...] = ()']
      : []),
    ...(levels
      ? [
          '    # The class of each level of the mask.',
          '    levels: tuple[tuple[int, int], ...] = ()',
        ]
      : []),
    ...(sizes ? ['    height: int = 0', '    width: int = 0'] : []),
  ].join('\n');
}

function findText(
  { ignore }: DataPlan,
  { sizes, levels, balance }: FileNeeds,
  place: string,
): string {
  const both = '(training, validation)';
  const steps = [
    ...(levels
      ? [
          '    levels = meaning_of(training + validation)',
          '    training, validation = (',
          `        [item._replace(levels=levels) for item in items]`,
          `        for items in ${both}`,
          '    )',
        ]
      : []),
    ...(balance
      ? [
          '    balance = balance_of(training)',
          '    training, validation = (',
          `        [item._replace(balance=balance) for item in items]`,
          `        for items in ${both}`,
          '    )',
        ]
      : []),
    ...(sizes ? [`    training, validation = map(with_sizes, ${both})`] : []),
  ];
  const scan = levels
    ? `

def meaning_of(items: list[Item]) -> tuple[tuple[int, int], ...]:
    """What the levels of masks mean, which all of them say together: 0 and 1 are the
    classes, or 0 and any other level.
    """
    found: set[int] = set()
    with ThreadPoolExecutor() as pool:
        for levels in pool.map(lambda item: np.unique(read_levels(item.mask)), items):
            found.update(levels.tolist())
${
  ignore === undefined
    ? `    known = sorted(found)
    if found <= {0, 1, IGNORED} and (1 in found or found <= {0}):
        return ((0, 0), (1, 1), (IGNORED, IGNORED))
    if len(known) == 1:
        return ((0, 0), (known[0], 1))
    if len(known) == 2 and known[0] == 0:
        return ((0, 0), (known[1], 1))`
    : `    ignored = tuple((level, IGNORED) for level in NO_CLASS)
    known = sorted(found.difference(NO_CLASS))
    if known in ([], [0], [1], [0, 1]):
        return ((0, 0), (1, 1), *ignored)
    if len(known) == 1:
        return ((0, 0), (known[0], 1), *ignored)
    if len(known) == 2 and known[0] == 0:
        return ((0, 0), (known[1], 1), *ignored)`
}
    raise DataError(f"masks of two classes hold 0 and one other level; found {known}")`
    : '';
  const counted = balance
    ? `

def balance_of(items: list[Item]) -> tuple[float, ...]:
    """Weights that give all classes of the masks the same sum; 1 for absent ones."""
    counts = np.zeros(CLASSES)
    for item in items:
        mask = read_mask(item)
        counts += np.bincount(mask[mask != IGNORED], minlength=CLASSES)
    present = np.count_nonzero(counts)
    weights = counts.sum() / (present * np.maximum(counts, 1))
    return tuple(np.where(counts > 0, weights, 1.0).tolist())`
    : '';
  const sized = sizes
    ? `

def with_sizes(items: list[Item]) -> list[Item]:
    """The same pairs with the sizes of their images."""
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda item: size_of(item.image), items)
        return [item._replace(height=h, width=w) for item, (h, w) in zip(items, found)]`
    : '';
  const returned =
    steps.length === 0
      ? '    return pairs_of(data, "train"), pairs_of(data, "val")'
      : [
          '    training, validation = pairs_of(data, "train"), pairs_of(data, "val")',
          ...steps,
          '    return training, validation',
        ].join('\n');
  const doc = docstring(4, [
    `The pairs for training and those for validation, in the order of their names: of ${place}, or of the shards train-*.tar and val-*.tar. Raises DataError.`,
  ]);
  return `def find_items(data: Path) -> tuple[list[Item], list[Item]]:
${doc.join('\n')}
${returned}${scan && `\n${scan}`}${counted && `\n${counted}`}${sized && `\n${sized}`}`;
}

/** What finds the pairs of a part, of shards or as `parts` has it. */
function pairsText(
  { body, word, wordLines }: PartsText,
  places: readonly TargetPlace[],
): readonly string[] {
  const head = `def pairs_of(data: Path, split: str) -> list[Item]:
    """The pairs of one part of the data."""
    shards = sorted(data.glob(f"{split}-*.tar"))
    if shards:
        # "train-00000-of-00012.tar" says how many there are.
        for shard in shards:
            total = shard.stem.partition("-of-")[2]
            if total.isdecimal() and int(total) != len(shards):
                raise DataError(
                    f"{data} has {len(shards)} of {int(total)} {split} shards"
                )
        return [item for shard in shards for item in pairs_in(shard)]`;
  if (places.length === 0) return [[head, ...body].join('\n')];
  const own = [
    ...wordLines,
    ...placesText(places, (path) => pathText(path, word)),
    '    return with_targets(masked(data, split), places)',
  ];
  const masked = [
    'def masked(data: Path, split: str) -> list[Item]:',
    '    """The pairs of images and masks of one part."""',
    ...body,
  ];
  return [[head, ...own].join('\n'), masked.join('\n')];
}

const inJavascript = `def in_javascript(name: str) -> bytes:
    """What JavaScript compares of a text: units of UTF-16."""
    return name.encode("utf-16-be", "surrogatepass")`;

/** The statements that make an item of the members of a shard. */
function kindsText(instances: boolean, targets: HeadTargets): string {
  const kinds = targetMembers(targets).map(({ kind }) => stringText(kind));
  const objects = instances ? ', parts.get("instances")' : '';
  if (kinds.length === 0) {
    return `        if "image" not in parts or "mask" not in parts:
            raise DataError(f"{shard}: {name} is not whole: it has {', '.join(parts)}")
        items.append(Item(name, parts["image"], parts["mask"]${objects}))`;
  }
  const list = layOut(8, `kinds = (${kinds.join(', ')}${kinds.length === 1 ? ',' : ''})`);
  return [
    ...list,
    '        if any(kind not in parts for kind in ("image", "mask", *kinds)):',
    `            raise DataError(f"{shard}: {name} is not whole: it has {', '.join(parts)}")`,
    `        item = Item(name, parts["image"], parts["mask"]${objects})`,
    '        items.append(item._replace(targets=tuple(parts[kind] for kind in kinds)))',
  ].join('\n');
}

const shardText = (
  instances: boolean,
  targets: HeadTargets,
): string => `def pairs_in(shard: Path) -> list[Item]:
    """The pairs of a shard, in its order; their bytes are read when they are needed."""
    found: dict[str, dict[str, Part]] = {}
    try:
        with tarfile.open(shard, "r:") as tar:
            for member in tar:
                name, _, ending = PurePosixPath(member.name).name.partition(".")
                # Files without a name are hidden ones, as macOS adds them.
                if not member.isfile() or name == "":
                    continue
                key = str(PurePosixPath(member.name).with_name(name))
                part = Part(
                    shard, f"{shard}: {member.name}", member.offset_data, member.size
                )
                parts, kind = found.setdefault(key, {}), ending.partition(".")[0]
                if kind in parts:
                    raise DataError(f"{part.label} is there twice")
                parts[kind] = part
    except (OSError, tarfile.TarError) as problem:
        raise DataError(f"{shard} cannot be read: {problem}") from problem
    items: list[Item] = []
    for name, parts in found.items():
${kindsText(instances, targets)}
    return items`;

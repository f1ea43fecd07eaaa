import type { TargetPlace } from '../../../../ir/target.js';
import { stringText } from '../../../python/docstring.js';
import { layOut } from '../../../python/layout.js';

/** Reads the list of pairs of a data folder, as `unetc train` does. */
export function pairListText(
  file: string,
  instances: boolean,
  targets: readonly TargetPlace[],
): readonly string[] {
  const columns = targets.map(({ folder }) => stringText(folder.toLowerCase()));
  const own =
    columns.length === 0
      ? []
      : [
          ...layOut(8, `named = (${columns.join(', ')}${columns.length === 1 ? ',' : ''})`),
          '        files = tuple(part_in(data, row.get(column, "")) for column in named)',
          '        item = item._replace(targets=files)',
        ];
  const objects = instances
    ? [
        '        numbered = row.get("instances")',
        '        objects = part_in(data, numbered) if numbered else None',
        '        item = Item(name, image, part_in(data, row["mask"]), objects)',
      ]
    : ['        item = Item(name, image, part_in(data, row["mask"]))'];
  return [
    `class Row(NamedTuple):
    """A pair as the list has it."""

    item: Item
    part: str
    group: str`,
    [
      'def rows_of(data: Path) -> list[Row]:',
      '    """The pairs that the list names, in the order of their names."""',
      `    file = data / ${stringText(file)}`,
      '    head, *lines = lines_of(file) or [""]',
      '    end = "\\t" if "\\t" in head else ","',
      '    columns = [name.strip().lower() for name in head.split(end)]',
      '    if "image" not in columns or "mask" not in columns:',
      '        raise DataError(f"{file}: the first line names no columns image and mask")',
      '    rows: list[dict[str, str]] = []',
      '    for line in lines:',
      '        fields = [field.strip() for field in line.split(end)]',
      '        if len(fields) != len(columns):',
      '            raise DataError(f"{file}: {line} has not {len(columns)} fields")',
      '        rows.append(dict(zip(columns, fields)))',
      '    images = [row["image"].replace("\\\\", "/") for row in rows]',
      '    ways = [posixpath.splitext(posixpath.normpath(image))[0] for image in images]',
      '    names = [posixpath.basename(way) for way in ways]',
      '    if len(set(names)) < len(set(ways)):',
      '        # Two images have one name: their paths tell them apart.',
      '        names = ways',
      '    found: dict[str, Row] = {}',
      '    for row, name in zip(rows, names):',
      '        image = part_in(data, row["image"])',
      ...objects,
      ...own,
      '        if item.name in found:',
      '            raise DataError(f"{file}: two images have the name {item.name}")',
      '        found[item.name] = Row(item, row.get("part", ""), row.get("group", ""))',
      '    return [found[name] for name in sorted(found, key=in_javascript)]',
    ].join('\n'),
    `def part_in(data: Path, path: str) -> Part:
    """A file inside the data folder."""
    file = data / path
    inside = file.resolve().is_relative_to(data.resolve())
    if not path or not inside or not file.is_file():
        raise DataError(f"{path or 'nothing'} is no file in {data}")
    return Part(file, str(file))`,
    linesText,
  ];
}

/** Reads a list. */
export const linesText = `def lines_of(file: Path) -> list[str]:
    """The lines of a list that hold something, without blanks around them."""
    try:
        lines = file.read_text("utf-8-sig").split("\\n")
    except (OSError, UnicodeError) as problem:
        raise DataError(f"{file} cannot be read: {problem}") from problem
    return [line.strip() for line in lines if line.strip()]`;

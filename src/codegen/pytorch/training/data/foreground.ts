import { docstring } from '../../../python/docstring.js';
import { isWarp } from './augment.js';
import { numberText } from './numbers.js';
import type { DataPlan } from './plan.js';

/** The functions that find foreground for crops to hold; none where all crops lie anywhere. */
export function foregroundText({ foreground, augment }: DataPlan): readonly string[] {
  if (foreground === 0) return [];
  return augment.some(isWarp)
    ? [drawing(foreground, true), whereShown, placeAround]
    : [drawing(foreground, false), placeAround];
}

/** The lines of a sample that move its window, once `warps` are drawn. */
export function holdForeground({ foreground, augment }: DataPlan): readonly string[] {
  if (foreground === 0) return [];
  return [
    'if random is not None:',
    '    stream = random.fork("foreground")',
    `    held = foreground_of(mask${augment.some(isWarp) ? ', warps' : ''}, stream)`,
    '    if held is not None:',
    '        top = place_around(held[0], pixels.shape[0], height.cover, stream)',
    '        left = place_around(held[1], pixels.shape[1], width.cover, stream)',
  ];
}

function drawing(share: number, isWarped: boolean): string {
  const percent = numberText(Math.round(share * 1000) / 10);
  const shown = isWarped ? ', where warps show it' : '';
  return [
    ...(isWarped
      ? [
          'def foreground_of(',
          '    mask: Mask, warps: list[Warp | None], random: Random',
          ') -> tuple[float, float] | None:',
        ]
      : ['def foreground_of(mask: Mask, random: Random) -> tuple[float, float] | None:']),
    ...docstring(4, [
      `A pixel of foreground for ${percent} % of the samples${shown}: each class is as likely as the others.`,
    ]),
    `    if random.uniform() >= ${numberText(share)}:`,
    '        return None',
    '    counts = np.bincount(mask.ravel(), minlength=256)',
    '    present = [each for each in range(1, IGNORED) if counts[each] > 0]',
    '    if not present:',
    '        return None',
    ...(isWarped
      ? [
          '    height, width = mask.shape',
          '    y, x = 0.0, 0.0',
          '    for _ in range(8):',
          ...drawPixel(8),
          '        y, x = where_shown(divmod(place, width), warps)',
          '        if -0.5 <= y < height - 0.5 and -0.5 <= x < width - 0.5:',
          '            break',
          '    return min(height - 1, max(0, y)), min(width - 1, max(0, x))',
        ]
      : [...drawPixel(4), '    width: int = mask.shape[1]', '    return divmod(place, width)']),
  ].join('\n');
}

const drawPixel = (indent: number): readonly string[] =>
  [
    'own = present[random.integer(len(present))]',
    'number = random.integer(int(counts[own]))',
    'place = int(np.flatnonzero(mask == own)[number])',
  ].map((line) => ' '.repeat(indent) + line);

/** As \`whereShown\` of the runtime; ruff's formatter leaves it as it is. */
const whereShown = `def where_shown(
    target: tuple[int, int], warps: list[Warp | None]
) -> tuple[float, float]:
    """The place that warps take to a pixel: Newton's method, by differences."""
    y, x = float(target[0]), float(target[1])
    for _ in range(10):
        rows, columns = np.array([y, y + 1, y]), np.array([x, x, x + 1])
        for move in reversed(warps):
            if move is not None:
                rows, columns = move(rows, columns)
        off_y, off_x = float(rows[0]) - target[0], float(columns[0]) - target[1]
        if abs(off_y) + abs(off_x) < 0.01:
            break
        a, b = float(rows[1] - rows[0]), float(rows[2] - rows[0])
        c, d = float(columns[1] - columns[0]), float(columns[2] - columns[0])
        determinant = a * d - b * c
        if abs(determinant) < 1e-6:
            break
        y -= (d * off_y - b * off_x) / determinant
        x -= (a * off_x - c * off_y) / determinant
    return y, x`;

const placeAround = `def place_around(at: float, size: int, cover: int, random: Random) -> int:
    """Where a window starts that holds a place, anywhere in it."""
    if size <= cover:
        return -((cover - size) // 2)
    start = math.floor(at + 0.5) - random.integer(cover)
    return min(size - cover, max(0, start))`;

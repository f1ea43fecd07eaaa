import type { AugmentationName, ComponentCall } from '../../../../ir/recipe.js';
import { numberText } from './numbers.js';

type Options = Readonly<Record<string, unknown>>;

/** How one augmentation is drawn: `random` is its own stream, `y` and `x` are places in the sample. */
interface WarpText {
  readonly about: string;
  /** Lines that draw; `return None` leaves the sample as it is. */
  readonly draw: (options: Options) => readonly string[];
  /** Lines that take y and x to where they come from. */
  readonly move: (options: Options) => readonly string[];
}

/** The augmentations that move pixels, in the words of the catalogue. */
export const warps: Readonly<Partial<Record<AugmentationName, WarpText>>> = {
  flip: {
    about: 'Mirrors half of the samples',
    draw: ({ axes }) => [
      axes === 'vertical' ? 'random.uniform()' : 'across = random.uniform() < 0.5',
      ...(axes === 'horizontal' ? [] : ['down = random.uniform() < 0.5']),
      `if not ${axes === 'both' ? '(across or down)' : axes === 'vertical' ? 'down' : 'across'}:`,
      '    return None',
    ],
    move: ({ axes }) => {
      if (axes === 'vertical') return ['return height - 1 - y, x'];
      if (axes === 'horizontal') return ['return y, width - 1 - x'];
      return ['return height - 1 - y if down else y, width - 1 - x if across else x'];
    },
  },
  rotate: {
    about: 'Turns about the centre',
    draw: ({ degrees }) => [
      `angle = random.uniform(-${value(degrees)}, ${value(degrees)}) * math.pi / 180`,
      'cosine, sine = math.cos(angle), math.sin(angle)',
      'middle, centre = (height - 1) / 2, (width - 1) / 2',
    ],
    move: () => [
      'y, x = y - middle, x - centre',
      'return middle + cosine * y + sine * x, centre + cosine * x - sine * y',
    ],
  },
  scale: {
    about: 'Enlarges or shrinks about the centre',
    draw: ({ amount }) => [
      `most = math.log1p(${value(amount)})`,
      'inverse = math.exp(-random.uniform(-most, most))',
      'middle, centre = (height - 1) / 2, (width - 1) / 2',
    ],
    move: () => ['return middle + (y - middle) * inverse, centre + (x - centre) * inverse'],
  },
  shift: {
    about: 'Moves by whole pixels',
    draw: ({ amount }) => [
      `down = math.floor(random.uniform(-${value(amount)}, ${value(amount)}) * height + 0.5)`,
      `right = math.floor(random.uniform(-${value(amount)}, ${value(amount)}) * width + 0.5)`,
    ],
    move: () => ['return y - down, x - right'],
  },
  elastic: {
    about: 'Bends smoothly, by displacements of a grid, bicubic between its nodes',
    draw: ({ sigma, grid }) => [
      `drawn = np.array(random.normals(${2 * (grid as number) ** 2})).reshape(2, ${value(grid)}, ${value(grid)})`,
      `rows, columns = (with_rim(${value(sigma)} * field) for field in drawn)`,
    ],
    move: ({ grid }) => [
      `row = np.clip(y * (${(grid as number) - 1} / max(1, height - 1)), 0, ${(grid as number) - 1})`,
      `column = np.clip(x * (${(grid as number) - 1} / max(1, width - 1)), 0, ${(grid as number) - 1})`,
      'return y + bicubic(rows, row, column), x + bicubic(columns, row, column)',
    ],
  },
};

const value = (option: unknown): string => numberText(option as number);

/** What elastic deformations need besides. */
export const elasticHelpers: readonly string[] = [
  `def with_rim(field: Doubles) -> Doubles:
    """A grid with a node more on each side, on the line of the two next to it."""
    field = np.pad(field, 1)
    for axis in (field.T, field):
        axis[0], axis[-1] = 2 * axis[1] - axis[2], 2 * axis[-2] - axis[-3]
    return field`,
  `def bicubic(field: Doubles, row: Doubles, column: Doubles) -> Doubles:
    """Values between the nodes of a grid: Keys' cubic convolution with a = -1/2."""
    top = np.minimum(np.floor(row), len(field) - 4).astype(np.int64)
    left = np.minimum(np.floor(column), len(field) - 4).astype(np.int64)
    down, right = cubic_weights(row - top), cubic_weights(column - left)
    total = np.zeros_like(row)
    for i in range(4):
        line = sum(right[j] * field[top + i, left + j] for j in range(4))
        total += down[i] * line
    return total`,
  `def cubic_weights(t: Doubles) -> list[Doubles]:
    """The weights of the four neighbours of a place."""
    return [
        ((-0.5 * t + 1) * t - 0.5) * t,
        (1.5 * t - 2.5) * t * t + 1,
        ((-1.5 * t + 2) * t + 0.5) * t,
        (0.5 * t - 0.5) * t * t,
    ]`,
];

/** What one augmentation is called in the file: its name, with a number where it occurs again. */
export function functionNames(
  calls: readonly ComponentCall<AugmentationName>[],
): readonly string[] {
  const seen = new Map<string, number>();
  return calls.map(({ name }) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return `draw_${name}${count === 1 ? '' : `_${count}`}`;
  });
}

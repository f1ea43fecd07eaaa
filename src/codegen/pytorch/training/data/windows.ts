import type { AxisGeometry } from '../../../../ir/sizes/geometry.js';
import { numberText } from './numbers.js';
import type { DataPlan } from './plan.js';
import type { WholeAxis } from './whole-axis.js';

/** How samples lie in images, and the sizes that are legal. */
export function windowsText(plan: DataPlan): readonly string[] {
  return [
    windowClass,
    ...(plan.windows === undefined ? [] : [fixedWindows(plan.windows)]),
    ...(plan.whole === 'padded' ? wholeText(plan.axes) : []),
    place,
    reflect,
  ];
}

const windowClass = `class Window(NamedTuple):
    """How the network's output lies in its input along one axis: its pixels stand for
    the \`cover\` pixels that begin \`margin\` pixels after the input's start.
    """

    input: int
    margin: int
    cover: int
    output: int

    def inputs(self, start: int) -> Doubles:
        """Places of the input's pixels, where the output starts at one."""
        return np.arange(self.input) + float(start - self.margin)

    def outputs(self, start: int) -> Doubles:
        """Places of the output's pixels."""
        step = self.cover / self.output
        return start + (np.arange(self.output) + 0.5) * step - 0.5`;

function fixedWindows([height, width]: readonly [AxisGeometry, AxisGeometry]): string {
  const text = ({ input, margin, cover, output }: AxisGeometry): string =>
    `Window(${input}, ${margin}, ${cover}, ${output})`;
  const same = text(height) === text(width);
  return [`HEIGHT = ${text(height)}`, `WIDTH = ${same ? 'HEIGHT' : text(width)}`].join('\n');
}

function wholeText([height, width]: DataPlan['axes']): readonly string[] {
  if (isPlain(height) && isPlain(width) && axisText(height) === axisText(width)) {
    const { modulus } = height;
    const [{ least }] = height.legal as readonly [WholeAxis['legal'][number]];
    const size = modulus === 1 ? 'size' : `-(-size // ${modulus}) * ${modulus}`;
    return [
      `def covering(size: int) -> Window:
    """The smallest legal input that holds \`size\` pixels."""
    whole = max(${size}, ${least})
    return Window(whole, 0, whole, whole)`,
    ];
  }
  const same = axisText(height) === axisText(width);
  return [
    axisClass,
    same
      ? `ROWS = COLUMNS = ${axisText(height)}`
      : `ROWS = ${axisText(height)}\nCOLUMNS = ${axisText(width)}`,
  ];
}

const isPlain = ({ isPlain }: WholeAxis): boolean => isPlain;

/** Whether whole images are covered by one function for both axes. */
export const hasPlainSizes = ({ axes: [height, width] }: DataPlan): boolean =>
  height.isPlain && width.isPlain && axisText(height) === axisText(width);

function axisText({ modulus, legal, scale, coversAll }: WholeAxis): string {
  const rows = legal.map(({ residue, least, most, slope, offset }) => {
    const end = most === Infinity ? 'None' : numberText(most);
    return `        ${residue}: (${least}, ${end}, ${slope}, ${offset}),`;
  });
  return [
    'Axis(',
    `    modulus=${modulus},`,
    `    scale=${coversAll ? 'None' : numberText(scale)},`,
    '    legal={',
    ...rows,
    '    },',
    ')',
  ].join('\n');
}

const axisClass = `class Axis(NamedTuple):
    """The legal sizes of one axis, as the compiler proves them, and the outputs of the
    network: by the remainder r of a size the least and the largest legal one, and s and
    t of the output s q + t of an input of q moduli and r.
    """

    modulus: int
    # Output pixels for one input pixel; None where it stands for all of the input.
    scale: float | None
    legal: dict[int, tuple[int, int | None, int, int]]

    def output(self, size: int) -> int | None:
        """The output of an input of that size; None where it is not legal."""
        row = self.legal.get(size % self.modulus)
        if row is None or size < row[0] or (row[1] is not None and size > row[1]):
            return None
        return size // self.modulus * row[2] + row[3]

    def window(self, size: int) -> tuple[Window, bool] | None:
        """How the output lies in an input, and whether its pixels meet whole ones."""
        output = self.output(size)
        if output is None:
            return None
        covered = size if self.scale is None else output / self.scale
        cover = min(size, math.floor(covered + 0.5))
        is_exact = covered <= size + 1e-9 and abs(covered - round(covered)) < 1e-9
        return Window(size, (size - cover) // 2, cover, output), is_exact

    def covering(self, size: int) -> Window:
        """The smallest legal input whose output covers \`size\` pixels; a slightly larger
        one where that has to be resized.
        """
        ends = [row[1] for row in self.legal.values()]
        most = None if None in ends else max(end or 0 for end in ends)
        least: Window | None = None
        for candidate in itertools.count(size):
            if least is not None and candidate > least.input + 32:
                break
            if most is not None and candidate > most:
                break
            found = self.window(candidate)
            if found is None or found[0].cover < size:
                continue
            if found[1]:
                return found[0]
            least = least or found[0]
        if least is None:
            raise DataError(f"no legal size of the network covers {size} pixels")
        return least`;

const place = `def place(size: int, cover: int, random: Random | None = None) -> int:
    """Where the output starts on an axis of the image: anywhere, or in the middle."""
    if size <= cover:
        return -((cover - size) // 2)
    return (size - cover) // 2 if random is None else random.integer(size - cover + 1)`;

const reflect = `def reflect(positions: Doubles, n: int) -> Doubles:
    """Positions inside 0 to n - 1 that mirrors at the first and the last pixel show."""
    last = n - 1
    if last == 0:
        return np.zeros_like(positions)
    folded = np.abs(positions) % (2 * last)
    return np.where(folded <= last, folded, 2 * last - folded)`;

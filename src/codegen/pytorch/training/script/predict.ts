import { printNumber } from '../../../python/formulas.js';
import { layOut } from '../../../python/layout.js';
import { affineSize } from '../../../../ir/sizes/analysis.js';
import { outputScale } from '../../../../ir/sizes/geometry.js';
import { axisSizes } from '../../../../ir/sizes/sizes.js';
import type { Training } from '../trained-model.js';
import type { WholeImages } from '../whole-images.js';

/** The function that gives the probabilities of a whole image at the size of its mask. */
export function predictLines(
  training: Training,
  network: string,
  whole: WholeImages,
): readonly (readonly string[])[] {
  const { main, head, names, model } = training;
  const field =
    model.graph.heads.length === 1 ? '' : `.${names.predictions[model.graph.heads.indexOf(head)]!}`;
  const open = [
    ...layOut(0, `def predict(network: ${network}, image: Tensor, mask: Tensor) -> Tensor:`),
  ];
  const call = (image: string): string => `network.predict(${image})${field}`;
  if (main.classifiesImages && whole.kind !== 'tiles') {
    return [
      [
        ...open,
        '    """Probabilities of what a whole image holds."""',
        `    p: Tensor = ${call('image')}`,
        '    return p',
      ],
    ];
  }
  switch (whole.kind) {
    case 'padded':
    case 'resized': {
      const isSame = whole.kind === 'padded' && meetsPixels(training);
      const doc = isSame
        ? 'Probabilities of a whole image.'
        : 'Probabilities of a whole image, at the size of its mask.';
      const resized = 'F.interpolate(p, mask.shape[1:], mode="bilinear", antialias=True)';
      return [
        [
          ...open,
          `    """${doc}"""`,
          `    p: Tensor = ${call('image')}`,
          ...(whole.kind === 'resized' ? coverLines(training, 'image') : []),
          `    return ${isSame ? 'p' : resized}`,
        ],
      ];
    }
    case 'tiles':
      return tileLines(training, open, call, whole);
  }
}

/** Whether an output lies in its input pixel by pixel, whatever the size. */
function meetsPixels({ model: { graph, sizes }, main }: Training): boolean {
  const node = graph.outputs.find(({ name }) => name === main.name)!.node;
  return [sizes.height, sizes.width].every((axis) =>
    axis.residues.every((legal) => {
      const { scale, offset } = affineSize(axis, legal, node);
      return scale === 1 && offset <= 0;
    }),
  );
}

/** Resizes an output to the pixels that it stands for, where these are others. */
function coverLines(training: Training, image: string): readonly string[] {
  if (meetsPixels(training)) return [];
  const { sizes, graph } = training.model;
  const [down, across] = [sizes.height, sizes.width].map((axis) => {
    const own = axisSizes(graph, axis);
    return outputScale(own, training.main.name, own.legalAtLeast(1)!);
  });
  const side = (index: number, scale: number): string => {
    const exact =
      scale === 1
        ? `p.shape[${index}]`
        : scale < 1
          ? `${printNumber(Math.round(1 / scale))} * p.shape[${index}]`
          : `round(p.shape[${index}] / ${printNumber(scale)})`;
    return `min(${image}.shape[${index}], ${exact})`;
  };
  return [
    ...layOut(4, `cover = (${side(2, down!)}, ${side(3, across!)})`),
    '    p = F.interpolate(p, cover, mode="bilinear", antialias=True)',
  ];
}

function tileLines(
  training: Training,
  open: readonly string[],
  call: (image: string) => string,
  { height, width, overlap }: Extract<WholeImages, { kind: 'tiles' }>,
): readonly (readonly string[])[] {
  const { main } = training;
  const axes = [
    `    rows = tiles_of(image.shape[2], ${height.input}, ${height.cover}, ${overlap})`,
    `    columns = tiles_of(image.shape[3], ${width.input}, ${width.cover}, ${overlap})`,
  ];
  const seen = '            seen = image[:, :, row.places][:, :, :, column.places]';
  const classified = [
    ...open,
    '    """Probabilities of what a whole image holds: a class is where a tile shows it."""',
    ...axes,
    '    parts: list[Tensor] = []',
    '    for row in rows:',
    '        for column in columns:',
    seen,
    `            parts.append(${call('seen')})`,
    '    p = torch.cat(parts)',
    ...(main.channels === 1
      ? ['    return p.amax(0, keepdim=True)']
      : [
          '    some = p[:, 1:].amax(0, keepdim=True)',
          '    return torch.cat([p[:, :1].amin(0, keepdim=True), some], 1)',
        ]),
  ];
  const blended = [
    ...open,
    '    """Probabilities of a whole image, from tiles that fade into each other."""',
    ...axes,
    '    height, width = mask.shape[1:]',
    `    total = image.new_zeros(1, ${main.channels}, height, width)`,
    '    weight = image.new_zeros(height, width)',
    '    for row in rows:',
    '        for column in columns:',
    seen,
    `            p: Tensor = ${call('seen')}`,
    ...coverLines(training, 'seen').map((line) => `        ${line}`),
    '            own = (row.weights[:, None] * column.weights).to(image)',
    '            part = p[:, :, row.shown][:, :, :, column.shown]',
    '            total[:, :, row.inside, column.inside] += own * part',
    '            weight[row.inside, column.inside] += own',
    '    return total / weight',
  ];
  const tile = [
    'class Tile(NamedTuple):',
    '    """A tile along one axis: pixels of the image, and which lie inside of it."""',
    '',
    '    places: Tensor',
    '    shown: slice',
    '    inside: slice',
    '    weights: Tensor',
  ];
  const tiles = [
    'def tiles_of(size: int, given: int, cover: int, overlap: int) -> list[Tile]:',
    '    """Tiles over an axis, mirrored at its ends. Each takes pixels and tells of those in',
    '    its middle, `cover` of them.',
    '    """',
    '    starts = [-((cover - size) // 2)]',
    '    if size > cover:',
    '        last = math.ceil((size - overlap) / (cover - overlap)) - 1',
    '        twice = range(0, 2 * last + 1, 2)',
    '        starts = [(i * (size - cover) + last) // (2 * last) for i in twice]',
    '    steps = [after - before for before, after in pairwise(starts)]',
    '    ramp = min(cover - max(steps, default=cover), cover / 2)',
    '    depth = torch.arange(cover, dtype=torch.float64)',
    '    depth = torch.minimum(depth, depth.flip(0)) + 0.5',
    '    rising = torch.sin(math.pi / 2 * depth / max(ramp, 0.5)) ** 2',
    '    weights = torch.where(depth < ramp, rising, 1.0)',
    '    tiles: list[Tile] = []',
    '    for start in starts:',
    '        places = torch.arange(given) + start - (given - cover) // 2',
    '        around = max(2 * (size - 1), 1)',
    '        places = places.abs() % around',
    '        places = torch.minimum(places, around - places) if size > 1 else 0 * places',
    '        shown = slice(max(0, -start), min(cover, size - start))',
    '        inside = slice(start + shown.start, start + shown.stop)',
    '        tiles.append(Tile(places, shown, inside, weights[shown]))',
    '    return tiles',
  ];
  return [main.classifiesImages ? classified : blended, tile, tiles];
}

import { docstring } from '../../../python/docstring.js';
import { layOut } from '../../../python/layout.js';
import { isWarp } from './augment.js';
import { cutPlaces, resize, resizeNearest } from './cut-places.js';
import { holdForeground } from './foreground.js';
import { tupleText } from './numbers.js';
import type { DataPlan } from './plan.js';
import { isTurn } from './turns.js';
import { functionNames } from './warps.js';
import { hasPlainSizes } from './windows.js';

/** The data set, and what makes its samples. */
export function sampleText(plan: DataPlan): readonly string[] {
  return [
    imagesClass(plan),
    cutPlaces(plan.augment.some(isWarp), plan.augment.some(isTurn)),
    ...(plan.policy === 'resize' ? [resize] : []),
    ...(plan.policy === 'resize' && plan.targets.length > 0 ? [resizeNearest] : []),
  ];
}

function imagesClass(plan: DataPlan): string {
  const hasMaps = plan.maps.length > 0;
  const hasTargets = plan.targets.length > 0;
  const hasPlanes = hasMaps || hasTargets;
  const sample = hasPlanes ? 'tuple[Tensor, Tensor, Tensor]' : 'tuple[Tensor, Tensor]';
  const planes = [
    ...(hasMaps ? ['the weights of its pixels'] : []),
    ...(hasTargets ? ['what heads learn beside the mask, NaN where there is no value'] : []),
  ];
  const about = hasPlanes
    ? `; and ${planes.join(', then ')} [${hasTargets ? 'planes' : 'maps'}, H, W]`
    : '';
  return [
    `class Images(Dataset[${sample}]):`,
    ...docstring(4, [
      `Samples by (epoch, index): an image [C, H, W], scaled; the classes of its mask [H, W], IGNORED where a pixel has none or lies outside the image${about}.`,
      'With `augment` as they are trained on, else whole, each of a size of its own: then the output stands for all of the mask, and is resized to it where its size differs.',
    ]),
    '',
    '    def __init__(self, items: list[Item], seed: int, augment: bool) -> None:',
    '        self.items, self.seed, self.augment = items, seed, augment',
    ...(hasMaps
      ? [
          '        # Weight maps that are kept, and the bytes for more.',
          '        self.planes: dict[int, Pixels] = {}',
          '        self.room = 2**29',
        ]
      : []),
    ...(hasTargets
      ? [
          '        # What heads learn that is kept, and the bytes for more.',
          '        self.targets: dict[int, Pixels] = {}',
          '        self.space = 2**28',
        ]
      : []),
    '',
    '    def __len__(self) -> int:',
    '        return len(self.items)',
    '',
    `    def __getitem__(self, key: tuple[int, ...]) -> ${sample}:`,
    ...getItem(plan).map((line) => (line === '' ? '' : `        ${line}`)),
  ].join('\n');
}

function getItem(plan: DataPlan): readonly string[] {
  const { policy, maps, augment } = plan;
  const hasMaps = maps.length > 0;
  const hasTargets = plan.targets.length > 0;
  const resizes = plan.whole === 'resized';
  const isDrawn = augment.length > 0 || !(policy === 'pad' || resizes);
  const covering = (axis: string, size: string): string =>
    hasPlainSizes(plan) ? `covering(${size})` : `${axis}.covering(${size})`;
  const sizes = [
    `height = ${covering('ROWS', 'pixels.shape[0]')}`,
    `width = ${covering('COLUMNS', 'pixels.shape[1]')}`,
    'height = height._replace(output=height.cover)',
    'width = width._replace(output=width.cover)',
  ];
  const whole =
    plan.whole === 'padded'
      ? sizes
      : ['height, width = (Window(n, 0, n, n) for n in pixels.shape[:2])'];
  const indent = (lines: readonly string[]): readonly string[] =>
    lines.map((line) => `    ${line}`);
  const training = [
    ...(isDrawn
      ? [
          'stream = Random(self.seed).fork(f"epoch {epoch}")',
          'random = stream.fork(f"sample {index}")',
        ]
      : []),
    ...(policy === 'pad'
      ? [`height, width = ${covering('ROWS', 'key[2]')}, ${covering('COLUMNS', 'key[3]')}`]
      : []),
    ...(resizes
      ? [
          'mask = resize_mask(mask, height.cover, width.cover)',
          ...(hasMaps ? ['planes = resize(planes, height.cover, width.cover)'] : []),
          ...(hasTargets ? ['targets = resize_nearest(targets, height.cover, width.cover)'] : []),
        ]
      : []),
  ];
  const place = policy === 'pad' || resizes ? '' : ', random and random.fork("place")';
  return [
    ...(isDrawn ? ['epoch, index = key[:2]'] : ['index = key[1]']),
    'item = self.items[index]',
    'pixels, mask = read_pixels(item.image), read_mask(item)',
    'if pixels.shape[:2] != mask.shape:',
    '    raise DataError(f"{item.image.label} and its mask differ in size")',
    ...(hasMaps
      ? [
          'planes = self.planes.get(index)',
          'if planes is None:',
          '    planes = weights_of(item, mask)',
          '    self.room -= planes.nbytes',
          '    if self.room >= 0:',
          '        self.planes[index] = planes',
        ]
      : []),
    ...(hasTargets
      ? [
          'targets = self.targets.get(index)',
          'if targets is None:',
          '    targets = targets_of(item, mask)',
          '    self.space -= targets.nbytes',
          '    if self.space >= 0:',
          '        self.targets[index] = targets',
        ]
      : []),
    ...(plan.scaling.statistics === undefined ? measuring : []),
    ...(isDrawn ? ['random: Random | None = None'] : []),
    ...(policy === 'pad' ? [] : ['height, width = HEIGHT, WIDTH']),
    ...(resizes ? ['pixels = resize(pixels, height.cover, width.cover)'] : []),
    ...(training.length > 0 ? ['if self.augment:', ...indent(training)] : []),
    ...(resizes ? [] : [training.length > 0 ? 'else:' : 'if not self.augment:', ...indent(whole)]),
    ...(place === ''
      ? ['top = place(pixels.shape[0], height.cover)', 'left = place(pixels.shape[1], width.cover)']
      : [
          'spot = None if random is None else random.fork("place")',
          'top = place(pixels.shape[0], height.cover, spot)',
          'left = place(pixels.shape[1], width.cover, spot)',
        ]),
    ...drawing(plan),
    ...holdForeground(plan),
    ...turning(plan),
    ...cutting(plan),
    ...scaling(plan),
    'first = torch.from_numpy(np.ascontiguousarray(image.transpose(2, 0, 1)))',
    ...(resizes
      ? [
          'if not self.augment:',
          ...(hasMaps || hasTargets
            ? [
                ...layOut(4, `whole = ${wholePlanes(hasMaps, hasTargets)}`),
                '    second = torch.from_numpy(mask.astype(np.int64))',
                '    third = torch.from_numpy(np.ascontiguousarray(whole.transpose(2, 0, 1)))',
                '    return first, second, third',
              ]
            : ['    return first, torch.from_numpy(mask.astype(np.int64))']),
        ]
      : []),
    ...cuttingMask(plan),
  ];
}

const measuring: readonly string[] = [
  '# Of the whole image, so that all parts of it are scaled alike.',
  'mean, deviation = pixels.mean(dtype=np.float64), pixels.std(dtype=np.float64)',
];

/** Draws what changes the sample. */
function drawing({ augment }: DataPlan): readonly string[] {
  const names = functionNames(augment);
  const hasWarps = augment.some(isWarp);
  const hasRetouches = augment.some((call) => !isWarp(call));
  if (augment.length === 0) return [];
  const draws = augment.flatMap((call, index) => {
    const own = `stream.fork("augmentation ${index}")`;
    if (isTurn(call)) return [`    turns += ${names[index]!}(${own})`];
    return isWarp(call)
      ? layOut(4, `warps.append(${names[index]!}(${own}, *pixels.shape[:2]))`)
      : layOut(4, `retouches.append(${names[index]!}(${own}))`);
  });
  return [
    ...(hasWarps ? ['warps: list[Warp | None] = []'] : []),
    ...(hasRetouches ? ['retouches: list[Retouch | None] = []'] : []),
    ...(augment.some(isTurn) ? ['turns = 0'] : []),
    'if random is not None:',
    '    stream = random.fork("augment")',
    ...draws,
  ];
}

/** What turns the window, once it is placed. */
const turning = ({ augment }: DataPlan): readonly string[] =>
  augment.some(isTurn) ? ['turn = turned(turns, top, left, height.cover, width.cover)'] : [];

/** What moves the pixels of an image, and of its mask. */
function warpsArgument({ augment }: DataPlan, of: 'image' | 'mask'): string {
  if (!augment.some(isWarp)) return '';
  if (!augment.some(isTurn)) return ', warps';
  return of === 'image' ? ', [*warps, turn]' : ', warps, turn';
}

function cutting(plan: DataPlan): readonly string[] {
  const hasRetouches = plan.augment.some((call) => !isWarp(call));
  return [
    `image = cut(pixels, height.inputs(top), width.inputs(left)${warpsArgument(plan, 'image')})`,
    ...(hasRetouches
      ? [
          'for retouch in retouches:',
          '    if retouch is not None:',
          '        image = retouch(image.astype(np.float64)).astype(np.float32)',
        ]
      : []),
  ];
}

/** What takes values of 0 to 1 to what the network sees; nothing where they are that. */
function scaling({ scaling }: DataPlan): readonly string[] {
  const { order, statistics } = scaling;
  const turned = order === undefined ? '' : `[..., [${order.join(', ')}]]`;
  if (statistics === undefined) {
    return [
      'image = (image - mean) * (1 / deviation if deviation >= 1 / 25600 else 1.0)',
      'image = image.astype(np.float32)',
    ];
  }
  const { mean, deviation } = statistics;
  const isPlain = mean.every((each) => each === 0) && deviation.every((each) => each === 1);
  if (isPlain) return turned === '' ? [] : [`image = image${turned}`];
  return [`image = (image${turned} - MEAN) * (1 / DEVIATION)`, 'image = image.astype(np.float32)'];
}

/** The constants of a scaling. */
export function scalingConstants({ scaling: { statistics } }: DataPlan): readonly string[] {
  if (statistics === undefined) return [];
  const { mean, deviation } = statistics;
  if (mean.every((each) => each === 0) && deviation.every((each) => each === 1)) return [];
  return [
    ...layOut(0, `MEAN = np.array(${tupleText(mean)})`),
    ...layOut(0, `DEVIATION = np.array(${tupleText(deviation)})`),
  ];
}

/** All planes of a whole image. */
const wholePlanes = (hasMaps: boolean, hasTargets: boolean): string =>
  hasMaps && hasTargets
    ? 'np.concatenate([planes, targets], axis=2)'
    : hasMaps
      ? 'planes'
      : 'targets';

function cuttingMask(plan: DataPlan): readonly string[] {
  const hasMaps = plan.maps.length > 0;
  const hasTargets = plan.targets.length > 0;
  const cut = (planes: string, outside: string): string =>
    `np.where(inside, ${planes}.transpose(2, 0, 1)[:, rows, columns], ${outside})`;
  return [
    'y, x = height.outputs(top), width.outputs(left)',
    `rows, columns, inside = nearest(mask.shape, y, x${warpsArgument(plan, 'mask')})`,
    'classes = np.where(inside, mask[rows, columns], IGNORED).astype(np.int64)',
    ...(hasMaps ? [`weights = ${cut('planes', '0')}`] : []),
    ...(hasTargets ? [`values = ${cut('targets', 'np.nan')}`] : []),
    ...(hasMaps && hasTargets ? ['weights = np.concatenate([weights, values])'] : []),
    ...(hasMaps || hasTargets
      ? [
          'second = torch.from_numpy(classes)',
          `return first, second, torch.from_numpy(${hasMaps ? 'weights' : 'values'}.astype(np.float32))`,
        ]
      : ['return first, torch.from_numpy(classes)']),
  ];
}

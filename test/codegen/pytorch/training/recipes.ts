/** A recipe on a small network: what `data.py` differs by. */
export interface DataRecipe {
  readonly name: string;
  readonly text: string;
}

interface Parts {
  readonly classes?: number;
  readonly channels?: number;
  /** The body between input and head. */
  readonly layers?: string;
  readonly size?: string;
}

/** A small U-Net whose sizes are multiples of 4. */
const padded = `encoder plain { widths: [2, 3, 4], stage: conv(width, 3), down: max_pool(2) }
  skip plain { merge: [skip, up] -> concat }
  decoder { up: conv_transpose(width, 2, stride: 2), stage: conv(width, 3) }`;
/** One without padding, whose masks are smaller than its images. */
const valid = padded
  .replaceAll('conv(width, 3)', 'conv(width, 3, padding: valid)')
  .replace('-> concat', '-> concat, align: crop');

function spec(train: string, parts: Parts = {}): string {
  const { classes = 1, channels = 3, layers = padded, size = 'H, W' } = parts;
  return `model Net {
  input image: [${size}, ${channels}]
  ${layers}
  head mask: conv(${classes}, 1)
}

train Net {
  ${train}
}
`;
}

const loss = 'loss: bce + dice';
const classes = 'loss: cross_entropy';
const recipe = (name: string, train: string, parts: Parts = {}): DataRecipe => ({
  name,
  text: spec(train, parts),
});

/** Everything that changes the file, each on its own and some together. */
export const dataRecipes: readonly DataRecipe[] = [
  recipe('plain', `${loss}, sizes: pad, batch: 3`),
  recipe('crop', `${loss}, sizes: crop(16), batch: 3`),
  recipe('crop_wide', `${loss}, sizes: crop([16, 24]), scaling: standard`),
  recipe('resize', `${loss}, sizes: resize([20, 12]), scaling: imagenet`),
  recipe('tile', `${loss}, sizes: tile(16, overlap: 4), scaling: symmetric`),
  recipe('grey', `${loss}, sizes: crop(16), scaling: range(0, 4095)`, { channels: 1 }),
  recipe('alpha', `${loss}, sizes: crop(16), scaling: range(10, 200)`, { channels: 4 }),
  recipe('arrays', `${loss}, sizes: crop(16)`),
  recipe('arrays_padded', `${loss}, sizes: pad`),
  recipe('bands', `${loss}, sizes: pad, scaling: range(0, 60000)`, { channels: 5 }),
  recipe('caffe', `${loss}, sizes: crop(16), scaling: caffe`),
  recipe('normalize', `${loss}, sizes: pad, scaling: normalize(mean: 12.5, deviation: 30)`),
  recipe('valid_pad', `${classes}, sizes: pad, batch: 2`, { classes: 3, layers: valid }),
  recipe('valid_crop', `${classes}, sizes: crop(46), batch: 2`, { classes: 3, layers: valid }),
  recipe('fixed', `${loss}, sizes: crop([32, 48])`, { size: '32, 48' }),
  recipe('ignore', `${loss}, sizes: crop(16), ignore: [7, 255]`),
  recipe('classes', `${classes}, sizes: crop(16), ignore: 9`, { classes: 4 }),
  recipe(
    'colours',
    `${classes}, sizes: crop(16), colors: [[0, 0, 0], [255, 0, 0], [0, 128, 255]], ignore: [9, 9, 9]`,
    { classes: 3 },
  ),
  recipe('black_and_white', `${loss}, sizes: crop(16), colors: [[255, 255, 255], [0, 0, 0]]`),
  recipe('flips', `${loss}, sizes: crop(16), augment: [flip]`),
  recipe(
    'all_flips',
    `${loss}, sizes: pad, augment: [flip(vertical), flip(both), flip(horizontal)]`,
  ),
  recipe('shift', `${loss}, sizes: resize(16), augment: [shift(0.3), flip]`),
  recipe(
    'warps',
    `${loss}, sizes: crop(16), augment: [rotate(30), scale(0.2, probability: 0.7), elastic(sigma: 2), shift(0.1)]`,
  ),
  recipe(
    'values',
    `${loss}, sizes: crop(16), augment: [brightness(0.2), contrast(0.3, probability: 1), gamma(0.4), blur(1.5)]`,
  ),
  recipe('foreground', `${loss}, sizes: crop(16), foreground: 0.7`),
  recipe(
    'foreground_of_classes',
    `${classes}, sizes: crop(16), foreground: 1, ignore: 9, augment: [rotate(40), scale(0.3), rotate90, flip, elastic(sigma: 2)]`,
    { classes: 4 },
  ),
  recipe('turns', `${loss}, sizes: crop(16), augment: [rotate90, flip, rotate90]`),
  recipe('turned_warps', `${loss}, sizes: crop(24), augment: [rotate(20), rotate90, shift(0.2)]`),
  recipe('half_turns', `${loss}, sizes: crop([16, 24]), augment: [rotate90]`),
  recipe('turned_pads', `${loss}, sizes: pad, augment: [rotate90]`),
  recipe('turned_valid', `${classes}, sizes: crop(46), augment: [rotate90]`, {
    classes: 3,
    layers: valid,
  }),
  recipe(
    'colours_of_pixels',
    `${loss}, sizes: crop(16), augment: [hue(0.3, probability: 1), saturation(0.5), cutout(0.4, 2)]`,
  ),
  recipe('numbered', `${classes}, sizes: crop(16), border_width: 1, augment: [flip, rotate90]`, {
    classes: 3,
  }),
  recipe('numbered_wide', `${classes}, sizes: pad, border_width: 2`, { classes: 3 }),
  recipe('noise', `${loss}, sizes: crop(16), augment: [noise(0.1, probability: 1)]`),
  recipe(
    'everything',
    `${loss}, sizes: crop(16), scaling: standard, augment: [flip, rotate, scale, shift, elastic, brightness, contrast, gamma, blur]`,
  ),
  recipe('borders', `loss: bce * borders(w0: 10, sigma: 2), sizes: crop(16), augment: [flip]`),
  recipe('borders_resized', `loss: bce * borders, sizes: resize(16)`),
  recipe(
    'borders_in_colour',
    `loss: bce * borders(sigma: 3) + bce * borders, sizes: pad, colors: [[0, 0, 0], [255, 0, 0]]`,
    { classes: 2 },
  ),
  ...Object.entries({
    fraction: 'split: fraction(0.3)',
    fraction_groups: 'split: fraction(0.4, group: "-", seed: 3), instances: "none"',
    folds: 'split: folds(4, fold: 2)',
    name_lists: 'split: lists(train: "lists/train.txt", val: "lists/val.txt")',
    suffixes:
      'images: "both", masks: "both", pairs: suffix("_mask", image: "_im"), split: folds(3, fold: 1)',
    nested: 'images: "nested", masks: "nested/masks", split: fraction(0.3, group: "/")',
    nested_lists:
      'images: "people", masks: "people", pairs: suffix("_mask"), split: lists(train: "lists/people.txt", val: "lists/others.txt")',
    nested_listed: 'pairs: list("people.csv")',
    listed: 'pairs: list("pairs.csv")',
    listed_groups: 'pairs: list("pairs.csv"), split: folds(3, fold: 0)',
    other_words:
      'images: "img/{part}", masks: "img/{part}-masks", split: folders(train: "trn", val: "tst")',
  }).map(([name, data]) => recipe(name, `${loss}, sizes: crop(16), ${data}`)),
  recipe(
    'listed_instances',
    'loss: bce * borders, sizes: crop(16), pairs: list("pairs.csv"), split: fraction(0.2)',
  ),
  recipe('many_classes', `${classes}, sizes: crop(16)`, { classes: 12 }),
  {
    name: 'judges',
    text: `model Net {
  input image: [H, W, 3]
  wires { a = image -> conv(4, 3) -> relu }
  head mask: a -> global_max_pool -> conv(3, 1)
}

train Net { ${classes}, sizes: crop(16) }
`,
  },
];

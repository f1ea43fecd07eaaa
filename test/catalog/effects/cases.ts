import type { catalog } from '../../../src/catalog/index.js';

/** Where an option matters, and values of it that do. */
export interface Case {
  /** Other values than the usual one, as a spec writes them. */
  readonly values: readonly string[];
  /** Options without which this one has no effect. */
  readonly beside?: string;
  /** What the values are compared with where the option has to be given. */
  readonly instead?: string;
}

type Catalog = typeof catalog;
type OptionsOf<C> = C extends { readonly options: infer O } ? keyof O : never;

/** A case for every option of every component of a family: one that is missing does not compile. */
export type CasesOf<F extends keyof Catalog> = {
  readonly [C in keyof Catalog[F] as OptionsOf<Catalog[F][C]> extends never ? never : C]: {
    readonly [O in OptionsOf<Catalog[F][C]>]: Case | readonly Case[];
  };
};

const sizes = ['3', '[3, 4]'];
const paddings = ['1', '[1, 2]', '[1, 2, 0, 2]'];
const kernelCases = (channels: string) => {
  const beside = channels;
  return {
    kernel: { values: ['5', '[1, 4]'], beside },
    stride: { values: sizes, beside },
    padding: { values: ['valid', '2', '[0, 2]', '[1, 0, 2, 1]'], beside },
    dilation: { values: ['2', '[1, 2]'], beside },
    bias: { values: ['false'], beside },
    initializer: { values: ['he_uniform', 'glorot_normal', 'glorot_uniform'], beside },
  };
};
const pool = {
  size: { values: sizes },
  stride: { values: ['1', '[1, 3]'] },
  padding: { values: ['same', ...paddings], beside: 'size: 5' },
  rounding: { values: ['ceil'], beside: 'size: 5' },
};
const edges = { values: ['2', '[1, 2]', '[1, 2, 3, 4]'], instead: '1' };
const factor = { values: sizes };
const target = { values: ['small'], instead: 'tiny' };
const gridCase = { values: ['align_corners', 'legacy'] };
const epsilon = { values: ['0.1'] };
const norm = { epsilon, affine: { values: ['false'] } };
const rate = { values: ['0.25'] };

/** Of the tensors `image`, and those that `observeLayer` has beside it. */
export const layerCases: CasesOf<'layer'> = {
  conv: {
    channels: { values: ['3'], instead: '2' },
    ...kernelCases('channels: 4'),
    groups: { values: ['2'], beside: 'channels: 4' },
  },
  depthwise_conv: { ...kernelCases(''), multiplier: { values: ['2'] } },
  conv_transpose: {
    channels: { values: ['3'], instead: '2' },
    kernel: { values: sizes, beside: 'channels: 2' },
    stride: { values: sizes, beside: 'channels: 2' },
    padding: { values: ['same', ...paddings], beside: 'channels: 2, kernel: 5' },
    bias: { values: ['false'], beside: 'channels: 2' },
    initializer: {
      values: ['he_uniform', 'glorot_normal', 'glorot_uniform'],
      beside: 'channels: 2',
    },
  },
  max_pool: pool,
  avg_pool: pool,
  max_unpool: { pool: { values: ['stepped'], instead: 'smooth' } },
  adaptive_avg_pool: { size: { values: ['3', '[1, 2]'], instead: '2' } },
  adaptive_max_pool: { size: { values: ['3', '[1, 2]'], instead: '2' } },
  nearest: { factor },
  bilinear: { factor, grid: gridCase },
  pixel_shuffle: { factor: { values: ['1'] }, order: { values: ['channels_last'] } },
  resize_to: {
    target,
    method: { values: ['nearest'], beside: 'target: small' },
    grid: [
      { values: ['align_corners', 'legacy'], beside: 'target: large' },
      { values: ['half_pixel', 'align_corners'], beside: 'target: large, method: nearest' },
    ],
  },
  crop_to: { target, rounding: { values: ['floor', 'half_even'], beside: 'target: odd' } },
  pad_to: { target: { values: ['large'], instead: 'huge' } },
  crop: { edges },
  pad: { edges, mode: { values: ['reflect', 'replicate', 'circular'], beside: 'edges: 2' } },
  batch_norm: {
    epsilon,
    momentum: { values: ['0.5'] },
    running_variance: { values: ['unbiased'] },
    scale: { values: ['false'] },
    shift: { values: ['false'] },
  },
  instance_norm: norm,
  group_norm: {
    groups: { values: ['4'] },
    epsilon: { ...epsilon, beside: 'groups: 2' },
    affine: { values: ['false'], beside: 'groups: 2' },
  },
  layer_norm: norm,
  leaky_relu: { alpha: { values: ['0.3'] } },
  slice: {
    from: { values: ['2'], beside: 'to: 5' },
    to: { values: ['3'], instead: '2' },
  },
  split: {
    parts: { values: ['4'], instead: '2', beside: 'part: 1' },
    part: { values: ['1'], instead: '0', beside: 'parts: 2' },
  },
  channel_shuffle: { groups: { values: ['4'], instead: '2' } },
  pad_channels: { channels: { values: ['12'], instead: '10' } },
  space_to_depth: { factor: { values: ['3'] }, order: { values: ['channels_last'] } },
  attention: {
    keys: { values: ['smooth'], instead: 'image', beside: 'values: image, heads: 2' },
    values: { values: ['smooth'], instead: 'image', beside: 'keys: image, heads: 2' },
    heads: { values: ['4'], instead: '2', beside: 'keys: image, values: image' },
    window: { values: ['3'], beside: 'keys: image, values: image, heads: 2' },
    shift: { values: ['1'], beside: 'keys: image, values: image, heads: 2, window: 3' },
    position: { values: ['relative'], beside: 'keys: image, values: image, heads: 2, window: 3' },
    scaled: { values: ['false'], beside: 'keys: image, values: image, heads: 2' },
  },
  positions: { size: { values: ['1', '[1, 12]'], instead: '12' } },
  layer_scale: { start: { values: ['0.5'] } },
  prelu: { start: { values: ['0.5'] }, shared: { values: ['true'] } },
  dropout: { rate },
  spatial_dropout: { rate },
  drop_path: { rate: { values: ['0.5'] } },
  is_largest: { channel: { values: ['3'], instead: '0' } },
};

const classWeights = { values: ['[1, 2]', '[1, 2, 3]'] };
const smoothing = { values: ['0.2'] };
const per = { values: ['image'] };
const alpha = { values: ['0.2'] };
const gamma = { values: ['1.5'] };

/** For every form of a head. */
export const lossCases: CasesOf<'loss'> = {
  bce: { clip: { values: ['0.01'] }, label_smoothing: smoothing, class_weights: classWeights },
  cross_entropy: { label_smoothing: smoothing, class_weights: classWeights },
  focal: { gamma, alpha, class_weights: classWeights },
  soft_dice_hybrid: { background: { values: ['false'] }, class_weights: classWeights },
  dice: { epsilon, per, class_weights: classWeights },
  iou: { epsilon, per, class_weights: classWeights },
  tversky: { alpha, epsilon, per, class_weights: classWeights },
  focal_tversky: { alpha, gamma, epsilon, per, class_weights: classWeights },
  bce_iou: { epsilon },
  ms_ssim: {
    window: { values: ['5'] },
    sigma: { values: ['0.8'] },
    luminance: { values: ['every', 'repeated'] },
    normalize: { values: ['true'] },
    class_weights: classWeights,
  },
  mse: { class_weights: classWeights },
  mae: { class_weights: classWeights },
  huber: { delta: { values: ['0.2'] }, class_weights: classWeights },
  topk_cross_entropy: {
    share: { values: ['0.5'] },
    label_smoothing: smoothing,
    class_weights: classWeights,
  },
  generalized_dice: { epsilon, per },
  lovasz_hinge: { per: { values: ['batch'] }, class_weights: classWeights },
  lovasz_softmax: {
    classes: { values: ['all'], beside: 'per: image' },
    per,
    class_weights: classWeights,
  },
  boundary: { class_weights: classWeights },
  cl_dice: { iterations: { values: ['1'] }, epsilon, per, class_weights: classWeights },
};

export const weightMapCases: CasesOf<'weight_map'> = {
  borders: { w0: { values: ['5'] }, sigma: { values: ['2'] } },
};

const threshold = { values: ['0.3'] };
const overlap = {
  threshold,
  soft: { values: ['true'] },
  per: { values: ['image'] },
  epsilon,
};
export const metricCases: CasesOf<'metric'> = {
  dice: overlap,
  iou: overlap,
  precision: { threshold },
  recall: { threshold },
  specificity: { threshold },
  accuracy: { threshold },
  hausdorff: { percentile: { values: ['50'] }, threshold },
  surface_distance: { threshold },
  boundary_f1: { tolerance: { values: ['0.5'] }, threshold },
  calibration_error: { bins: { values: ['3'] } },
  average_precision: {
    iou: { values: ['0.6'] },
    per: { values: ['image'] },
    threshold,
  },
  panoptic_quality: { threshold },
};

const lr = { values: ['0.5'] };
const betas = { beta1: { values: ['0.5'] }, beta2: { values: ['0.5'] }, epsilon };
export const optimizerCases: CasesOf<'optimizer'> = {
  adam: { lr, ...betas },
  adamw: { lr, ...betas, weight_decay: { values: ['0.5'] } },
  sgd: {
    lr,
    momentum: { values: ['0.5'] },
    nesterov: { values: ['true'], beside: 'momentum: 0.5' },
  },
  rmsprop: { lr, rho: { values: ['0.5'] }, momentum: { values: ['0.5'] }, epsilon },
};

const warmup = { values: ['1.5'] };
export const scheduleCases: CasesOf<'schedule'> = {
  constant: { warmup },
  cosine: { floor: { values: ['0.5'] }, warmup },
  poly: { power: { values: ['2'] }, warmup },
  step: {
    every: { values: ['2'] },
    factor: { values: ['0.5'], beside: 'every: 2' },
    warmup,
  },
  multi_step: {
    after: { values: ['[1]', '[2, 3]'], instead: '[3]' },
    factor: { values: ['0.5'], beside: 'after: [2]' },
    warmup: { ...warmup, beside: 'after: [2]' },
  },
  exponential: { factor: { values: ['0.5'] }, warmup },
  cosine_restarts: {
    every: { values: ['2'] },
    stretch: { values: ['2'], beside: 'every: 1' },
    floor: { values: ['0.5'] },
    warmup,
  },
  one_cycle: {
    rise: { values: ['0.5'] },
    first: { values: ['0.5'] },
    last: { values: ['0.5'] },
    shape: { values: ['linear'] },
  },
  plateau: {
    patience: { values: ['2'] },
    factor: { values: ['0.5'], beside: 'patience: 1' },
    cooldown: { values: ['1'], beside: 'patience: 1' },
    floor: { values: ['0.5'], beside: 'patience: 1' },
    warmup,
  },
};

const max = { values: ['0.5'] };
export const clippingCases: CasesOf<'clipping'> = { norm: { max }, value: { max } };

const always = { values: ['0.3'] };
const usually = { values: ['1'] };
const amount = { values: ['0.7'] };
export const augmentationCases: CasesOf<'augmentation'> = {
  flip: { axes: { values: ['horizontal', 'vertical'] } },
  rotate: { degrees: { values: ['90'] }, probability: always },
  scale: { amount, probability: always },
  shift: { amount, probability: always },
  elastic: { sigma: { values: ['2'] }, grid: { values: ['5'] }, probability: usually },
  brightness: { amount, probability: usually },
  contrast: { amount, probability: usually },
  gamma: { amount, probability: usually },
  hue: { amount: { values: ['0.4'] }, probability: usually },
  saturation: { amount, probability: usually },
  noise: { sigma: { values: ['0.3'] }, probability: usually },
  blur: { sigma: { values: ['4'] }, probability: usually },
  cutout: { size: { values: ['0.5'] }, count: { values: ['3'] }, probability: usually },
};

const window = { values: ['16', '[16, 24]'], instead: '32' };
export const sizePolicyCases: CasesOf<'size_policy'> = {
  crop: { size: window },
  resize: { size: window },
  tile: {
    size: { ...window, beside: 'overlap: 4' },
    overlap: { values: ['8'], beside: 'size: 40' },
  },
};

const range = { values: ['[10, 200]'] };
const perChannel = (usual: string, one: string) => ({
  values: [one, `[${one}, 0.3, 0.4]`],
  instead: usual,
});
export const scalingCases: CasesOf<'scaling'> = {
  range: {
    low: { values: ['20'], instead: '0', beside: 'high: 200' },
    high: { values: ['100'], instead: '200', beside: 'low: 0' },
  },
  standard: { range },
  symmetric: { range },
  imagenet: { range },
  caffe: { range },
  normalize: {
    mean: { ...perChannel('0.5', '0.2'), beside: 'deviation: 0.2' },
    deviation: { ...perChannel('0.5', '0.2'), beside: 'mean: 0.2' },
    white: { values: ['255'], beside: 'mean: 0.2, deviation: 0.2' },
    range: { ...range, beside: 'mean: 0.2, deviation: 0.2' },
  },
};

const others = { values: ['ignored', 'background'] };
export const pairingCases: CasesOf<'pairing'> = {
  suffix: {
    mask: { values: ['"_mask"', '""'], instead: '"_label"' },
    image: { values: ['"_image"'], beside: 'mask: "_mask"' },
  },
  list: { file: { values: ['"pairs.csv"'], instead: '"others.csv"' } },
  coco: {
    file: { values: ['"{part}.json"'], instead: '"{part}/instances.json"' },
    others: { ...others, beside: '"{part}.json"' },
  },
  labelme: { others },
};

const place = {
  folder: { values: ['"{part}/b"'], instead: '"{part}/a"' },
  suffix: { values: ['"_x"'], beside: 'folder: "{part}/a"' },
};
const ofFolder = { beside: 'folder: "{part}/a"' };
export const targetCases: CasesOf<'target'> = {
  masks: { ...place, ignore: { values: ['0', '7'], ...ofFolder } },
  values: {
    ...place,
    scale: { values: ['2', '0.5'], ...ofFolder },
    offset: { values: ['-1', '3'], ...ofFolder },
    ignore: { values: ['0', '7'], ...ofFolder },
  },
  planes: {
    folders: { values: ['["{part}/c", "{part}/d"]'], instead: '["{part}/a", "{part}/b"]' },
    suffixes: { values: ['["_a", "_b"]'], beside: 'folders: ["{part}/a"]' },
  },
};

const parts = {
  train: { values: ['"training"'] },
  val: { values: ['"validation"'] },
};
const drawn = { group: { values: ['"_"'] }, seed: { values: ['1', '2'] } };
export const splitCases: CasesOf<'split'> = {
  folders: parts,
  fraction: { val: { values: ['0.3', '0.5'] }, ...drawn },
  folds: { count: { values: ['3', '7'] }, fold: { values: ['1', '4'] }, ...drawn },
  lists: parts,
};

const corners = { values: ['true'] };
export const postStepCases: CasesOf<'post_step'> = {
  threshold: { at: { values: ['0.3', 'found'], instead: '0.6' } },
  remove_small: {
    pixels: { values: ['5', '30'], instead: '2' },
    corners: { ...corners, beside: 'pixels: 5' },
  },
  fill_holes: { pixels: { values: ['1', '2'] }, corners },
  keep_largest: { corners },
};

const smallest = { values: ['3', '9'] };
export const separationCases: CasesOf<'separation'> = {
  components: { smallest, corners },
  watershed: {
    seed: { values: ['0.6', '0.9'] },
    border: { values: ['2'], instead: '1' },
    smallest,
  },
  head_watershed: {
    head: { values: ['"far"'], instead: '"mask"' },
    seed: { values: ['0.65', '0.75'], beside: 'head: "far"' },
    smallest: { ...smallest, beside: 'head: "far"' },
  },
  distance_watershed: {
    depth: { values: ['0.1', '2'] },
    blur: { values: ['0', '2'] },
    smallest: { values: ['20', '60'] },
  },
};

import {
  boolean,
  declare,
  fraction,
  nonNegative,
  oneOf,
  positive,
  rate,
  type OptionDeclaration,
} from './component.js';

const epsilon = (value: number) =>
  ({
    doc: 'Added to numerator and denominator, so that an empty mask has a value.',
    schema: nonNegative,
    default: value,
  }) as const satisfies OptionDeclaration;

const classWeights = {
  doc: 'Factor of each class, the background first, one for each channel (two for one channel); all 1 unless given. The mean stays over all pixels.',
  schema: { type: 'array', items: nonNegative, minItems: 2, maxItems: 256 },
  optional: true,
} as const satisfies OptionDeclaration;
const regionWeights = {
  doc: 'Factor of each class in the mean over classes, one for each channel; 0 leaves a class out. All 1 unless given.',
  schema: { type: 'array', items: nonNegative, minItems: 2, maxItems: 256 },
  optional: true,
} as const satisfies OptionDeclaration;
const labelSmoothing = {
  doc: 'Part of the truth spread evenly over the classes (Szegedy et al. 2016).',
  schema: rate,
  default: 0,
} as const satisfies OptionDeclaration;
const perBatch = {
  doc: 'Whether the sums run over the whole `batch`, or each `image` has a loss and the mean of them is taken.',
  schema: oneOf('batch', 'image'),
  default: 'batch',
} as const satisfies OptionDeclaration;
const missedWeight = {
  doc: 'Weight of missed pixels; false ones weigh 1 - alpha.',
  schema: fraction,
  default: 0.7,
} as const satisfies OptionDeclaration;

/** Losses: numbers to make small. Sums run over the whole batch unless stated. */
export const losses = declare({
  bce: {
    family: 'loss',
    doc: 'Binary cross-entropy, the mean over pixels and channels.',
    positional: [],
    options: {
      clip: {
        doc: 'Probabilities count as at least this far from 0 and 1 (Keras: 1e-7); unless given, logs are clamped at -100 (PyTorch).',
        schema: { type: 'number', minimum: 1e-30, maximum: 0.1 },
        optional: true,
      },
      label_smoothing: labelSmoothing,
      class_weights: classWeights,
    },
  },
  cross_entropy: {
    family: 'loss',
    doc: 'Cross-entropy of exclusive classes, the mean over pixels.',
    positional: [],
    options: { label_smoothing: labelSmoothing, class_weights: classWeights },
  },
  focal: {
    family: 'loss',
    doc: 'Focal loss (Lin et al. 2017): -(1 - p)^gamma log p, the mean over pixels.',
    positional: [],
    options: {
      gamma: { doc: 'How much easy pixels are discounted.', schema: nonNegative, default: 2 },
      alpha: {
        doc: 'Weight of the foreground (every class but the first) against 1 - alpha; none unless given.',
        schema: fraction,
        optional: true,
      },
      class_weights: classWeights,
    },
  },
  soft_dice_hybrid: {
    family: 'loss',
    doc: '-(log p + 2 p / (1 + p^2)) with p the probability of what is true, the mean over pixels; at best -1 (Zhou et al. 2020, UNet++).',
    positional: [],
    options: {
      background: {
        doc: 'Whether background pixels count; without them one channel is the formula taken literally for one class.',
        schema: boolean,
        default: true,
      },
      class_weights: classWeights,
    },
  },
  dice: {
    family: 'loss',
    doc: '1 - (2 I + epsilon) / (sum p + sum t + epsilon), mean over classes (Milletari et al. 2016, plain sums).',
    positional: [],
    options: { epsilon: epsilon(1), per: perBatch, class_weights: regionWeights },
  },
  iou: {
    family: 'loss',
    doc: '1 - (I + epsilon) / (sum p + sum t - I + epsilon), mean over classes; with `epsilon` 0 an empty pair has no value.',
    positional: [],
    options: { epsilon: epsilon(1e-7), per: perBatch, class_weights: regionWeights },
  },
  tversky: {
    family: 'loss',
    doc: '1 - (TP + epsilon) / (TP + alpha FN + (1 - alpha) FP + epsilon), mean over classes (Salehi et al. 2017).',
    positional: [],
    options: {
      alpha: missedWeight,
      epsilon: epsilon(1),
      per: perBatch,
      class_weights: regionWeights,
    },
  },
  focal_tversky: {
    family: 'loss',
    doc: '(1 - Tversky index)^gamma, mean over classes (Abraham and Khan 2019).',
    positional: [],
    options: {
      alpha: missedWeight,
      gamma: { doc: 'The exponent.', schema: positive, default: 0.75 },
      epsilon: epsilon(1),
      per: perBatch,
      class_weights: regionWeights,
    },
  },
  bce_iou: {
    family: 'loss',
    doc: 'Binary cross-entropy - IoU + 1, IoU = (I + e) / (S - (I + e) + e) with S the sum of both.',
    positional: [],
    options: { epsilon: epsilon(1e-7) },
  },
  ms_ssim: {
    family: 'loss',
    doc: '1 - multi-scale structural similarity of probabilities and truth: five scales, halved by means of 2 x 2; mean over samples and classes (Wang et al. 2003; as a loss: Huang et al. 2020, UNet 3+).',
    positional: [],
    options: {
      window: {
        doc: 'Side of the Gaussian window in pixels; a scale that is smaller takes its own size, which begins below 176 pixels.',
        schema: { type: 'integer', minimum: 1, maximum: 63 },
        default: 11,
      },
      sigma: { doc: 'Deviation of the window in pixels.', schema: positive, default: 1.5 },
      luminance: {
        doc: 'Where the luminance counts: on the `last` scale (Wang et al. 2003), on `every` scale (as UNet 3+ prints it), or `repeated`: the last factor to the fourth power (as a widely copied program has it).',
        schema: oneOf('last', 'every', 'repeated'),
        default: 'last',
      },
      normalize: {
        doc: 'Whether similarities from -1 to 1 become (x + 1) / 2 before their powers; without it negative ones count as 0 and give no gradient.',
        schema: boolean,
        default: false,
      },
      class_weights: regionWeights,
    },
  },
});

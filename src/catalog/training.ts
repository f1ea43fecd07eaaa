import {
  boolean,
  count,
  declare,
  fraction,
  nonNegative,
  oneOf,
  positive,
  rate,
  type OptionDeclaration,
  type OptionSchema,
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

/** Weight maps: a factor for each pixel of a pixel-wise loss. */
export const weightMaps = declare({
  borders: {
    family: 'weight_map',
    doc: 'The border weight map of the 2015 U-Net: class balance + w0 exp(-(d1 + d2)^2 / (2 sigma^2)), d1 and d2 the distances to the two nearest objects: those of the folder `instances` beside `masks` where there is one, else the connected parts of the mask.',
    positional: [],
    options: {
      w0: { doc: 'Weight of the narrowest borders.', schema: nonNegative, default: 10 },
      sigma: { doc: 'Reach of a border in pixels.', schema: positive, default: 5 },
    },
  },
});

const thresholded = {
  doc: 'Probability above which a pixel counts, for one-channel heads.',
  schema: fraction,
  default: 0.5,
} as const satisfies OptionDeclaration;

const soft = {
  doc: 'Whether probabilities are summed as they are, instead of pixels counted.',
  schema: boolean,
  default: false,
} as const satisfies OptionDeclaration;
const perSet = {
  doc: 'Whether counts run over the whole `set`, or each `image` has a value and the mean of them is taken.',
  schema: oneOf('set', 'image'),
  default: 'set',
} as const satisfies OptionDeclaration;
const metricEpsilon = {
  doc: 'Added to numerator and denominator; at 0 a class that is neither there nor found has no value and no part in means.',
  schema: nonNegative,
  default: 0,
} as const satisfies OptionDeclaration;

/** Metrics: numbers to report. Per class over the whole set, then the mean over foreground classes. */
export const metrics = declare({
  dice: {
    family: 'metric',
    doc: '2 TP / (2 TP + FP + FN).',
    positional: [],
    options: { threshold: thresholded, soft, per: perSet, epsilon: metricEpsilon },
  },
  iou: {
    family: 'metric',
    doc: 'TP / (TP + FP + FN).',
    positional: [],
    options: { threshold: thresholded, soft, per: perSet, epsilon: metricEpsilon },
  },
  precision: {
    family: 'metric',
    doc: 'TP / (TP + FP).',
    positional: [],
    options: { threshold: thresholded },
  },
  recall: {
    family: 'metric',
    doc: 'TP / (TP + FN).',
    positional: [],
    options: { threshold: thresholded },
  },
  specificity: {
    family: 'metric',
    doc: 'TN / (TN + FP).',
    positional: [],
    options: { threshold: thresholded },
  },
  accuracy: {
    family: 'metric',
    doc: 'The part of all pixels that is right.',
    positional: [],
    options: { threshold: thresholded },
  },
  hausdorff: {
    family: 'metric',
    doc: 'A percentile of the distances between outlines, both ways together, in pixels; each image for itself, then the mean. A class in neither mask has no value, one in a single mask the diagonal of the image (as hd95 of MedPy).',
    positional: [],
    options: {
      percentile: {
        doc: 'Which percentile: 100 is the Hausdorff distance, 95 forgives single stray pixels.',
        schema: { type: 'number', exclusiveMinimum: 0, maximum: 100 },
        default: 95,
      },
      threshold: thresholded,
    },
  },
});

const learningRate = (value: number) =>
  ({
    doc: 'Learning rate.',
    schema: positive,
    default: value,
  }) as const satisfies OptionDeclaration;
const decay = {
  doc: 'Weight decay.',
  schema: nonNegative,
  default: 0.01,
} as const satisfies OptionDeclaration;
const betas = {
  beta1: { doc: 'Decay of the mean of gradients.', schema: rate, default: 0.9 },
  beta2: { doc: 'Decay of the mean of squared gradients.', schema: rate, default: 0.999 },
  epsilon: { doc: 'Added to the root of the second moment.', schema: positive, default: 1e-7 },
} as const;

export const optimizers = declare({
  adam: {
    family: 'optimizer',
    doc: 'Adam (Kingma and Ba 2014).',
    positional: ['lr'],
    options: { lr: learningRate(1e-3), ...betas },
  },
  adamw: {
    family: 'optimizer',
    doc: 'Adam with decoupled weight decay (Loshchilov and Hutter 2017).',
    positional: ['lr'],
    options: { lr: learningRate(1e-3), ...betas, weight_decay: decay },
  },
  sgd: {
    family: 'optimizer',
    doc: 'Gradient descent with momentum.',
    positional: ['lr'],
    options: {
      lr: learningRate(0.01),
      momentum: { doc: 'Part of the last step kept.', schema: rate, default: 0 },
      nesterov: { doc: "Whether Nesterov's form is used.", schema: boolean, default: false },
    },
  },
  rmsprop: {
    family: 'optimizer',
    doc: 'RMSprop (Tieleman and Hinton 2012).',
    positional: ['lr'],
    options: {
      lr: learningRate(1e-3),
      rho: { doc: 'Decay of the mean of squared gradients.', schema: rate, default: 0.9 },
      momentum: { doc: 'Part of the last step kept.', schema: rate, default: 0 },
      epsilon: { doc: 'Added to the root of the second moment.', schema: positive, default: 1e-7 },
    },
  },
});

const warmup = {
  doc: 'Epochs over which the learning rate rises from zero.',
  schema: nonNegative,
  default: 0,
} as const satisfies OptionDeclaration;

/** Schedules: the factor on the learning rate, by training progress. */
export const schedules = declare({
  constant: { family: 'schedule', doc: 'No change.', positional: [], options: { warmup } },
  cosine: {
    family: 'schedule',
    doc: 'Half a cosine down to `floor` (Loshchilov and Hutter 2016).',
    positional: [],
    options: {
      floor: { doc: 'Last factor.', schema: fraction, default: 0 },
      warmup,
    },
  },
  poly: {
    family: 'schedule',
    doc: '(1 - progress)^power.',
    positional: ['power'],
    options: { power: { doc: 'The exponent.', schema: positive, default: 0.9 }, warmup },
  },
  step: {
    family: 'schedule',
    doc: 'Times `factor` every `every` epochs.',
    positional: ['every', 'factor'],
    options: {
      every: { doc: 'Epochs between steps.', schema: count, default: 10 },
      factor: { doc: 'Factor of each step.', schema: fraction, default: 0.1 },
      warmup,
    },
  },
});

const pixels = { type: 'integer', minimum: 1, maximum: 16_384 } as const satisfies OptionSchema;
const pairOfPixels = {
  anyOf: [pixels, { type: 'array', items: pixels, minItems: 2, maxItems: 2 }],
} as const satisfies OptionSchema;

/** Size policies: what happens to images whose size differs from what a batch needs. */
export const sizePolicies = declare({
  crop: {
    family: 'size_policy',
    doc: 'Random crops in training; whole images, padded by reflection, when evaluating.',
    positional: ['size'],
    options: { size: { doc: 'Height and width of a crop in pixels.', schema: pairOfPixels } },
  },
  pad: {
    family: 'size_policy',
    doc: 'Whole images, padded by reflection to the next legal size; padded pixels do not count.',
    positional: [],
    options: {},
  },
  resize: {
    family: 'size_policy',
    doc: 'Every image resized (bilinear, masks nearest); predictions are resized back.',
    positional: ['size'],
    options: { size: { doc: 'Height and width in pixels.', schema: pairOfPixels } },
  },
  tile: {
    family: 'size_policy',
    doc: 'Overlapping tiles, blended back when predicting.',
    positional: ['size', 'overlap'],
    options: {
      size: { doc: 'Height and width of a tile in pixels.', schema: pairOfPixels },
      overlap: {
        doc: 'Pixels that neighbouring tiles share.',
        schema: { type: 'integer', minimum: 0, maximum: 8192 },
        default: 32,
      },
    },
  },
});

import {
  boolean,
  declare,
  fraction,
  nonNegative,
  oneOf,
  type OptionDeclaration,
} from './component.js';

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

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

const overlapOfObjects = {
  doc: 'The intersection over union above which an object is found.',
  schema: { type: 'number', minimum: 0.5, exclusiveMaximum: 1 },
  default: 0.5,
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
  surface_distance: {
    family: 'metric',
    doc: 'The mean of the distances between outlines, both ways together, in pixels (average symmetric surface distance, Heimann et al. 2009); each image for itself, then the mean, classes in one mask alone as for `hausdorff`.',
    positional: [],
    options: { threshold: thresholded },
  },
  boundary_f1: {
    family: 'metric',
    doc: '2 P R / (P + R) of outlines: P the part of the predicted one that is near the true one, R the part of the true one that is near the predicted one; each image for itself, then the mean (Csurka et al. 2013).',
    positional: [],
    options: {
      tolerance: {
        doc: 'How far apart near pixels are at most, in pixels.',
        schema: nonNegative,
        default: 2,
      },
      threshold: thresholded,
    },
  },
  auc: {
    family: 'metric',
    doc: 'The area under the ROC curve: how often a pixel of a class has a higher probability of it than one of no such class, equals by half. From ranks, in which probabilities closer than 1/256 of themselves (of their distance to 1) may count as equal.',
    positional: [],
    options: {},
  },
  calibration_error: {
    family: 'metric',
    doc: 'The mean distance between probabilities and how often they are right, in bins of equal width (Naeini et al. 2015). By class of its own probabilities; the mean is that of the likeliest class of each pixel (expected calibration error, Guo et al. 2017), of one channel that of the foreground.',
    positional: [],
    options: {
      bins: {
        doc: 'The number of bins from 0 to 1.',
        schema: { type: 'integer', minimum: 1, maximum: 1000 },
        default: 15,
      },
    },
  },
  average_precision: {
    family: 'metric',
    doc: 'TP / (TP + FP + FN) of objects, found where one of the prediction and one of the truth overlap by more than `iou` (as DSB 2018 and StarDist have it). Objects are the connected parts of a class.',
    positional: [],
    options: { iou: overlapOfObjects, per: perSet, threshold: thresholded },
  },
  mae: {
    family: 'metric',
    doc: 'The mean of |p - t| over all values, p predicted and t true; for heads that predict values.',
    positional: [],
    options: {},
  },
  rmse: {
    family: 'metric',
    doc: 'The root of the mean of (p - t)^2 over all values; for heads that predict values.',
    positional: [],
    options: {},
  },
  panoptic_quality: {
    family: 'metric',
    doc: 'The sum of the IoU of objects that are found, by more than a half, over TP + FP / 2 + FN / 2 (Kirillov et al. 2019). Objects are the connected parts of a class.',
    positional: [],
    options: { threshold: thresholded },
  },
});

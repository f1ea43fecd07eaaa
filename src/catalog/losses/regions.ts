import { boolean, declare, oneOf, positive } from '../component.js';
import { epsilon, missedWeight, per, regionWeights, shapeWeights } from './options.js';

/** Losses of regions: of sums over them, their outlines, skeletons and neighbourhoods. */
export const regionLosses = declare({
  dice: {
    family: 'loss',
    doc: '1 - (2 I + epsilon) / (sum p + sum t + epsilon), mean over classes (Milletari et al. 2016, plain sums).',
    positional: [],
    options: { epsilon: epsilon(1), per: per('batch'), class_weights: regionWeights },
  },
  iou: {
    family: 'loss',
    doc: '1 - (I + epsilon) / (sum p + sum t - I + epsilon), mean over classes; with `epsilon` 0 an empty pair has no value.',
    positional: [],
    options: { epsilon: epsilon(1e-7), per: per('batch'), class_weights: regionWeights },
  },
  tversky: {
    family: 'loss',
    doc: '1 - (TP + epsilon) / (TP + alpha FN + (1 - alpha) FP + epsilon), mean over classes (Salehi et al. 2017).',
    positional: [],
    options: {
      alpha: missedWeight,
      epsilon: epsilon(1),
      per: per('batch'),
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
      per: per('batch'),
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
  generalized_dice: {
    family: 'loss',
    doc: '1 - (2 sum w I + epsilon) / (sum w (sum p + sum t) + epsilon), sums over classes, the background too; w = 1 / (sum t)^2, as parts of the largest (Sudre et al. 2017). A class that is not there weighs as the rarest one that is.',
    positional: [],
    options: { epsilon: epsilon(1e-7), per: per('batch') },
  },
  lovasz_hinge: {
    family: 'loss',
    doc: 'Hinge errors of logits, sorted and weighed by what each does to the Jaccard index; channel by channel (Berman et al. 2018, for two classes).',
    positional: [],
    options: { per: per('image'), class_weights: regionWeights },
  },
  lovasz_softmax: {
    family: 'loss',
    doc: 'Errors |t - p| of a class, sorted and weighed by what each does to its Jaccard index, the mean over classes (Berman et al. 2018).',
    positional: [],
    options: {
      classes: {
        doc: 'Of exclusive classes those that are `present` in the masks, or `all`; independent channels count all.',
        schema: oneOf('present', 'all'),
        default: 'present',
      },
      per: per('batch'),
      class_weights: regionWeights,
    },
  },
  boundary: {
    family: 'loss',
    doc: 'Probabilities times the signed distance to the outline of the truth, in pixels, negative inside of it; the mean over pixels and classes (Kervadec et al. 2019). A class that is nowhere or everywhere in an image has no outline, and distances 0. Meant as a term beside a loss of regions.',
    positional: [],
    options: { class_weights: shapeWeights },
  },
  cl_dice: {
    family: 'loss',
    doc: "1 - 2 P S / (P + S): P the part of the prediction's skeleton inside of the truth, S the part of the truth's inside of the prediction; mean over classes (Shit et al. 2021, soft clDice). For tubes and lines; meant as a term beside `dice`.",
    positional: [],
    options: {
      iterations: {
        doc: 'How often shapes are thinned: at least the largest half width of a tube in pixels.',
        schema: { type: 'integer', minimum: 1, maximum: 100 },
        default: 3,
      },
      epsilon: epsilon(1),
      per: per('batch'),
      class_weights: shapeWeights,
    },
  },
});

import { boolean, declare, fraction, nonNegative, positive } from '../component.js';
import { classWeights, labelSmoothing } from './options.js';

const ofValues = 'of the probabilities against 1 for what is true and 0 for what is not';

/** Losses of single pixels; all but the hardest are means over all that count. */
export const pixelLosses = declare({
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
  mse: {
    family: 'loss',
    doc: `Squared error (p - t)^2 ${ofValues}, the mean over pixels and channels (Brier 1950).`,
    positional: [],
    options: { class_weights: classWeights },
  },
  mae: {
    family: 'loss',
    doc: `Absolute error |p - t| ${ofValues}, the mean over pixels and channels.`,
    positional: [],
    options: { class_weights: classWeights },
  },
  huber: {
    family: 'loss',
    doc: `With e = |p - t| ${ofValues}: e^2 / 2 up to delta, delta (e - delta / 2) beyond; the mean over pixels and channels (Huber 1964).`,
    positional: [],
    options: {
      delta: {
        doc: 'The error from which on it grows as a line. Those of probabilities are 1 at most.',
        schema: positive,
        default: 1,
      },
      class_weights: classWeights,
    },
  },
  topk_cross_entropy: {
    family: 'loss',
    doc: 'Cross-entropy, the mean over those pixels of the batch where it is largest (Wu et al. 2016); of channels that are independent the binary one.',
    positional: [],
    options: {
      share: {
        doc: 'The part of the pixels that is taken, rounded down, one at least.',
        schema: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
        default: 0.1,
      },
      label_smoothing: labelSmoothing,
      class_weights: classWeights,
    },
  },
});

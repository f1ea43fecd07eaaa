import {
  boolean,
  channels,
  declare,
  fraction,
  oneOf,
  positive,
  type OptionDeclaration,
} from '../component.js';

const normEpsilon = {
  doc: "Added to the variance; PyTorch's default, Keras' is 1e-3.",
  schema: positive,
  default: 1e-5,
} as const satisfies OptionDeclaration;
const affine = {
  doc: "Whether each channel is scaled and shifted by trained weights; PyTorch's InstanceNorm2d does so only when asked.",
  schema: boolean,
  default: true,
} as const satisfies OptionDeclaration;

/** Layers that give values a mean and a variance. */
export const normalizations = declare({
  batch_norm: {
    family: 'layer',
    doc: 'Batch normalisation (Ioffe and Szegedy 2015) of each channel.',
    positional: [],
    options: {
      epsilon: normEpsilon,
      momentum: {
        doc: "Part of the running value kept at each step, Keras' convention; PyTorch's momentum 0.1 is 0.9 here.",
        schema: fraction,
        default: 0.9,
      },
      running_variance: {
        doc: 'What the running variance takes of a batch of n values a channel: the `biased` variance, as Keras does, or `unbiased` n / (n - 1) times it, as PyTorch does. A TensorFlow.js model trained outside unetc always takes the biased one.',
        schema: oneOf('biased', 'unbiased'),
        default: 'biased',
      },
      scale: {
        doc: 'Whether each channel is multiplied by a trained weight.',
        schema: boolean,
        default: true,
      },
      shift: {
        doc: 'Whether a trained weight is added to each channel.',
        schema: boolean,
        default: true,
      },
    },
  },
  instance_norm: {
    family: 'layer',
    doc: 'Normalisation of each channel of each image (Ulyanov et al. 2016), the same in training and after it.',
    positional: [],
    options: { epsilon: normEpsilon, affine },
  },
  group_norm: {
    family: 'layer',
    doc: "Normalisation of each image's channels in groups (Wu and He 2018), the same in training and after it.",
    positional: ['groups'],
    options: {
      groups: {
        doc: 'Parts of the channels, which it must divide; 1 normalises an image as a whole.',
        schema: channels,
        default: 32,
      },
      epsilon: normEpsilon,
      affine,
    },
  },
  layer_norm: {
    family: 'layer',
    doc: 'Normalisation of each pixel over its channels (Ba et al. 2016); `group_norm(1)` takes in height and width too.',
    positional: [],
    options: { epsilon: normEpsilon, affine },
  },
  layer_scale: {
    family: 'layer',
    doc: 'Multiplies each channel by a trained weight (Touvron et al. 2021; ConvNeXt, Liu et al. 2022).',
    positional: ['start'],
    options: {
      start: {
        doc: "What every channel is multiplied by at first; ConvNeXt's 0.000001.",
        schema: { type: 'number' },
        default: 1e-6,
      },
    },
  },
});

import { declare, fraction, nonNegative, type OptionDeclaration } from './component.js';

const probability = {
  doc: 'Part of the samples it is applied to.',
  schema: fraction,
  default: 0.5,
} as const satisfies OptionDeclaration;

/** Augmentations. The first seven move image and mask together, the rest change the image alone. */
export const augmentations = declare({
  flip: {
    family: 'augmentation',
    doc: 'Mirrors left-right and top-bottom, each at random.',
    positional: ['axes'],
    options: {
      axes: {
        doc: 'Which mirrorings are allowed.',
        schema: { enum: ['both', 'horizontal', 'vertical'] },
        default: 'both',
      },
    },
  },
  rotate90: {
    family: 'augmentation',
    doc: 'Turns a sample by 0, 90, 180 or 270 degrees, after all others: pixels stay as they are. A sample that is not square turns by 0 or 180.',
    positional: [],
    options: {},
  },
  rotate: {
    family: 'augmentation',
    doc: 'Turns by a random angle up to `degrees` either way.',
    positional: ['degrees'],
    options: {
      degrees: {
        doc: 'Largest angle.',
        schema: { type: 'number', minimum: 0, maximum: 180 },
        default: 15,
      },
      probability: { ...probability, default: 1 },
    },
  },
  scale: {
    family: 'augmentation',
    doc: 'Enlarges or shrinks by a random factor from 1 / (1 + amount) to 1 + amount.',
    positional: ['amount'],
    options: {
      amount: {
        doc: 'Largest change.',
        schema: { type: 'number', minimum: 0, maximum: 4 },
        default: 0.2,
      },
      probability: { ...probability, default: 1 },
    },
  },
  shift: {
    family: 'augmentation',
    doc: 'Moves by a random part of the size.',
    positional: ['amount'],
    options: {
      amount: { doc: 'Largest part of height and width.', schema: fraction, default: 0.1 },
      probability: { ...probability, default: 1 },
    },
  },
  elastic: {
    family: 'augmentation',
    doc: 'Smooth deformation: random displacements on a coarse grid, bicubic between (2015 U-Net).',
    positional: [],
    options: {
      sigma: { doc: 'Deviation of the displacements in pixels.', schema: nonNegative, default: 10 },
      grid: {
        doc: 'Displacements along each axis.',
        schema: { type: 'integer', minimum: 2, maximum: 64 },
        default: 3,
      },
      probability,
    },
  },
  brightness: {
    family: 'augmentation',
    doc: 'Adds a random constant.',
    positional: ['amount'],
    options: {
      amount: { doc: 'Largest part of the value range.', schema: fraction, default: 0.2 },
      probability,
    },
  },
  contrast: {
    family: 'augmentation',
    doc: 'Scales the distance from the mean by a random factor.',
    positional: ['amount'],
    options: {
      amount: { doc: 'Largest change of the factor.', schema: fraction, default: 0.2 },
      probability,
    },
  },
  gamma: {
    family: 'augmentation',
    doc: 'Raises values to a random power.',
    positional: ['amount'],
    options: {
      amount: { doc: 'Largest change of the exponent.', schema: fraction, default: 0.2 },
      probability,
    },
  },
  hue: {
    family: 'augmentation',
    doc: 'Turns all colours on their circle by one angle, of red, green and blue.',
    positional: ['amount'],
    options: {
      amount: {
        doc: 'Largest part of the circle; 0.5 is the complement.',
        schema: { type: 'number', minimum: 0, maximum: 0.5 },
        default: 0.05,
      },
      probability,
    },
  },
  saturation: {
    family: 'augmentation',
    doc: 'Scales the distance from grey by a random factor, of red, green and blue.',
    positional: ['amount'],
    options: {
      amount: { doc: 'Largest change of the factor.', schema: fraction, default: 0.2 },
      probability,
    },
  },
  noise: {
    family: 'augmentation',
    doc: 'Adds Gaussian noise.',
    positional: ['sigma'],
    options: {
      sigma: {
        doc: 'Largest deviation, as part of the value range.',
        schema: fraction,
        default: 0.05,
      },
      probability,
    },
  },
  blur: {
    family: 'augmentation',
    doc: 'Gaussian blur.',
    positional: ['sigma'],
    options: {
      sigma: { doc: 'Largest deviation in pixels.', schema: nonNegative, default: 1.5 },
      probability,
    },
  },
  cutout: {
    family: 'augmentation',
    doc: 'Fills squares with the mean of the sample; the mask stays (DeVries and Taylor 2017).',
    positional: ['size', 'count'],
    options: {
      size: { doc: 'Side, as part of the shorter side.', schema: fraction, default: 0.25 },
      count: {
        doc: 'Squares in a sample.',
        schema: { type: 'integer', minimum: 1, maximum: 1000 },
        default: 1,
      },
      probability,
    },
  },
});

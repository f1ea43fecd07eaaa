import { fraction, nonNegative, oneOf, rate, type OptionDeclaration } from '../component.js';

/** Options that several losses have. */
export const epsilon = (value: number) =>
  ({
    doc: 'Added to numerator and denominator, so that an empty mask has a value.',
    schema: nonNegative,
    default: value,
  }) as const satisfies OptionDeclaration;

const weights = { type: 'array', items: nonNegative, minItems: 2, maxItems: 256 } as const;
export const classWeights = {
  doc: 'Factor of each class, the background first, one for each channel (two for one channel); all 1 unless given. The mean stays over all pixels.',
  schema: weights,
  optional: true,
} as const satisfies OptionDeclaration;
export const regionWeights = {
  doc: 'Factor of each class in the mean over classes, one for each channel; 0 leaves a class out. All 1 unless given.',
  schema: weights,
  optional: true,
} as const satisfies OptionDeclaration;
/** Of losses that look at shapes, which the background has none of. */
export const shapeWeights = {
  doc: 'Factor of each class in the mean over classes, one for each channel; 0 leaves a class out. Unless given 0 for the background and 1 for the others.',
  schema: weights,
  optional: true,
} as const satisfies OptionDeclaration;
export const labelSmoothing = {
  doc: 'Part of the truth spread evenly over the classes (Szegedy et al. 2016).',
  schema: rate,
  default: 0,
} as const satisfies OptionDeclaration;
export const per = <Range extends 'batch' | 'image'>(range: Range) =>
  ({
    doc: 'Whether the sums run over the whole `batch`, or each `image` has a loss and the mean of them is taken.',
    schema: oneOf('batch', 'image'),
    default: range,
  }) as const satisfies OptionDeclaration;
export const missedWeight = {
  doc: 'Weight of missed pixels; false ones weigh 1 - alpha.',
  schema: fraction,
  default: 0.7,
} as const satisfies OptionDeclaration;

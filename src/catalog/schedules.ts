import {
  count,
  declare,
  fraction,
  nonNegative,
  positive,
  type OptionDeclaration,
} from './component.js';

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

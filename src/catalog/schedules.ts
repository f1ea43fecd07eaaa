import {
  count,
  declare,
  fraction,
  nonNegative,
  oneOf,
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
  multi_step: {
    family: 'schedule',
    doc: 'Times `factor` after each of some epochs.',
    positional: ['after', 'factor'],
    options: {
      after: {
        doc: 'The epochs, counted from 1.',
        schema: { type: 'array', items: count, minItems: 1, maxItems: 1000 },
      },
      factor: { doc: 'Factor of each step.', schema: fraction, default: 0.1 },
      warmup,
    },
  },
  exponential: {
    family: 'schedule',
    doc: 'Times `factor` after every epoch.',
    positional: ['factor'],
    options: {
      factor: { doc: 'Factor of each epoch.', schema: fraction, default: 0.95 },
      warmup,
    },
  },
  cosine_restarts: {
    family: 'schedule',
    doc: 'Half a cosine down to `floor`, again and again (SGDR, Loshchilov and Hutter 2016).',
    positional: ['every'],
    options: {
      every: { doc: 'Epochs of the first cosine.', schema: count, default: 10 },
      stretch: {
        doc: 'How many times longer each cosine is than the one before.',
        schema: { type: 'integer', minimum: 1, maximum: 100 },
        default: 1,
      },
      floor: { doc: 'Last factor of each cosine.', schema: fraction, default: 0 },
      warmup,
    },
  },
  one_cycle: {
    family: 'schedule',
    doc: 'Up to the learning rate and down again (Smith 2018), by the formula of OneCycleLR of PyTorch; momentum stays as it is.',
    positional: [],
    options: {
      rise: { doc: 'Part of all steps over which it rises.', schema: fraction, default: 0.3 },
      first: { doc: 'First factor.', schema: fraction, default: 0.04 },
      last: { doc: 'Last factor.', schema: fraction, default: 0.000004 },
      shape: {
        doc: 'What leads from one to the next: half a cosine, or a line.',
        schema: oneOf('cosine', 'linear'),
        default: 'cosine',
      },
    },
  },
  plateau: {
    family: 'schedule',
    doc: 'Times `factor` when no epoch was better than the best for some epochs (ReduceLROnPlateau of Keras; its `patience` in PyTorch is one less). What is better is what picks the best epoch.',
    positional: ['patience', 'factor'],
    options: {
      patience: {
        doc: 'Epochs without a better one before each step.',
        schema: count,
        default: 10,
      },
      factor: { doc: 'Factor of each step.', schema: fraction, default: 0.1 },
      cooldown: {
        doc: 'Epochs after a step that do not count.',
        schema: { type: 'integer', minimum: 0, maximum: 1_000_000 },
        default: 0,
      },
      floor: { doc: 'Least factor.', schema: fraction, default: 0 },
      warmup,
    },
  },
});

import { declare, positive } from './component.js';

/** What is done to gradients that are too large. */
export const clippings = declare({
  norm: {
    family: 'clipping',
    doc: 'Scales all gradients of a step together, so that the root of the sum of all their squares is at most `max` (Pascanu et al. 2013).',
    positional: ['max'],
    options: { max: { doc: 'Largest norm.', schema: positive, default: 1 } },
  },
  value: {
    family: 'clipping',
    doc: 'Brings each value of a gradient between `-max` and `max`.',
    positional: ['max'],
    options: { max: { doc: 'Largest value.', schema: positive, default: 1 } },
  },
});

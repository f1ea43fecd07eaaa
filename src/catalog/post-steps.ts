import { boolean, declare, fraction, oneOf, type OptionDeclaration } from './component.js';

const pixels = { type: 'integer', minimum: 1, maximum: 1_000_000_000 } as const;
const corners = {
  doc: 'Whether pixels of a class that touch with their corners alone are connected, too (8-connectivity); those that touch with their sides always are (4-connectivity).',
  schema: boolean,
  default: false,
} as const satisfies OptionDeclaration;

/** Post-processing: what makes the mask that is painted of the probabilities. */
export const postSteps = declare({
  threshold: {
    family: 'post_step',
    doc: 'The probability above which a pixel is of class 1, for heads of one channel. Stands first.',
    positional: ['at'],
    options: {
      at: {
        doc: 'The probability; or `found`: the end of a training finds the one with the best Dice on the validation images, and keeps it beside the weights.',
        schema: { anyOf: [fraction, oneOf('found')] },
      },
    },
  },
  remove_small: {
    family: 'post_step',
    doc: 'Connected parts of a class that have fewer pixels become background.',
    positional: ['pixels'],
    options: {
      pixels: { doc: 'What a part must have to stay.', schema: pixels },
      corners,
    },
  },
  fill_holes: {
    family: 'post_step',
    doc: 'Background that one class encloses becomes that class. What reaches the edge of the image, or touches two classes, is no hole.',
    positional: ['pixels'],
    options: {
      pixels: {
        doc: 'The largest hole that is filled; all are unless given.',
        schema: pixels,
        optional: true,
      },
      corners,
    },
  },
  keep_largest: {
    family: 'post_step',
    doc: 'Of each class the largest connected part stays, the topmost of equals; the others become background.',
    positional: [],
    options: { corners },
  },
});

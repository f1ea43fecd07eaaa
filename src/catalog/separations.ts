import { boolean, count, declare, fraction, type OptionDeclaration } from './component.js';

const smallest = {
  doc: 'Objects of fewer pixels are left out.',
  schema: count,
  default: 1,
} as const satisfies OptionDeclaration;

/** Separations: how objects of a class that touch are told apart. */
export const separations = declare({
  components: {
    family: 'separation',
    doc: 'Every connected part of a class is an object; what touches is one.',
    positional: ['smallest'],
    options: {
      smallest,
      corners: {
        doc: 'Whether pixels that touch with their corners alone are connected, too (8-connectivity).',
        schema: boolean,
        default: false,
      },
    },
  },
  watershed: {
    family: 'separation',
    doc: 'Objects grow from their seeds, the likeliest pixels first, until they meet (Meyer 1994). Seeds are the connected parts of a class where its probability is above `seed`. A part of the mask without a seed is an object as it is.',
    positional: ['seed'],
    options: {
      seed: {
        doc: 'The probability above which a pixel is part of a seed.',
        schema: fraction,
        default: 0.8,
      },
      border: {
        doc: 'The number of the class that borders of objects have, in a network that learns them. Its pixels belong to objects and to no seed.',
        schema: { type: 'integer', minimum: 1, maximum: 254 },
        optional: true,
      },
      smallest,
    },
  },
  head_watershed: {
    family: 'separation',
    doc: 'Objects grow from their seeds as with `watershed`, over what another head predicts in place of probabilities: one that learns `distance`, which is 1 in the middle of each object and falls to all sides, so that objects meet where they touch.',
    positional: ['head'],
    options: {
      head: {
        doc: 'The name of a head of one channel with a target of values.',
        schema: { type: 'string' },
      },
      seed: {
        doc: 'The value above which a pixel is part of a seed.',
        schema: { type: 'number' },
        default: 0.5,
      },
      smallest,
    },
  },
  distance_watershed: {
    family: 'separation',
    doc: 'The same by shape alone: seeds are the summits of the distance to what is not of the class, so objects part where they are narrow.',
    positional: ['depth'],
    options: {
      depth: {
        doc: 'How far, in pixels, the distance falls between two summits that are two objects.',
        schema: { type: 'number', exclusiveMinimum: 0, maximum: 1000 },
        default: 0.75,
      },
      blur: {
        doc: 'Deviation of the Gaussian that smooths distances, in pixels; 0 for none.',
        schema: { type: 'number', minimum: 0, maximum: 100 },
        default: 1,
      },
      smallest,
    },
  },
});

import { declare, type OptionDeclaration } from './component.js';

const folder = {
  doc: 'Where the files lie, as `masks` says it; where a list names the files of pairs, its column.',
  schema: { type: 'string' },
} as const satisfies OptionDeclaration;

const suffix = {
  doc: 'What names of files end in behind that of the pair, before the extension.',
  schema: { type: 'string' },
  default: '',
} as const satisfies OptionDeclaration;

/** Targets: what a head learns in place of the class masks of the data set. */
export const targets = declare({
  masks: {
    family: 'target',
    doc: 'Class masks of its own: numbers of classes from 0 on; for a head of one channel 0 is the background and every other value the foreground.',
    positional: ['folder'],
    options: {
      folder,
      suffix,
      ignore: {
        doc: 'The value of pixels without a class.',
        schema: { type: 'integer', minimum: 0, maximum: 65_535 },
        default: 255,
      },
    },
  },
  values: {
    family: 'target',
    doc: 'Numbers to be predicted as they are, such as heights, densities or heat maps: TIFF, NPY or PNG with a channel for each of the head. A value v of a file stands for scale v + offset; NaN for no value.',
    positional: ['folder'],
    options: {
      folder,
      suffix,
      scale: {
        doc: 'What values of files are multiplied by: 1/255 makes 0 to 1 of 8 bits.',
        schema: { type: 'number' },
        default: 1,
      },
      offset: { doc: 'What is added then.', schema: { type: 'number' }, default: 0 },
      ignore: {
        doc: 'A value of the files that stands for none, beside NaN.',
        schema: { type: 'number' },
        optional: true,
      },
    },
  },
  planes: {
    family: 'target',
    doc: 'Classes that may lie over each other, a mask for each channel of the head: 0 is outside of the class, every other value inside.',
    positional: ['folders'],
    options: {
      folders: {
        doc: 'Where the masks of each class lie, in the order of the channels.',
        schema: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 255 },
      },
      suffixes: {
        doc: 'What the names of the masks of each class end in, where they lie in one folder or in as many.',
        schema: { type: 'array', items: { type: 'string' }, minItems: 1, maxItems: 255 },
        optional: true,
      },
    },
  },
  distance: {
    family: 'target',
    doc: 'How far a pixel of an object lies from what is not of it, divided by the largest such distance of its object: from 0 outside to 1 in its middle. Objects are those of `instances` where there is such a folder, else the connected parts of the mask.',
    positional: [],
    options: {},
  },
});

import { boolean, count, declare, fraction, oneOf, type OptionSchema } from './component.js';

const byte = { type: 'integer', minimum: 0, maximum: 255 } as const satisfies OptionSchema;
const colour = {
  type: 'array',
  items: byte,
  minItems: 3,
  maxItems: 3,
} as const satisfies OptionSchema;
/** A value of an 8-bit or 16-bit mask. */
const level = { type: 'integer', minimum: 0, maximum: 65_535 } as const satisfies OptionSchema;

/** The plain fields of sections; those that take components or tensors are read by name. */
export const sectionFields = declare({
  encoder: {
    family: 'section',
    doc: 'What an encoder that is declared outside the model starts with, and whether it learns.',
    positional: [],
    options: {
      weights: {
        doc: 'A file of pretrained weights, relative to the spec and inside its project: safetensors, a TensorFlow.js layers model, or Keras HDF5.',
        schema: { type: 'string' },
        optional: true,
      },
      adapt_input: {
        doc: 'What kernels for another number of image channels become: `sum`, each channel gets their sum divided by the new number of channels; `repeat`, they are repeated in order, times old by new number of channels; `random`, they start anew; `none` refuses the file.',
        schema: oneOf('none', 'sum', 'repeat', 'random'),
        default: 'none',
      },
      freeze: {
        doc: 'Training leaves its weights and the running statistics of its normalisations as they are.',
        schema: boolean,
        default: false,
      },
    },
  },
  train: {
    family: 'section',
    doc: 'How the model is trained.',
    positional: [],
    options: {
      epochs: { doc: 'Passes over the training set.', schema: count, default: 20 },
      batch: { doc: 'Images in a step.', schema: count, default: 4 },
      accumulate: {
        doc: 'Parts of a batch that go through the network one after the other, for less memory: the step is made by the mean of their gradients. Batch norms and losses of regions see a part at a time.',
        schema: count,
        default: 1,
      },
      foreground: {
        doc: 'Share of the training crops that hold foreground where the mask has some, each of its classes as often as the others; the rest lie anywhere. For the size policies `crop` and `tile`.',
        schema: fraction,
        default: 0,
      },
      ema: {
        doc: 'Decay of an exponential moving average of the weights, 0.999 for example: validated, and kept as the best, is the average; unless given, the weights themselves.',
        schema: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 },
        optional: true,
      },
      patience: {
        doc: 'Training ends early after so many epochs without one that is better than the best; unless given, it makes all of them.',
        schema: count,
        optional: true,
      },
      seed: {
        doc: 'Start of all randomness: initialisation, shuffling, dropout, augmentation.',
        schema: { type: 'integer', minimum: 0, maximum: 4_294_967_295 },
        default: 0,
      },
      colors: {
        doc: 'Colours of the classes in RGB masks, class 0 first; masks hold class indices, or 0 and one other value, when it is not given.',
        schema: {
          type: 'array',
          items: colour,
          minItems: 2,
          maxItems: 256,
        },
        optional: true,
      },
      classes: {
        doc: 'Names of the classes, class 0 first, one for each channel (two for one channel): words, or strings where a name has blanks. Tables, logs and pictures use them.',
        schema: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 255 },
        optional: true,
      },
      ignore: {
        doc: 'Mask values of pixels without a class, which losses, metrics and shares leave out: a value or a list of them; beside `colors` a colour or a list of them. Unless given, 255 in masks of class indices.',
        schema: {
          anyOf: [
            level,
            { type: 'array', items: level, maxItems: 256 },
            { type: 'array', items: colour, maxItems: 256 },
          ],
        },
        optional: true,
      },
      border_width: {
        doc: 'Masks number the objects, 0 for none, and the network learns where they touch: class 0 is the background, 1 the inside of objects, 2 their outermost pixels, so many that touch another number with a side or a corner.',
        schema: { type: 'integer', minimum: 1, maximum: 64 },
        optional: true,
      },
      images: {
        doc: 'The folder of images, inside the data folder; `"{part}/images"` unless given, where `{part}` stands for train and val. Where `split` divides one folder, there is no `{part}` and it is `"images"`.',
        schema: { type: 'string' },
        optional: true,
      },
      masks: {
        doc: 'The folder of masks, in the same way; `"{part}/masks"` or `"masks"`.',
        schema: { type: 'string' },
        optional: true,
      },
      instances: {
        doc: 'The folder of masks that number the objects, for weight maps and for `eval` of `objects`, where there is one; `"{part}/instances"` or `"instances"`.',
        schema: { type: 'string' },
        optional: true,
      },
    },
  },
});

/** The encoders that are written in the model itself, level by level; all others are declared. */
export const encoderSchemes: readonly string[] = ['plain'];

/** The names that each slot gives a meaning of their own; parameters so called are not seen there. */
export const slotNames: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  encoder: { stage: ['width', 'level', 'in'], down: ['width', 'level', 'in'] },
  skip: {
    earlier: ['level'],
    branch: ['width', 'level', 'in', 'factor', 'skip'],
    down: ['width', 'level', 'in', 'factor', 'skip'],
    merge: ['width', 'level', 'in', 'skip', 'skips', 'up', 'branches'],
    align: ['level'],
  },
  decoder: {
    bottom: ['width', 'level', 'in'],
    up: ['width', 'level', 'in', 'factor', 'skip'],
    stage: ['width', 'level', 'in', 'skip', 'up'],
  },
};

/** What slots of nested skips and of their decoder know beside that. */
export const nestedSlotName = 'column';

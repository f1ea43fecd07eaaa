import { declare, type OptionSchema } from './component.js';

const pixels = { type: 'integer', minimum: 1, maximum: 16_384 } as const satisfies OptionSchema;
const pairOfPixels = {
  anyOf: [pixels, { type: 'array', items: pixels, minItems: 2, maxItems: 2 }],
} as const satisfies OptionSchema;

/** Size policies: what happens to images whose size differs from what a batch needs. */
export const sizePolicies = declare({
  crop: {
    family: 'size_policy',
    doc: 'Random crops in training; whole images, padded by reflection, when evaluating.',
    positional: ['size'],
    options: { size: { doc: 'Height and width of a crop in pixels.', schema: pairOfPixels } },
  },
  pad: {
    family: 'size_policy',
    doc: 'Whole images, padded by reflection to the next legal size; padded pixels do not count.',
    positional: [],
    options: {},
  },
  resize: {
    family: 'size_policy',
    doc: 'Every image resized (bilinear, masks nearest); predictions are resized back.',
    positional: ['size'],
    options: { size: { doc: 'Height and width in pixels.', schema: pairOfPixels } },
  },
  tile: {
    family: 'size_policy',
    doc: 'Overlapping tiles, blended back when predicting.',
    positional: ['size', 'overlap'],
    options: {
      size: { doc: 'Height and width of a tile in pixels.', schema: pairOfPixels },
      overlap: {
        doc: 'Pixels that neighbouring tiles share.',
        schema: { type: 'integer', minimum: 0, maximum: 8192 },
        default: 32,
      },
    },
  },
});

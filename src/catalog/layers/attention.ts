import { boolean, channels, declare, oneOf, pair } from '../component.js';

const windowSize = { type: 'integer', minimum: 1, maximum: 1024 } as const;
const shift = { type: 'integer', minimum: 0, maximum: 1023 } as const;

/** Layers of transformers beside `conv(c, 1)`, which is their linear layer, and `layer_norm`. */
export const attentionLayers = declare({
  attention: {
    family: 'layer',
    doc: 'Multi-head attention (Vaswani et al. 2017): every pixel, a query, takes the mean of the values, weighted by how its channels are alike those of the keys. Queries, keys and values are made before by `conv(c, 1)`; keys and values may be of another size (SegFormer, Xie et al. 2021).',
    positional: ['keys', 'values', 'heads'],
    options: {
      keys: { doc: 'The tensor of the keys, of as many channels.', schema: 'tensor' },
      values: { doc: 'The tensor of the values, of the size of the keys.', schema: 'tensor' },
      heads: {
        doc: 'Parts of the channels, each with weights of its own; it must divide them.',
        schema: channels,
      },
      window: {
        doc: 'Height and width of windows in which pixels look at each other (Swin, Liu et al. 2021), which must divide those of the image; without, each pixel looks at all.',
        schema: windowSize,
        optional: true,
      },
      shift: {
        doc: 'How far the grid of windows lies below and right of the corner, on axes that are longer than a window; pixels of opposite sides never look at each other.',
        schema: shift,
        default: 0,
      },
      position: {
        doc: 'Whether a trained weight of each head for the difference of two places in a window is added to their product (`relative`, as in Swin), which begins at 0.',
        schema: oneOf('none', 'relative'),
        default: 'none',
      },
      scaled: {
        doc: 'Whether products are divided by the root of the channels of a head, as all but non-local blocks (Wang et al. 2018) do.',
        schema: boolean,
        default: true,
      },
    },
  },
  positions: {
    family: 'layer',
    doc: 'Adds a trained table, with a weight for each channel of every pixel, which begins at 0 (ViT, Dosovitskiy et al. 2021); the image must have its size.',
    positional: ['size'],
    options: { size: { doc: 'Height and width of the table in pixels.', schema: pair } },
  },
});

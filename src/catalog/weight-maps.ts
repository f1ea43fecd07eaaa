import { declare, nonNegative, positive } from './component.js';

/** Weight maps: a factor for each pixel of a pixel-wise loss. */
export const weightMaps = declare({
  borders: {
    family: 'weight_map',
    doc: 'The border weight map of the 2015 U-Net: class balance + w0 exp(-(d1 + d2)^2 / (2 sigma^2)), d1 and d2 the distances to the two nearest objects: those of the folder `instances` beside `masks` where there is one, else the connected parts of the mask.',
    positional: [],
    options: {
      w0: { doc: 'Weight of the narrowest borders.', schema: nonNegative, default: 10 },
      sigma: { doc: 'Reach of a border in pixels.', schema: positive, default: 5 },
    },
  },
});

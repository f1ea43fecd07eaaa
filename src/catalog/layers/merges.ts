import { declare } from '../component.js';

const merging = (doc: string) =>
  ({ family: 'layer', doc, positional: [], options: {}, takes: 'many' }) as const;

/** Layers that make one tensor of several. */
export const merges = declare({
  concat: merging(
    'Joins tensors of one height and width along their channels, in the order written.',
  ),
  add: merging('Adds tensors of one shape.'),
  average: merging('The mean of tensors of one shape.'),
  subtract: merging('The first tensor less all others, of one shape.'),
  multiply: merging('Multiplies tensors; one may be a gate of 1 x 1 pixels or of one channel.'),
});

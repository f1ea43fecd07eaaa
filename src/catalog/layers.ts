import { declare, rate } from './component.js';
import { activations } from './layers/activations.js';
import { attentionLayers } from './layers/attention.js';
import { channelLayers } from './layers/channels.js';
import { merges } from './layers/merges.js';
import { normalizations } from './layers/normalizations.js';
import { plain } from './layers/plain.js';
import { sizeLayers } from './layers/sizes.js';
import { windowLayers } from './layers/windows.js';

const channelIndex = { type: 'integer', minimum: 0, maximum: 65_535 } as const;

/** Layers: what a pipeline is made of. */
export const layers = declare({
  ...windowLayers,
  ...sizeLayers,
  ...channelLayers,
  ...attentionLayers,
  ...normalizations,
  ...activations,
  dropout: {
    family: 'layer',
    doc: 'Zeroes values at random in training and scales the rest by 1 / (1 - rate).',
    positional: ['rate'],
    options: { rate: { doc: 'Part of the values that is dropped.', schema: rate, default: 0.5 } },
  },
  spatial_dropout: {
    family: 'layer',
    doc: 'Dropout of whole channels (PyTorch: Dropout2d).',
    positional: ['rate'],
    options: { rate: { doc: 'Part of the channels that is dropped.', schema: rate, default: 0.5 } },
  },
  drop_path: {
    family: 'layer',
    doc: 'Stochastic depth (Huang et al. 2016): in training, zeroes all that an image has here with the probability `rate` and scales the rest by 1 / (1 - rate); before an `add` it leaves out a residual branch.',
    positional: ['rate'],
    options: { rate: { doc: 'Part of the images that lose it.', schema: rate, default: 0.1 } },
  },
  ...merges,
  is_largest: {
    family: 'layer',
    doc: '1 where a channel has the largest value of all, else 0: a gate of one channel. Of equals the first is the largest. No gradient flows through it.',
    positional: ['channel'],
    options: { channel: { doc: 'The channel, counted from 0.', schema: channelIndex } },
  },
  identity: plain('Passes its input on.'),
});

export type LayerName = keyof typeof layers;

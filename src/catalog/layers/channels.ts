import { channels, declare, oneOf } from '../component.js';
import { plain } from './plain.js';

const place = { type: 'integer', minimum: 0, maximum: 65_535 } as const;
const factor = { type: 'integer', minimum: 1, maximum: 64 } as const;

/** Layers that take, move or join channels. */
export const channelLayers = declare({
  channel_mean: plain(
    'The mean of all channels of each pixel: one channel (CBAM, Woo et al. 2018).',
  ),
  channel_max: plain(
    'The maximum of all channels of each pixel: one channel (CBAM, Woo et al. 2018).',
  ),
  slice: {
    family: 'layer',
    doc: 'Takes some of the channels.',
    positional: ['from', 'to'],
    options: {
      from: { doc: 'The first channel, counted from 0.', schema: place, default: 0 },
      to: { doc: 'The channel behind the last one.', schema: channels },
    },
  },
  split: {
    family: 'layer',
    doc: 'Takes one of several equal parts of the channels.',
    positional: ['parts', 'part'],
    options: {
      parts: { doc: 'How many parts there are; it must divide the channels.', schema: channels },
      part: { doc: 'Which part, counted from 0.', schema: place },
    },
  },
  channel_shuffle: {
    family: 'layer',
    doc: "Deals the channels of groups out in turn: those of g groups of n come as the first of every group, then the second of every group (ShuffleNet, Zhang et al. 2018; PyTorch's ChannelShuffle).",
    positional: ['groups'],
    options: {
      groups: { doc: 'Parts of the channels, which it must divide.', schema: channels },
    },
  },
  pad_channels: {
    family: 'layer',
    doc: 'Adds channels of zeros behind (ENet, Paszke et al. 2016).',
    positional: ['channels'],
    options: { channels: { doc: 'How many there are then.', schema: channels } },
  },
  space_to_depth: {
    family: 'layer',
    doc: "Moves space into channels: factor * factor times more channels, each side divided by the factor, which must divide it; undoes `pixel_shuffle` (PyTorch's PixelUnshuffle).",
    positional: ['factor'],
    options: {
      factor: { doc: 'Height and width of the blocks.', schema: factor, default: 2 },
      order: {
        doc: "Which output channels a block of an input channel makes: neighbouring ones in `channels_first`, PyTorch's PixelUnshuffle; every one of the same remainder in `channels_last`, TensorFlow's space_to_depth.",
        schema: oneOf('channels_first', 'channels_last'),
        default: 'channels_first',
      },
    },
  },
});

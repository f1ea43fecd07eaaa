import {
  firstChannels,
  joinFormulas,
  numberFormula,
  ownChannels,
  sameChannels,
} from './channel-rule.js';
import { pointwise, type OperationRules } from './rules.js';
import { keptRange, mixedRange, rangeWithZero } from './value-range.js';

/** One channel: the mean or the maximum of all channels of each pixel (Woo et al. 2018, CBAM). */
export interface ChannelPoolOp {
  readonly kind: 'channel_mean' | 'channel_max';
}

/** The channels from number `from` to number `to` - 1, counted from 0. */
export interface SliceOp {
  readonly kind: 'slice';
  readonly from: number;
  readonly to: number;
}

/** Part number `part`, counted from 0, of channels that are cut into `parts` equal parts. */
export interface SplitOp {
  readonly kind: 'split';
  readonly parts: number;
  readonly part: number;
}

/**
 * Deals channels out among groups: channel g n + i of c = `groups` n becomes number
 * i groups + g (Zhang et al. 2018, ShuffleNet).
 */
export interface ChannelShuffleOp {
  readonly kind: 'channel_shuffle';
  readonly groups: number;
}

/** Adds channels of zeros behind those there are, up to `channels` (Paszke et al. 2016, ENet). */
export interface PadChannelsOp {
  readonly kind: 'pad_channels';
  readonly channels: number;
}

export const channelPool: OperationRules<ChannelPoolOp> = {
  ...pointwise,
  values: 'new',
  range: mixedRange,
  channels: { ...sameChannels, formula: () => numberFormula(1) },
};

const moving = {
  ...pointwise,
  values: 'kept',
  range: mixedRange,
} as const satisfies Partial<OperationRules<unknown>>;

export const slice: OperationRules<SliceOp> = {
  ...moving,
  channels: {
    problem: ({ from, to }, [first = 0]) => {
      if (to > first) return { kind: 'no-channel', channel: to - 1, last: first - 1 };
      return from < to ? undefined : { kind: 'empty-slice', from, to };
    },
    formula: ({ own }) => joinFormulas('-', own('to'), own('from')),
  },
};

export const split: OperationRules<SplitOp> = {
  ...moving,
  channels: {
    problem: ({ parts, part }, [first = 0]) => {
      if (part >= parts) return { kind: 'no-part', part, parts };
      return first % parts === 0 ? undefined : { kind: 'uneven', channels: first, parts };
    },
    formula: ({ inputs, own }) => joinFormulas('/', firstChannels({ inputs }), own('parts')),
  },
};

export const channelShuffle: OperationRules<ChannelShuffleOp> = {
  ...moving,
  range: keptRange,
  channels: {
    ...sameChannels,
    problem: ({ groups }, [first = 0]) =>
      first % groups === 0 ? undefined : { kind: 'uneven', channels: first, parts: groups },
  },
};

export const padChannels: OperationRules<PadChannelsOp> = {
  ...moving,
  range: rangeWithZero,
  channels: {
    ...ownChannels,
    problem: ({ channels }, [first = 0]) =>
      first <= channels ? undefined : { kind: 'too-many', found: first, channels },
  },
};

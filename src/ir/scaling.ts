import type { ScalingCall } from './recipe.js';

/** Values of files: the one that counts as 0, and the one that counts as 1. */
export type ValueRange = readonly [low: number, high: number];

/** Mean and deviation of values from 0 to 1, one of each for every channel that the network sees. */
export interface ChannelStatistics {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/**
 * What a scaling does, in numbers. First the values of the file become 0 to 1 by
 * `range`; then the channels are put in `order`; then each is taken less its mean, by its
 * deviation.
 */
export interface ScalingPlan {
  /** 0 and the largest value of the file's type where it is undefined. */
  readonly range: ValueRange | undefined;
  /** For each channel that the network sees, the channel of the image; as they are where it is undefined. */
  readonly order: readonly number[] | undefined;
  /** Undefined where mean and deviation of each image itself are taken, over all channels together. */
  readonly statistics: ChannelStatistics | undefined;
}

/** Of red, green and blue in ImageNet, from 0 to 1 (torchvision's weights name them). */
const imagenet: ChannelStatistics = {
  mean: [0.485, 0.456, 0.406],
  deviation: [0.229, 0.224, 0.225],
};

/** Of blue, green and red in ImageNet, from 0 to 255 (Keras' `preprocess_input`, mode "caffe"). */
const caffeMeans: readonly number[] = [103.939, 116.779, 123.68];

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** Statistics of three channels for as many as there are: one channel gets the average. */
const forColours = ({ mean, deviation }: ChannelStatistics, channels: number): ChannelStatistics =>
  channels === 1 ? { mean: [average(mean)], deviation: [average(deviation)] } : { mean, deviation };

/** What a scaling of a recipe that passed `checkScaling` does to images of `channels` channels. */
export function planScaling(call: ScalingCall, channels: number): ScalingPlan {
  const { options } = call;
  const range = rangeOf(call);
  const same = (mean: number, deviation: number): ChannelStatistics => ({
    mean: Array.from({ length: channels }, () => mean),
    deviation: Array.from({ length: channels }, () => deviation),
  });
  const fixed = (statistics: ChannelStatistics): ScalingPlan => ({
    ...{ range, order: undefined, statistics },
  });
  switch (call.name) {
    case 'unit':
    case 'range':
      return fixed(same(0, 1));
    case 'standard':
      return { range, order: undefined, statistics: undefined };
    case 'symmetric':
      return fixed(same(0.5, 0.5));
    case 'imagenet':
      return fixed(forColours(imagenet, channels));
    case 'caffe': {
      const mean = caffeMeans.map((value) => value / 255);
      const bytes = { mean, deviation: mean.map(() => 1 / 255) };
      const order = channels === 1 ? undefined : [2, 1, 0];
      return { range, order, statistics: forColours(bytes, channels) };
    }
    case 'normalize': {
      const white = options['white'] as number;
      const each = (option: unknown): readonly number[] => {
        const values = option as number | readonly number[];
        const list = typeof values === 'number' ? same(values, 1).mean : values;
        return list.map((value) => value / white);
      };
      return fixed({ mean: each(options['mean']), deviation: each(options['deviation']) });
    }
  }
}

/** The range that a scaling takes values from, where it is stated. */
export function rangeOf({ name, options }: ScalingCall): ValueRange | undefined {
  if (name === 'range') return [options['low'] as number, options['high'] as number];
  return options['range'] as ValueRange | undefined;
}

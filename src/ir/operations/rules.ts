import type { Axis, Initializer } from './basics.js';
import { sameChannels, type ChannelRule, type NumberAttribute } from './channel-rule.js';
import { ownPixel, type PixelReach, type ReachPlace } from './pixel-reach.js';
import type { ValueRange } from './value-range.js';

/** All that an operation is, apart from its values: a target and the runtime say those. */
export interface OperationRules<O> {
  /** How many channels come out, and which cannot go in. */
  readonly channels: ChannelRule<O, NumberAttribute<O>>;
  /** What becomes of one axis. */
  readonly axis: (op: O, axis: Axis) => AxisRule;
  /** Weights: a kernel, then its bias; scale and shift, then running mean and variance. */
  readonly weights: (op: O, channelsIn: number) => readonly Weight[];
  /** Multiply-adds of convolutions and attention for one image; everything else counts zero, as in papers. */
  readonly multiplyAdds: (op: O, size: OperationSize) => number;
  /** How many neighbouring pixels of its input one output pixel reads along an axis. */
  readonly reach: (op: O, axis: Axis) => number;
  /** Which pixels those are; undefined where they have no bound that holds in images of every size. */
  readonly reads: (op: O, place: ReachPlace) => PixelReach | undefined;
  /** What is known of its values, from what is known of its inputs' (none: of any). */
  readonly range: (op: O, inputs: readonly ValueRange[]) => ValueRange;
  /** Whether it is there to bring a tensor to another size. */
  readonly resamples: boolean;
  /** What its values are: those of its first input, moved, pooled or dropped; those bent; or new ones. */
  readonly values: 'kept' | 'activated' | 'new';
  /** Whether the order of its inputs makes no difference. */
  readonly commutes: boolean;
}

/** Channels and pixels (height times width) that go in and come out. */
export interface OperationSize {
  readonly channelsIn: number;
  readonly channelsOut: number;
  readonly pixelsIn: number;
  readonly pixelsOut: number;
  /** Pixels of the last input. */
  readonly pixelsRead: number;
}

/**
 * What an operation does to one axis. `step` makes
 * multiply * floor((in + before) / divide) + after and needs in >= minimum, and where it
 * `isExact` that nothing is left of the division;
 * `fixed` has one size whatever goes in; `follow` takes the size of its second input, where
 * `relation` says what sizes the first may have: any, none larger or smaller, or what that
 * step makes of the second; `attend` has the size of its first input, where the second and
 * the third have one size, and in windows all have one, which divides by that of a window;
 * `only` keeps the one size that it takes.
 */
export type AxisRule =
  | { readonly kind: 'source' }
  | StepRule
  | { readonly kind: 'fixed'; readonly size: number }
  | { readonly kind: 'equal' }
  | { readonly kind: 'gate' }
  | { readonly kind: 'attend'; readonly window: number | undefined }
  | { readonly kind: 'only'; readonly size: number }
  | {
      readonly kind: 'follow';
      readonly relation: 'any' | 'shrink' | 'shrink_evenly' | 'grow' | StepRule;
    };

export interface StepRule {
  readonly kind: 'step';
  readonly before: number;
  readonly divide: number;
  readonly multiply: number;
  readonly after: number;
  readonly minimum: number;
  readonly isExact: boolean;
}

export const step = (rule: Partial<Omit<StepRule, 'kind'>>): StepRule => ({
  ...{ kind: 'step', before: 0, divide: 1, multiply: 1, after: 0, minimum: 1, isExact: false },
  ...rule,
});

/** What a weight is for; `slope` is of values below zero, `mean` and `variance` are running statistics, a `table` is of places. */
export type WeightRole =
  'kernel' | 'bias' | 'scale' | 'shift' | 'slope' | 'mean' | 'variance' | 'table';

/**
 * What an axis of a weight counts. Kernels have height and width, then channels that they
 * read (`in`, of their group alone) and make (`out`), or, where each channel has its own,
 * `channels` and kernels for each (`multiplier`). A table has height, width and channels, or
 * differences of places (`offset`) and a `head` for each. Other weights have `channels` alone.
 */
export type WeightAxis =
  'height' | 'width' | 'in' | 'out' | 'channels' | 'multiplier' | 'offset' | 'head';

/** One weight tensor of an operation. */
export interface Weight {
  readonly role: WeightRole;
  /** The lengths of its axes, by their names: in which order they lie is a target's own. */
  readonly axes: Readonly<Partial<Record<WeightAxis, number>>>;
  /** False for running statistics. */
  readonly trainable: boolean;
  /** How a new weight is filled. */
  readonly start: 'zeros' | 'ones' | number | RandomStart;
}

/** Random initial values from the fans (He et al. 2015, Glorot and Bengio 2010). */
export interface RandomStart {
  readonly initializer: Initializer;
  readonly fanIn: number;
  readonly fanOut: number;
}

/** Of operations that have no weights and multiply nothing. */
export const weightless = {
  weights: (): readonly Weight[] => [],
  multiplyAdds: (): number => 0,
  commutes: false,
} as const satisfies Partial<OperationRules<unknown>>;

/** One output pixel reads one pixel. */
export const onePixel = (): number => 1;

const sizeKept = step({});

/**
 * Of operations that look at every pixel by itself and change neither size nor channels.
 * What becomes of its values every operation says itself.
 */
export const pointwise = {
  ...weightless,
  channels: sameChannels,
  axis: (): AxisRule => sizeKept,
  reach: onePixel,
  reads: ownPixel,
  resamples: false,
} as const satisfies Partial<OperationRules<unknown>>;

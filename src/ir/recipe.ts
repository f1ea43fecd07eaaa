import type { Span } from '../diagnostics/source.js';
import type { DataSource } from './data-source.js';
import type { PostProcessing } from './post-processing.js';

/**
 * A component of the catalogue with checked options: every option is present,
 * defaults filled in by its schema.
 */
export interface ComponentCall<Name extends string = string> {
  readonly name: Name;
  readonly options: Readonly<Record<string, unknown>>;
  readonly origin: Span;
}

export type LossName =
  | 'bce'
  | 'cross_entropy'
  | 'focal'
  | 'soft_dice_hybrid'
  | 'dice'
  | 'iou'
  | 'tversky'
  | 'focal_tversky'
  | 'bce_iou'
  | 'ms_ssim'
  | 'mse'
  | 'mae'
  | 'huber'
  | 'topk_cross_entropy'
  | 'generalized_dice'
  | 'lovasz_hinge'
  | 'lovasz_softmax'
  | 'boundary'
  | 'cl_dice';

export type MetricName =
  | 'dice'
  | 'iou'
  | 'precision'
  | 'recall'
  | 'specificity'
  | 'accuracy'
  | 'hausdorff'
  | 'surface_distance'
  | 'boundary_f1'
  | 'auc'
  | 'calibration_error'
  | 'average_precision'
  | 'panoptic_quality'
  | ValueMetricName;

/** Metrics of heads that predict values. */
export type ValueMetricName = 'mae' | 'rmse';

/** Metrics of heads that tell classes apart. */
export type ClassMetricName = Exclude<MetricName, ValueMetricName>;

/**
 * A loss as the spec writes it: `0.5 * bce + dice`. A map multiplies the
 * pixel-wise loss before its mean (`cross_entropy * borders`).
 */
export type LossExpression =
  | { readonly kind: 'loss'; readonly loss: ComponentCall<LossName> }
  | { readonly kind: 'sum'; readonly terms: readonly LossExpression[] }
  | { readonly kind: 'scale'; readonly factor: number; readonly loss: LossExpression }
  | {
      readonly kind: 'map';
      readonly loss: LossExpression;
      readonly map: ComponentCall<WeightMapName>;
    };

/** Pixel weights: `borders` is the 2015 U-Net's border weight map. */
export type WeightMapName = 'borders';

export type OptimizerName = 'adam' | 'adamw' | 'sgd' | 'rmsprop';
export type ScheduleName =
  | 'constant'
  | 'cosine'
  | 'poly'
  | 'step'
  | 'multi_step'
  | 'exponential'
  | 'cosine_restarts'
  | 'one_cycle'
  | 'plateau';
/** What is done to gradients that are too large. */
export type ClippingName = 'norm' | 'value';
export type AugmentationName =
  | 'flip'
  | 'rotate90'
  | 'rotate'
  | 'scale'
  | 'shift'
  | 'elastic'
  | 'brightness'
  | 'contrast'
  | 'gamma'
  | 'hue'
  | 'saturation'
  | 'noise'
  | 'blur'
  | 'cutout';

/**
 * What happens to images whose size differs from what a batch needs.
 * `crop(height, width)`: random crops in training; `pad`: reflected up to the
 * next legal size; `resize(height, width)`: bilinear, masks nearest;
 * `tile(height, width, overlap)`: overlapping tiles, blended back.
 */
export type SizePolicyName = 'crop' | 'pad' | 'resize' | 'tile';

/** What values of files become before the network sees them; `scaling.ts` says what each does. */
export type ScalingName =
  'unit' | 'range' | 'standard' | 'symmetric' | 'imagenet' | 'caffe' | 'normalize';

/** A scaling with its options, wherever it was said. */
export type ScalingCall = Pick<ComponentCall<ScalingName>, 'name' | 'options'>;

/** Red, green and blue, 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Losses by the names of heads. */
export type HeadLosses = Readonly<Record<string, LossExpression>>;

/** Metrics by the names of heads. */
export type HeadMetrics = Readonly<Record<string, readonly ComponentCall<MetricName>[]>>;

/** A `train` section with every default filled in. */
export interface TrainRecipe {
  readonly model: string;
  /** The loss of the head that is predicted. */
  readonly loss: LossExpression;
  /** The loss of every head, in the order of the graph's; their sum is minimised. */
  readonly losses: HeadLosses;
  /** The metrics of the head that is predicted; the first of them decides which epoch is the best. */
  readonly metrics: readonly ComponentCall<ClassMetricName>[];
  /** Those of every other head with a target of its own. */
  readonly targetMetrics: HeadMetrics;
  readonly optimizer: ComponentCall<OptimizerName>;
  readonly schedule: ComponentCall<ScheduleName>;
  /** Undefined where gradients stay as they are. */
  readonly clip: ComponentCall<ClippingName> | undefined;
  readonly augment: readonly ComponentCall<AugmentationName>[];
  readonly sizes: ComponentCall<SizePolicyName>;
  readonly scaling: ComponentCall<ScalingName>;
  readonly data: DataSource;
  readonly post: PostProcessing;
  readonly epochs: number;
  readonly batch: number;
  readonly seed: number;
  /** Parts of a batch that go through the network one after the other; 1 for the whole at once. */
  readonly accumulate: number;
  /** Share of the training crops that hold foreground for sure, where the mask has some. */
  readonly foreground: number;
  /** Decay of the average of the weights, which is validated; undefined where there is none. */
  readonly ema: number | undefined;
  /** Epochs without a better one after which training ends; undefined where it makes all of them. */
  readonly patience: number | undefined;
  /** Colours of the classes in RGB masks, class 0 first; undefined for grey and index masks. */
  readonly colours: readonly Colour[] | undefined;
  /** Names of the classes, class 0 first; undefined where they have none. */
  readonly classes: readonly string[] | undefined;
  /**
   * What pixels without a class look like: mask values, or colours where there is a
   * table of them; undefined where the recipe does not say.
   */
  readonly ignore: readonly (number | Colour)[] | undefined;
  /** Where masks number objects: how many of their outermost pixels are class 2; the others are class 1. */
  readonly borderWidth: number | undefined;
  readonly origin: Span;
}

/**
 * The legal sizes of one input axis and what one output axis becomes, as the
 * size analysis proves them. All sizes are pixels.
 */
export interface AxisSizes {
  isLegal(size: number): boolean;
  /** The smallest legal size that is at least `size`; undefined when none exists. */
  legalAtLeast(size: number): number | undefined;
  /** The largest legal size that is at most `size`; undefined when none exists. */
  legalAtMost(size: number): number | undefined;
  /** The size of an output along this axis for a legal input size. */
  outputSize(output: string, size: number): number;
}

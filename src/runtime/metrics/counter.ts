import type { ClassMask, Pixels } from '../data/pixels.js';
import { ConfusionCounter, type ConfusionCounts } from './counts.js';
import { predictedChannels, type ClassifiedImage } from './classified-image.js';
import type { MetricOptions } from '../../ir/metric-options.js';
import { SoftCounter } from './soft-counts.js';

/** Some rows of an image: probabilities and the true classes, of one size. */
export interface MeasuredRows {
  readonly probabilities: Pixels;
  readonly truth: ClassMask;
  /** The predicted classes. */
  classes(threshold: number): ClassMask;
}

/** Exact counts of pixels, or sums of probabilities or of what is told of images. */
export class Counter {
  readonly #options: MetricOptions;
  readonly #classCount: number;
  /** Whether the sums have what is counted. */
  readonly #isSummed: boolean;
  readonly #hard: ConfusionCounter;
  readonly #soft: SoftCounter;
  #hardOfImage: ConfusionCounter;
  #softOfImage: SoftCounter;

  constructor(options: MetricOptions, classCount: number, classifiesImages: boolean) {
    this.#options = options;
    this.#classCount = classCount;
    this.#isSummed = options.soft || classifiesImages;
    this.#hard = new ConfusionCounter(classCount);
    this.#soft = new SoftCounter(classCount);
    this.#hardOfImage = new ConfusionCounter(classCount);
    this.#softOfImage = new SoftCounter(classCount);
  }

  add({ probabilities, truth, classes }: MeasuredRows): void {
    if (this.#options.soft) this.#softOfImage.add(probabilities, truth);
    else this.#hardOfImage.add(classes(this.#options.threshold), truth);
  }

  addClassified(image: ClassifiedImage, truth: readonly number[]): void {
    const { soft, threshold } = this.#options;
    const told = soft
      ? image.probabilities
      : predictedChannels(image, threshold).map((isPredicted) => (isPredicted ? 1 : 0));
    this.#softOfImage.addImage(told, truth);
  }

  endImage(): void {
    this.#hard.addCounts(this.#hardOfImage);
    this.#soft.addCounts(this.#softOfImage);
    this.dropImage();
  }

  dropImage(): void {
    this.#hardOfImage = new ConfusionCounter(this.#classCount);
    this.#softOfImage = new SoftCounter(this.#classCount);
  }

  /** Over all images that are whole. */
  counts(): ConfusionCounts {
    return this.#isSummed ? this.#soft.counts() : this.#hard.counts();
  }

  /** Of the image that is under way. */
  countsOfImage(): ConfusionCounts {
    return this.#isSummed ? this.#softOfImage.counts() : this.#hardOfImage.counts();
  }
}

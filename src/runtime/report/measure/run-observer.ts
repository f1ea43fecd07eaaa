import { joinRows } from '../../data/join-rows.js';
import type { LoadedPair } from '../../data/dataset.js';
import type { ClassMask, Pixels } from '../../data/pixels.js';
import type { Head } from '../../losses/head.js';
import { ConfusionCounter } from '../../metrics/counts.js';
import type { MetricValues } from '../../metrics/metric-set.js';
import type { EvaluationObserver } from '../../prediction/evaluation-observer.js';
import type { Reliability } from '../../runs/evaluation-file.js';
import { ReliabilityCounter } from './reliability-counter.js';
import { SampleKeeper, type Chosen } from './sample-keeper.js';
import { shrinkValues, type ValuePicture } from './value-picture.js';
import { shrinkSample, type SamplePicture } from './sample-picture.js';

/** What an observer is told of the evaluation. */
export interface ObserverOptions {
  readonly head: Head;
  /** Whether a smaller value of the metric that decides is a better one. */
  readonly isLowerBetter: boolean;
  /** The heads with targets of their own that are shown as pictures of values. */
  readonly shown: ReadonlySet<string>;
}

/** An image to show. */
export interface NamedPicture {
  readonly name: string;
  readonly picture: SamplePicture;
  /** Of heads with targets of their own that are no masks of classes. */
  readonly targets: readonly ValuePicture[];
}

/** Gathers what a report shows of an evaluation beside its metrics. */
export class RunObserver implements EvaluationObserver {
  readonly #options: ObserverOptions;
  readonly #confusion: ConfusionCounter;
  readonly #reliability: ReliabilityCounter;
  #keeper = new SampleKeeper<NamedPicture>(0);
  /** Of the image under way: what masks show. */
  #predicted: ClassMask[] = [];
  /** What heads with targets of their own predict, by name. */
  #targets = new Map<string, Pixels[]>();

  constructor(options: ObserverOptions) {
    const { head } = options;
    this.#options = options;
    this.#confusion = new ConfusionCounter(head.classCount);
    this.#reliability = new ReliabilityCounter(head.channels);
  }

  begin(images: number): void {
    this.#keeper = new SampleKeeper(images);
  }

  addRows(probabilities: Pixels, painted: ClassMask, truth: ClassMask): void {
    this.#predicted.push(painted);
    this.#reliability.addRows(probabilities, truth);
  }

  addTargets(predicted: ReadonlyMap<string, Pixels>): void {
    for (const [head, rows] of predicted) {
      if (!this.#options.shown.has(head)) continue;
      this.#targets.set(head, [...(this.#targets.get(head) ?? []), rows]);
    }
  }

  addClassified(probabilities: Pixels, truth: readonly number[]): void {
    this.#reliability.addClassified(probabilities, truth);
  }

  endImage({ name, pixels, mask, targets }: LoadedPair, metrics: MetricValues): void {
    const predicted = [...this.#targets];
    this.#targets = new Map();
    const isPainted = this.#predicted.length > 0;
    const prediction = isPainted ? joinRows(this.#predicted) : undefined;
    if (prediction !== undefined) this.#confusion.add(prediction, mask);
    this.#reliability.endImage();
    this.#predicted = [];
    const [first] = metrics.values();
    const value = first?.mean;
    const score = value === undefined || !this.#options.isLowerBetter ? value : -value;
    this.#keeper.add(score, () => ({
      name,
      picture: shrinkSample(pixels, isPainted ? mask : undefined, prediction),
      targets: predicted.flatMap(([head, rows]) =>
        shrinkValues(head, joinRows(rows), targets!.get(head)!),
      ),
    }));
  }

  dropImage(): void {
    this.#predicted = [];
    this.#targets = new Map();
    this.#reliability.dropImage();
  }

  /** Pixels by their true and their predicted class; null where whole images are classified. */
  confusion(): readonly (readonly number[])[] | null {
    return this.#options.head.classifiesImages ? null : this.#confusion.matrix();
  }

  calibration(): readonly Reliability[] {
    return this.#reliability.value();
  }

  samples(): readonly Chosen<NamedPicture>[] {
    return this.#keeper.chosen();
  }
}

import { IGNORED, type ClassMask, type Pixels } from '../../data/pixels.js';
import type { Reliability, ReliabilityBin } from '../../runs/evaluation-file.js';

/** Parts of 0 to 1, as in Guo et al. 2017. */
const binCount = 15;

/** Sums over the predictions of one part of 0 to 1. */
class Bins {
  readonly #counts = new Float64Array(binCount);
  readonly #sums = new Float64Array(binCount);
  readonly #right = new Float64Array(binCount);

  add(probability: number, isRight: boolean): void {
    const at = Math.min(binCount - 1, Math.max(0, Math.floor(probability * binCount)));
    this.#counts[at]! += 1;
    this.#sums[at]! += probability;
    if (isRight) this.#right[at]! += 1;
  }

  addBins(other: Bins): void {
    for (let at = 0; at < binCount; at++) {
      this.#counts[at]! += other.#counts[at]!;
      this.#sums[at]! += other.#sums[at]!;
      this.#right[at]! += other.#right[at]!;
    }
  }

  reliability(found: number | null): Reliability {
    const total = this.#counts.reduce((sum, count) => sum + count, 0);
    let distance = 0;
    const bins = Array.from(this.#counts, (count, at): ReliabilityBin | null => {
      if (count === 0) return null;
      const probability = this.#sums[at]! / count;
      const right = this.#right[at]! / count;
      distance += count * Math.abs(probability - right);
      return { count, probability, right };
    });
    return { class: found, bins, error: total === 0 ? 0 : distance / total };
  }
}

/**
 * Counts how often predictions of each probability are right: for each class that a channel
 * stands for and, where there are several, for the likeliest class of each pixel.
 */
export class ReliabilityCounter {
  readonly #channels: number;
  #likeliest = new Bins();
  #byChannel: readonly Bins[];
  #likeliestOfImage = new Bins();
  #byChannelOfImage: readonly Bins[];

  /** @param channels those of the head. */
  constructor(channels: number) {
    this.#channels = channels;
    this.#byChannel = this.#newBins();
    this.#byChannelOfImage = this.#newBins();
  }

  /** Adds rows of an image; pixels without a class do not count. */
  addRows({ data }: Pixels, truth: ClassMask): void {
    const channels = this.#channels;
    for (let i = 0; i < truth.data.length; i++) {
      const actual = truth.data[i]!;
      if (actual === IGNORED) continue;
      if (channels === 1) {
        this.#byChannelOfImage[0]!.add(data[i]!, actual !== 0);
        continue;
      }
      let best = 0;
      for (let c = 0; c < channels; c++) {
        const p = data[i * channels + c]!;
        if (p > data[i * channels + best]!) best = c;
        this.#byChannelOfImage[c]!.add(p, actual === c);
      }
      this.#likeliestOfImage.add(data[i * channels + best]!, actual === best);
    }
  }

  /** Adds what was said of an image as a whole; its channels are independent of each other. */
  addClassified({ data }: Pixels, truth: readonly number[]): void {
    for (const [c, bins] of this.#byChannelOfImage.entries()) bins.add(data[c]!, truth[c] === 1);
  }

  /** The image is whole. */
  endImage(): void {
    this.#likeliest.addBins(this.#likeliestOfImage);
    for (const [c, bins] of this.#byChannel.entries()) bins.addBins(this.#byChannelOfImage[c]!);
    this.dropImage();
  }

  /** Forgets the image under way. */
  dropImage(): void {
    this.#likeliestOfImage = new Bins();
    this.#byChannelOfImage = this.#newBins();
  }

  /** Of one channel, that of class 1; of several, of the likeliest class and then of each. */
  value(): readonly Reliability[] {
    if (this.#channels === 1) return [this.#byChannel[0]!.reliability(1)];
    const classes = this.#byChannel.map((bins, c) => bins.reliability(c));
    const likeliest = this.#likeliest.reliability(null);
    return likeliest.bins.every((bin) => bin === null) ? classes : [likeliest, ...classes];
  }

  #newBins(): readonly Bins[] {
    return Array.from({ length: this.#channels }, () => new Bins());
  }
}

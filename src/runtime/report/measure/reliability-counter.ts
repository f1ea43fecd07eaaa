import { IGNORED, type ClassMask, type Pixels } from '../../data/pixels.js';
import { Reliabilities } from '../../metrics/reliability.js';
import type { Reliability } from '../../runs/evaluation-file.js';

/** Parts of 0 to 1, as in Guo et al. 2017. */
const binCount = 15;

/**
 * Counts how often predictions of each probability are right: for each class that a channel
 * stands for and, where there are several, for the likeliest class of each pixel.
 */
export class ReliabilityCounter {
  readonly #channels: number;
  #likeliest = new Reliabilities(binCount);
  #byChannel: readonly Reliabilities[];
  #likeliestOfImage = new Reliabilities(binCount);
  #byChannelOfImage: readonly Reliabilities[];

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
    this.#likeliest.addAll(this.#likeliestOfImage);
    for (const [c, bins] of this.#byChannel.entries()) bins.addAll(this.#byChannelOfImage[c]!);
    this.dropImage();
  }

  /** Forgets the image under way. */
  dropImage(): void {
    this.#likeliestOfImage = new Reliabilities(binCount);
    this.#byChannelOfImage = this.#newBins();
  }

  /** Of one channel, that of class 1; of several, of the likeliest class and then of each. */
  value(): readonly Reliability[] {
    if (this.#channels === 1) return [reliabilityOf(this.#byChannel[0]!, 1)];
    const classes = this.#byChannel.map((bins, c) => reliabilityOf(bins, c));
    const likeliest = reliabilityOf(this.#likeliest, null);
    return likeliest.bins.every((bin) => bin === null) ? classes : [likeliest, ...classes];
  }

  #newBins(): readonly Reliabilities[] {
    return Array.from({ length: this.#channels }, () => new Reliabilities(binCount));
  }
}

const reliabilityOf = (counted: Reliabilities, found: number | null): Reliability => ({
  class: found,
  bins: counted.bins(),
  error: counted.error() ?? 0,
});

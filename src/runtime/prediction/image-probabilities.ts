import type { Pixels } from '../data/pixels.js';

/**
 * What a head that classifies images says of one image, from its windows: a class occurs in the
 * image where it occurs in any window, so each channel is the largest of its windows.
 * Channel 0 of several tells that nothing occurs, which holds where it holds in all of
 * them: the smallest.
 */
export class ImageProbabilities {
  #channels: Float32Array | undefined;

  /** Adds what the head says of a window, one probability a channel. */
  add(window: Float32Array): void {
    const before = this.#channels ?? window;
    this.#channels = window.map((p, channel) => {
      const isNothing = window.length > 1 && channel === 0;
      return isNothing ? Math.min(p, before[channel]!) : Math.max(p, before[channel]!);
    });
  }

  /** The probabilities, as one pixel. */
  value(): Pixels {
    const data = this.#channels ?? new Float32Array(0);
    return { height: 1, width: 1, channels: data.length, data };
  }
}

/** What a head that classifies images says of one. */
export interface ClassifiedImage {
  /** By channel. */
  readonly probabilities: readonly number[];
  /** Whether one channel alone can be true, as behind a softmax. */
  readonly isExclusive: boolean;
}

/**
 * Which channels are told of an image: the likeliest one where one alone can be true, else
 * all above the threshold.
 */
export function predictedChannels(
  { probabilities, isExclusive }: ClassifiedImage,
  threshold: number,
): readonly boolean[] {
  const likeliest = probabilities.indexOf(Math.max(...probabilities));
  return probabilities.map((p, channel) =>
    isExclusive && probabilities.length > 1 ? channel === likeliest : p > threshold,
  );
}

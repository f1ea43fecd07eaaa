import { createHash } from 'node:crypto';
import type { DecodedPair } from './read-pair.js';

/**
 * What the files of a pair hold, as training sees it: a SHA-256 over the size and
 * the decoded samples of each, its first 32 hexadecimal digits. A file that is
 * packed anew without loss is the same, one that a decoder reads otherwise is not.
 */
export interface PairContents {
  readonly image: string;
  readonly mask: string;
  /** Of the numbers of the mask's objects, where there is a file of them. */
  readonly instances?: string | undefined;
  /** Of the values of targets that heads have of their own, in the order of the recipe. */
  readonly targets?: readonly string[] | undefined;
}

export function contentsOf({ image, levels, instances, targets }: DecodedPair): PairContents {
  const { width, height, channels, depth } = image;
  return {
    image: digest([width, height, channels, depth], image.data),
    mask: digest([levels.width, levels.height], Uint32Array.from(levels.data)),
    ...(instances && {
      instances: digest([instances.width, instances.height], Uint32Array.from(instances.data)),
    }),
    ...(targets.size > 0 && {
      targets: [...targets.values()].flat().map((plane) => digest([width, height], plane)),
    }),
  };
}

function digest(
  head: readonly number[],
  { buffer, byteOffset, byteLength }: ArrayBufferView,
): string {
  const bytes = new Uint8Array(buffer, byteOffset, byteLength);
  return createHash('sha256').update(head.join('x')).update(bytes).digest('hex').slice(0, 32);
}

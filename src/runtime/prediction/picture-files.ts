import { join } from 'node:path';

/** Where the pictures of one image are written. */
export interface PictureFiles {
  readonly mask: string;
  readonly overlay: string;
  /** One for each channel. */
  readonly probabilities: readonly string[];
}

/** The pictures of the image `name` in a folder: `NAME.mask.png` and so on. */
export function pictureFiles(out: string, name: string, channels: number): PictureFiles {
  const file = (kind: string): string => join(out, `${name}.${kind}.png`);
  return {
    mask: file('mask'),
    overlay: file('overlay'),
    probabilities: Array.from({ length: channels }, (_, c) =>
      file(channels === 1 ? 'probability' : `probability-${c}`),
    ),
  };
}

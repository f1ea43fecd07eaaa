import { join } from 'node:path';

/** Where the pictures of one image are written. */
export interface PictureFiles {
  readonly mask: string;
  readonly overlay: string;
  /** One, of the class that is painted at each pixel; or one for each channel. */
  readonly probabilities: readonly string[];
}

/** What decides which files of probabilities there are. */
export interface ProbabilityFiles {
  /** Channels of the head. */
  readonly channels: number;
  /** Names of the classes, where the recipe has some. */
  readonly classes?: readonly string[] | undefined;
  /** Whether every channel has a file of its own. */
  readonly everyClass: boolean;
}

/** What tells the file of a class: its name where that can stand in a file name and is the only one, else its number. */
function endingOf(index: number, classes: readonly string[] | undefined): string {
  const plain = (name: string): string => name.trim().toLowerCase().replace(/\s+/g, '-');
  const names = (classes ?? []).map(plain);
  const name = names[index] ?? '';
  const isUsable = /^[\p{L}\p{N}_-]{1,64}$/u.test(name);
  const isOnly = names.filter((other) => other === name).length === 1;
  return isUsable && isOnly ? name : String(index);
}

/** The pictures of the image `name` in a folder: `NAME.mask.png` and so on. */
export function pictureFiles(
  out: string,
  name: string,
  { channels, classes, everyClass }: ProbabilityFiles,
): PictureFiles {
  const file = (kind: string): string => join(out, `${name}.${kind}.png`);
  return {
    mask: file('mask'),
    overlay: file('overlay'),
    probabilities:
      channels === 1 || !everyClass
        ? [file('probability')]
        : Array.from({ length: channels }, (_, c) => file(`probability-${endingOf(c, classes)}`)),
  };
}

/** Where it is written what a head says that classifies the image `name` as a whole. */
export function classesFile(out: string, name: string): string {
  return join(out, `${name}.classes.json`);
}

/** Whether a file has a name that `pictureFiles` gives. */
export function isPicture(name: string): boolean {
  return /\.(mask|overlay|probability(-[\p{L}\p{N}_-]+)?)\.png$/u.test(name);
}

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

/** Where it is written what is known of the objects of one image. */
export interface ObjectFiles {
  /** Their numbers, as a picture. */
  readonly instances: string;
  /** What was measured of them. */
  readonly table: string;
  readonly outlines: string;
}

/** The files of objects of the image `name` in a folder. */
export function objectFiles(out: string, name: string): ObjectFiles {
  return {
    instances: join(out, `${name}.instances.png`),
    table: join(out, `${name}.objects.csv`),
    outlines: join(out, `${name}.objects.geojson`),
  };
}

/** The picture of how far mirror images of the image `name` disagree. */
export const uncertaintyFile = (out: string, name: string): string =>
  join(out, `${name}.uncertainty.png`);

/** The objects of all images of a call, as COCO. */
export const cocoFile = (out: string): string => join(out, 'objects.coco.json');

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

/** Whether a picture has a name that `pictureFiles` or `objectFiles` gives. */
export function isPicture(name: string): boolean {
  return /\.(mask|overlay|instances|uncertainty|probability(-[\p{L}\p{N}_-]+)?)\.png$/u.test(name);
}

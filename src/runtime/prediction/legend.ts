import { nameOfClass } from '../data/class-names.js';
import type { Colour } from '../data/mask-encoding.js';
import { overlayColour } from '../data/overlay.js';

/** How a class is shown in pictures. */
export interface LegendEntry {
  /** The recipe's name, or `class 2`. */
  readonly name: string;
  /** Its colour in overlays, such as `#e69f00`; absent for class 0, which is not tinted. */
  readonly colour?: string;
}

/** What the colours of overlays mean, class 0 first. */
export function legendOf(
  classCount: number,
  { classes, colours }: LegendSource,
): readonly LegendEntry[] {
  return Array.from({ length: classCount }, (_, index) => ({
    name: nameOfClass(index, classes),
    ...(index === 0 ? {} : { colour: hex(overlayColour(index, colours)) }),
  }));
}

/** What the recipe says of classes. */
interface LegendSource {
  readonly classes: readonly string[] | undefined;
  readonly colours: readonly Colour[] | undefined;
}

const hex = (colour: Colour): string =>
  `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`;

import { placesOfTarget, type HeadTargets } from '../../ir/target.js';
import type { FilePart } from '../../files/index.js';

/** A file that a head's target is read from. */
export interface TargetFile {
  readonly head: string;
  readonly path: string;
  /** Where its bytes are in an archive, whose member `path` names then. */
  readonly part?: FilePart | undefined;
}

/** Where files of targets lie. */
export interface TargetFolder {
  readonly head: string;
  readonly folder: string;
  readonly suffix: string;
}

/** The folders of targets, where paths of a recipe lead. */
export function targetFolders(
  targets: HeadTargets,
  placeOf: (path: string) => string,
): readonly TargetFolder[] {
  return Object.entries(targets).flatMap(([head, target]) =>
    placesOfTarget(target).map((place) => ({
      head,
      folder: placeOf(place.folder),
      suffix: place.suffix,
    })),
  );
}

/** Whether objects have to be told apart for a target. */
export const needsObjects = (targets: HeadTargets): boolean =>
  Object.values(targets).some(({ kind }) => kind === 'distance');

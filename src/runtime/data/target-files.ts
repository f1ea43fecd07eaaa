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

/** What a member of a shard is called that holds a target: `target_HEAD`, of several masks with a number. */
export function targetMembers(
  targets: HeadTargets,
): readonly { readonly head: string; readonly kind: string }[] {
  return Object.entries(targets).flatMap(([head, target]) => {
    const places = placesOfTarget(target);
    return places.map((_, at) => ({
      head,
      kind: places.length === 1 ? `target_${head}` : `target_${head}_${at}`,
    }));
  });
}

/** Whether objects have to be told apart for a target. */
export const needsObjects = (targets: HeadTargets): boolean =>
  Object.values(targets).some(({ kind }) => kind === 'distance');

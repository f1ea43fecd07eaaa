import { join, sep } from 'node:path';
import { isFolder, movePath } from '../../../files/index.js';
import { findNativePackage, nativeEngines } from '../../../runtime/engines/native-package.js';

/** The folders of a native package that its own files do not come with: binding and library. */
const parts = ['lib', 'deps'] as const;

/**
 * Puts the native parts of engines aside while npm runs: where npm brings a package anew, it takes
 * away what did not come with it. The function that is given back returns them to their packages.
 */
export function setNativePartsAside(): () => void {
  const moved = nativeEngines.flatMap((name) => {
    const folder = findNativePackage(name)?.folder;
    if (folder === undefined) return [];
    // npm leaves folders alone whose names begin with a point.
    const modules = folder.slice(0, folder.lastIndexOf(`${sep}@tensorflow${sep}`));
    return parts
      .map((part) => ({
        folder,
        own: join(folder, part),
        aside: join(modules, `.unetc-${name}-${part}`),
      }))
      .filter(({ own, aside }) => isFolder(own) && !isFolder(aside));
  });
  for (const { own, aside } of moved) movePath(own, aside);
  return () => {
    for (const { folder, own, aside } of moved) {
      if (isFolder(folder) && !isFolder(own)) movePath(aside, own);
    }
  };
}

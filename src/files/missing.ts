import { linkTarget } from './links.js';
import { isFolder, isFile, isOther } from './folders.js';

/**
 * Why no file, or no folder, is found at a path, as far as that can be guessed:
 * sentences of help.
 */
export function explainMissing(path: string, expected?: 'file' | 'folder'): readonly string[] {
  if (expected === 'folder' && isFile(path)) return ['It is a file; expected a folder.'];
  if (expected === 'folder' && isOther(path))
    return ['It is a device or a pipe; expected a folder.'];
  if (expected === 'file' && isFolder(path)) return ['It is a folder; expected a file.'];
  const target = linkTarget(path);
  if (target !== undefined) return [`It is a link that leads nowhere: to "${target}".`];
  const meant = path.replaceAll('\\', '/');
  if (meant !== path && (isFile(meant) || isFolder(meant))) {
    return [`Did you mean "${meant}"? Parts of a path are separated by "/" here.`];
  }
  if (path.includes('\ufffd')) {
    return ['Its name seems not to be text in UTF-8: rename it.'];
  }
  if (/(^|[/\\])~[/\\]/.test(path)) {
    return ['"~" stands for the home folder in a shell only, and not between quotes.'];
  }
  return [];
}

/** How the paths of the standard library begin. */
export const libraryPrefix = 'std/';

const extension = '.unet';

/**
 * Where an import leads: `std/resnet` into the standard library, anything else
 * to a file relative to the folder of the file that imports it. The extension may
 * be left out. Undefined for absolute paths, addresses, and paths that leave the
 * library: they are no files of the project, whatever they name.
 */
export function locateImport(from: string, written: string): string | undefined {
  if (!isRelativePath(written)) return undefined;
  const whole = written.endsWith(extension) ? written : written + extension;
  const isLibrary = (path: string): boolean => path.startsWith(libraryPrefix);
  const path = isLibrary(whole) ? joinPath('', whole) : joinPath(from, `../${whole}`);
  return isLibrary(whole) && !isLibrary(path) ? undefined : path;
}

/** Whether a path is relative and written with `/`: no absolute path, no address. */
export function isRelativePath(written: string): boolean {
  return written !== '' && !/^[/\\]|^[A-Za-z]:|\\|:\/\/|\0/.test(written);
}

/** Joins and tidies paths: `a/b.unet` and `../c` give `a/c`. Steps above the start are kept. */
export function joinPath(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${base.replaceAll('\\', '/')}/${path}`.split('/')) {
    const last = parts.at(-1);
    if (part === '.' || (part === '' && parts.length > 0)) continue;
    if (part === '..' && last !== undefined && last !== '..' && last !== '') parts.pop();
    else if (part !== '' || base.startsWith('/')) parts.push(part);
  }
  return parts.join('/');
}

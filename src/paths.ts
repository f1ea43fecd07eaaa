/** How a host writes paths and addresses of files: by their letters alone, nothing is looked up. */
export interface Paths {
  /** The absolute path that `path` is, seen from `folder`. */
  resolve(folder: string, path: string): string;
  /** The folder that a path lies in; of a root, itself. */
  dirname(path: string): string;
  /** Whether a path lies in a folder or is it; follow links before. */
  isInside(folder: string, path: string): boolean;
  /** The address of a file, as editors name it: `file:///specs/a.unet`. */
  toUri(path: string): string;
  /** The path of a file's address, written with `/`; undefined for every other address. */
  fromUri(uri: string): string | undefined;
}

/** Paths with `/` and one root, as Unix writes them; the same on every machine. */
export const posixPaths: Paths = {
  resolve,
  dirname: (path) => path.slice(0, path.lastIndexOf('/')) || (path.startsWith('/') ? '/' : '.'),
  isInside(folder, path) {
    const [outer, inner] = [resolve('/', folder), resolve('/', path)];
    return inner === outer || inner.startsWith(outer.endsWith('/') ? outer : `${outer}/`);
  },
  toUri: (path) => `file://${resolve('/', path).split('/').map(encodeURIComponent).join('/')}`,
  fromUri(uri) {
    const path = /^file:\/\/(\/[^?#]*)/.exec(uri)?.[1];
    try {
      return path === undefined ? undefined : decodeURIComponent(path);
    } catch {
      return undefined;
    }
  },
};

function resolve(folder: string, path: string): string {
  const whole = path.startsWith('/') ? path : `${folder}/${path}`;
  const parts: string[] = [];
  for (const part of whole.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

/** The way from a folder to a path, both absolute and written with `/`: `../blocks.unet`. */
export function relativePath(folder: string, path: string): string {
  const [from, to] = [folder, path].map((each) => each.split('/').filter((part) => part !== ''));
  let shared = 0;
  while (shared < from!.length && from![shared] === to![shared]) shared += 1;
  return [...from!.slice(shared).map(() => '..'), ...to!.slice(shared)].join('/');
}

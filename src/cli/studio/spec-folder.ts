import { HostError, type Host } from '../../host.js';
import { specExtension } from '../specs.js';

/** A spec of a folder by its path in there, written with `/`. */
export interface FolderSpec {
  readonly name: string;
  readonly text: string;
}

/** More specs than a page shows. */
const most = 200;

/** Longer texts are no specs. */
const longest = 2_000_000;

/** The specs of one folder, which a page may read and write, and nothing else. */
export class SpecFolder {
  readonly #host: Host;
  readonly #root: string;

  /**
   * @param root the folder, absolute and without links.
   * @param first the spec that the page shows at first, by its path in the folder.
   */
  constructor(
    host: Host,
    root: string,
    readonly first: string | undefined,
  ) {
    this.#host = host;
    this.#root = root;
  }

  /** Its specs, the first 200 by their names; those that cannot be read, or are too long, are left out. */
  list(): readonly FolderSpec[] {
    const paths = this.#host.listFiles(this.#root, specExtension).slice(0, most);
    return paths.flatMap((path): readonly FolderSpec[] => {
      const name = path.slice(this.#root.length + 1).replaceAll('\\', '/');
      const text = this.#read(path);
      return text === undefined || text.length > longest ? [] : [{ name, text }];
    });
  }

  /** Writes a spec, new or not; answers why it did not, in words. Links that lead out are not followed. */
  write(name: string, text: string): string | undefined {
    const { resolve, dirname, isInside } = this.#host.paths;
    if (!name.endsWith(specExtension)) return `its name does not end in "${specExtension}"`;
    if (text.length > longest) return 'it is longer than any spec';
    const path = resolve(this.#root, name);
    const folder = this.#host.realPath(dirname(path));
    const real = this.#host.realPath(path);
    if (folder === undefined) return 'its folder does not exist';
    const isOutside = [folder, real ?? folder].some((each) => !isInside(this.#root, each));
    if (!isInside(this.#root, path) || isOutside) return 'it lies outside of the folder';
    try {
      this.#host.writeText(path, text);
      return undefined;
    } catch (error) {
      if (error instanceof HostError) return error.message;
      throw error;
    }
  }

  #read(path: string): string | undefined {
    try {
      return this.#host.readText(path);
    } catch (error) {
      if (error instanceof HostError) return undefined;
      throw error;
    }
  }
}

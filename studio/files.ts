/** A spec of the page. */
export interface PageFile {
  /** As people see it: `cells.unet`. */
  readonly name: string;
  readonly text: string;
}

/** All files of the page and which one is edited. */
export interface PageState {
  readonly files: readonly PageFile[];
  readonly current: string;
}

/** Where the page's files lie, as the language server sees them. */
const folder = 'file:///specs/';

/** Where files of the standard library lie; they can be read only. */
const library = 'file:///std/';

export const uriOf = (name: string): string =>
  folder + name.split('/').map(encodeURIComponent).join('/');

/** The name of one of the page's files by its address; undefined for any other. */
export function nameOf(uri: string): string | undefined {
  return uri.startsWith(folder) ? decodeURIComponent(uri.slice(folder.length)) : undefined;
}

/** The path of a file of the standard library by its address: `std/resnet.unet`. */
export function libraryPathOf(uri: string): string | undefined {
  return uri.startsWith(library)
    ? `std/${decodeURIComponent(uri.slice(library.length))}`
    : undefined;
}

/** A name that no other file has, made from the wished one: `net.unet`, `net-2.unet`. */
export function freeName(wished: string, taken: readonly string[]): string {
  const parts = wished.replaceAll(/[\\\p{Cc}]/gu, '-').split('/');
  const inside = parts.filter((part) => part !== '' && part !== '.' && part !== '..').join('/');
  const whole = inside.replace(/(\.unet)?$/, '.unet');
  const stem = whole.slice(0, -'.unet'.length) || 'net';
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? `${stem}.unet` : `${stem}-${number}.unet`;
    if (!taken.includes(name)) return name;
  }
}

/**
 * Files as a value that was kept or sent holds them; undefined for anything else. What comes
 * from a link is data from a stranger, so nothing of it is believed.
 */
export function readState(value: unknown): PageState | undefined {
  const { files, current } = (value ?? {}) as Partial<Record<keyof PageState, unknown>>;
  if (!Array.isArray(files) || files.length === 0 || files.length > 200) return undefined;
  const read: PageFile[] = [];
  for (const each of files as readonly unknown[]) {
    const { name, text } = (each ?? {}) as Partial<Record<keyof PageFile, unknown>>;
    if (typeof name !== 'string' || typeof text !== 'string') return undefined;
    read.push({
      name: freeName(
        name.slice(0, 200),
        read.map((file) => file.name),
      ),
      text,
    });
  }
  const known = read.some(({ name }) => name === current);
  return { files: read, current: known ? (current as string) : read[0]!.name };
}

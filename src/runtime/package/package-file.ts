/** A file of a package, before it is written. */
export interface PackageFile {
  /** Below the folder of the package, with slashes. */
  readonly path: string;
  /** Its bytes, in pieces that lie behind each other. */
  readonly content: readonly Uint8Array[];
}

/** A file of text. */
export const textFile = (path: string, text: string): PackageFile => ({
  path,
  content: [new TextEncoder().encode(text)],
});

import { isFile, modifiedAt, sizeOfFile } from '../../files/index.js';

/** A library as it was when it was loaded. */
export interface LoadedFile {
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** The native libraries of TensorFlow and CUDA in this process. */
export function loadedLibraries(): readonly LoadedFile[] {
  const report = process.report?.getReport() as { readonly sharedObjects?: readonly string[] };
  const paths = (report?.sharedObjects ?? []).filter((path) => native.test(path));
  return [...new Set(paths)].filter(isFile).map(describeFile);
}

const native = /tensorflow|tfjs_binding|cuda|cudnn|cublas/;

const describeFile = (path: string): LoadedFile => ({
  path,
  size: sizeOfFile(path),
  modified: modifiedAt(path),
});

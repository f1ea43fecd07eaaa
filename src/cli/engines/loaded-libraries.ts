import { isFile, modifiedAt, sizeOfFile } from '../../files/index.js';

/** A library as it was when it was loaded. */
export interface LoadedFile {
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modified: number;
}

/** The native libraries of TensorFlow, ONNX Runtime and CUDA in this process. */
export function loadedLibraries(): readonly LoadedFile[] {
  const report = process.report?.getReport() as { readonly sharedObjects?: readonly string[] };
  const paths = (report?.sharedObjects ?? []).filter((path) => native.test(path));
  return [...new Set(paths)].filter(isFile).map(describeFile);
}

const native = /tensorflow|tfjs_binding|onnxruntime|cuda|cudnn|cublas/;

/** Whether all of them are what they were. */
export const areUnchanged = (files: readonly LoadedFile[]): boolean =>
  files.every((file) => {
    if (!isFile(file.path)) return false;
    const now = describeFile(file.path);
    return now.size === file.size && now.modified === file.modified;
  });

const describeFile = (path: string): LoadedFile => ({
  path,
  size: sizeOfFile(path),
  modified: modifiedAt(path),
});

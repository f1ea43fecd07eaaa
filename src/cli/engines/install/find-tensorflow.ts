import { join, resolve } from 'node:path';
import { isFile, isFolder, listFolder } from '../../../files/index.js';
import { runStep } from './run-step.js';

/** A TensorFlow that the native part of tfjs-node can be linked to. */
export interface FoundTensorflow {
  /** The folder of its headers. */
  readonly include: string;
  /** The folder of its libraries. */
  readonly libraries: string;
  /** The files to link to. */
  readonly files: readonly string[];
}

/** A header that only a whole C interface has. */
const header = 'tensorflow/c/eager/c_api.h';

/**
 * The TensorFlow in a folder: that of a Python wheel, with headers in `include` and libraries
 * beside them; an unpacked libtensorflow, with libraries in `lib`; or a folder with either in
 * `tensorflow`, such as `site-packages`. Undefined where it holds none.
 */
export function findTensorflow(given: string): FoundTensorflow | undefined {
  for (const folder of [given, join(given, 'tensorflow'), ...environmentsIn(given)]) {
    const include = join(folder, 'include');
    if (!isFile(join(include, header))) continue;
    for (const libraries of [folder, join(folder, 'lib')]) {
      const files = librariesIn(libraries);
      if (files !== undefined) return { include, libraries: resolve(libraries), files };
    }
  }
  return undefined;
}

/** The wheels in a virtual environment. */
function environmentsIn(folder: string): readonly string[] {
  const lib = join(folder, 'lib');
  if (!isFolder(lib)) return [];
  return listFolder(lib)
    .filter((name) => name.startsWith('python'))
    .map((name) => join(lib, name, 'site-packages/tensorflow'));
}

/** The library of the C interface, and the framework that it needs; undefined where one is missing. */
function librariesIn(folder: string): readonly string[] | undefined {
  if (!isFolder(folder)) return undefined;
  const names = listFolder(folder);
  // Newest name last: libtensorflow_cc.so.2, libtensorflow.2.dylib.
  const find = (pattern: RegExp): string | undefined =>
    names.filter((name) => pattern.test(name)).sort((a, b) => a.length - b.length)[0];
  const whole = find(/^libtensorflow(_cc)?(\.so(\.2)?|(\.2)?\.dylib)$/);
  const framework = find(/^libtensorflow_framework(\.so(\.2)?|(\.2)?\.dylib)$/);
  if (whole === undefined || framework === undefined) return undefined;
  return [join(folder, whole), join(folder, framework)];
}

/** The folder of the TensorFlow of a Python, which does not load it; undefined where it has none. */
export async function tensorflowOfPython(
  python: string,
  folder: string,
): Promise<string | undefined> {
  const words = ['-c', 'import importlib.util as u; print(u.find_spec("tensorflow").origin)'];
  const answer = await runStep({ program: python, words, folder });
  if ('reason' in answer) return undefined;
  return join(answer.text.trim(), '..');
}

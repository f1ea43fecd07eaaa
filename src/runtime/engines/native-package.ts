import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { EngineName } from './engine.js';

/** The engines that are native libraries, in packages that are not always there. */
export const nativeEngines = ['tfjs-node', 'tfjs-node-gpu'] as const satisfies EngineName[];

/** An engine that is a native library. */
export type NativeEngine = (typeof nativeEngines)[number];

/** The optional package behind a native engine. */
export const packageOf = (name: NativeEngine): string => `@tensorflow/${name}`;

/** An installed package of a native engine. */
export interface NativePackage {
  readonly folder: string;
  readonly version: string;
  /** Where its native part belongs for this Node; which may not be there. */
  readonly binding: string;
}

interface PackageFile {
  readonly version: string;
  readonly binary: {
    readonly module_path: string;
    readonly module_name: string;
    readonly napi_versions: readonly number[];
  };
}

/** The package of a native engine as this program finds it; undefined where it is not installed. */
export function findNativePackage(name: NativeEngine): NativePackage | undefined {
  const require = createRequire(import.meta.url);
  let file: string;
  try {
    file = require.resolve(`${packageOf(name)}/package.json`);
  } catch {
    return undefined;
  }
  const folder = dirname(file);
  const { version, binary } = require(file) as PackageFile;
  // As node-pre-gyp has it: the newest of the package that this Node has as well.
  const known = Number(process.versions.napi ?? 0);
  const napi = Math.max(...binary.napi_versions.filter((each) => each <= known));
  const path = binary.module_path.replace('{napi_build_version}', String(napi));
  return { folder, version, binding: join(folder, path, `${binary.module_name}.node`) };
}

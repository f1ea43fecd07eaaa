import { createRequire, wrap } from 'node:module';
import { dirname, join } from 'node:path';
import { constants, Script, type ScriptOptions } from 'node:vm';
import {
  isFile,
  listFolder,
  makeFolder,
  modifiedAt,
  readBytesSync,
  removeFile,
  replaceFileSync,
} from '../files/index.js';
import { version } from '../version.js';
import { cacheFolder } from './cache-folder.js';

/** Caches older than this are removed when one is written. */
const daysKept = 30;

/**
 * Loads a CommonJS file as `require` does, with the machine's code cache: V8 keeps
 * what it compiled in `~/.cache/unetc` (or XDG_CACHE_HOME) and takes it up the next
 * time, which saves about a third of a short command's time. Node does this by
 * itself from 22.8 on, for those who ask; this works on Node 20 as well.
 *
 * `purpose` tells caches of one file apart: each command compiles other functions.
 * A cache that cannot be read, does not fit or cannot be written costs nothing but
 * the time it would have saved. NODE_DISABLE_COMPILE_CACHE switches it off.
 */
export function loadWithCodeCache<T>(file: string, purpose = ''): T {
  const cachePath = locateCache(file, purpose);
  const cachedData = cachePath === undefined ? undefined : readIfThere(cachePath);
  const script = new Script(wrap(readBytesSync(file, 'program').toString('utf8')), {
    filename: file,
    cachedData,
    importModuleDynamically: dynamicImport,
  });
  const isStale = cachedData === undefined || script.cachedDataRejected === true;
  if (cachePath !== undefined && isStale) {
    process.once('exit', (code) => {
      if (code === 0 || code === 1) writeCache(cachePath, script.createCachedData());
    });
  }
  const module = { exports: {} };
  const run = script.runInThisContext() as (...scope: readonly unknown[]) => void;
  run.call(module.exports, module.exports, createRequire(file), module, file, dirname(file));
  return module.exports as T;
}

/** `import()` inside the file means the same as in any other; Node before 20.12 has no word for that. */
const dynamicImport: ScriptOptions['importModuleDynamically'] =
  constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER ?? ((specifier) => import(specifier) as never);

/** Undefined when the cache is switched off or there is no home. */
function locateCache(file: string, purpose: string): string | undefined {
  if (process.env['NODE_DISABLE_COMPILE_CACHE']) return undefined;
  const folder = cacheFolder();
  if (folder === undefined) return undefined;
  try {
    const built = `${version}-${Math.round(modifiedAt(file)).toString(36)}`;
    // Node's version stands for V8's; V8 itself checks its flags.
    const engine = `${process.version}-${process.arch}`;
    const name = [built, engine, purpose.replace(/[^a-z]/g, '')].join('-');
    return join(folder, `${name}.bin`);
  } catch {
    return undefined;
  }
}

function readIfThere(path: string): Buffer | undefined {
  try {
    return readBytesSync(path, 'program');
  } catch {
    return undefined;
  }
}

/** Never half-written: a broken cache could crash the engine. A failure is nobody's concern. */
function writeCache(path: string, data: Buffer): void {
  const folder = dirname(path);
  try {
    makeFolder(folder, 0o700);
    removeOld(folder);
    replaceFileSync(path, data, { mode: 0o600 });
  } catch {
    // A disk that is full or read-only keeps no cache; a leftover ages away.
  }
}

function removeOld(folder: string): void {
  const oldest = Date.now() - daysKept * 24 * 3600 * 1000;
  for (const name of listFolder(folder)) {
    const entry = join(folder, name);
    if (isFile(entry) && modifiedAt(entry) < oldest) removeFile(entry);
  }
}

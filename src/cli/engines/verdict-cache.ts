import { createHash } from 'node:crypto';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import {
  isFile,
  listFolder,
  makeFolder,
  modifiedAt,
  readBytesSync,
  removeFile,
  replaceFileSync,
} from '../../files/index.js';
import { version } from '../../version.js';
import type { CommandContext } from '../context.js';
import { areUnchanged, type LoadedFile } from './loaded-libraries.js';

/** A self-test that an engine passed before. */
interface Verdict {
  readonly libraries: readonly LoadedFile[];
}

/** Where commands keep things, and the program that they belong to. */
type Place = Pick<CommandContext, 'cache' | 'program'>;

/**
 * Whether an engine passed its self-test on this machine before, as it is now: with this build
 * of unetc, this Node, this processor and system, and the same native libraries.
 */
export function hasPassed(engine: string, place: Place): boolean {
  const file = locate(engine, place);
  if (file === undefined || !isFile(file)) return false;
  try {
    const { libraries } = JSON.parse(readBytesSync(file, 'text').toString('utf8')) as Verdict;
    return areUnchanged(libraries);
  } catch {
    // A file that cannot be read, or is in pieces, says nothing.
    return false;
  }
}

/** Verdicts that are kept of an engine: for other builds, and other versions of Node. */
const mostKept = 8;

/**
 * Keeps that an engine passed, in place of its oldest verdicts where there are many. A failure
 * to write costs a second test, no more.
 */
export function keepPassed(engine: string, libraries: readonly LoadedFile[], place: Place): void {
  const file = locate(engine, place);
  if (file === undefined) return;
  try {
    makeFolder(place.cache!, 0o700);
    const verdict: Verdict = { libraries };
    replaceFileSync(file, Buffer.from(JSON.stringify(verdict)), { mode: 0o600 });
    const verdicts = verdictsOf(engine, place.cache!);
    for (const old of verdicts.slice(mostKept)) removeFile(old);
  } catch {
    // A disk that is full or read-only keeps nothing.
  }
}

/** The files of an engine's verdicts, the newest first. */
function verdictsOf(engine: string, cache: string): readonly string[] {
  const name = new RegExp(`^engine-${engine}-[0-9a-f]{16}\\.json$`);
  return listFolder(cache)
    .filter((each) => name.test(each))
    .map((each) => ({ path: join(cache, each), modified: modifiedAt(join(cache, each)) }))
    .sort((a, b) => b.modified - a.modified)
    .map(({ path }) => path);
}

function locate(engine: string, { cache, program }: Place): string | undefined {
  if (cache === undefined || program === undefined || !isFile(program)) return undefined;
  const [processor] = cpus();
  const conditions = [
    ...[version, program, modifiedAt(program), process.version, process.arch],
    ...[release(), processor?.model, cpus().length],
  ];
  const hash = createHash('sha256').update(JSON.stringify(conditions)).digest('hex');
  return join(cache, `engine-${engine}-${hash.slice(0, 16)}.json`);
}

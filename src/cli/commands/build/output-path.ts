import { basename, dirname, join, relative, resolve } from 'node:path';
import { specExtension } from '../../specs.js';
import type { CommandContext } from '../../context.js';
import { kindOfOutput } from '../../output-files.js';
import { modelIn } from './model-in.js';

/** The path of a spec's output without its ending: beside the spec, or where `--out` says. */
export type PlaceOf = (spec: string, ending: string) => string;

/**
 * Decides where outputs go. Without `out`, beside their specs. With it and one
 * spec, to that file, or into that folder when it is one; with several specs,
 * into that folder, in the same sub-folders as the specs have below the folder
 * that holds them all. A folder that is itself a model of one spec is replaced by the next
 * one, and not mixed with it.
 */
export function planPlaces(
  specs: readonly string[],
  out: string | undefined,
  makes: 'files' | 'folders',
  context: CommandContext,
): PlaceOf {
  if (out === undefined) return (spec, ending) => withoutExtension(spec) + ending;
  const [only] = specs;
  const isModel = makes === 'folders' && ofOurs.has(modelIn(resolve(context.folder, out)));
  const isFolder = !isModel && (/[/\\]$/.test(out) || kindOfOutput(out, context) === 'folder');
  if (specs.length === 1 && only !== undefined && !isFolder) return () => out;
  const root = commonFolder(specs);
  return (spec, ending) => join(out, relative(root, withoutExtension(spec)) + ending);
}

/** Models of unetc, which are not taken for folders to put models in. */
const ofOurs: ReadonlySet<ReturnType<typeof modelIn>> = new Set(['export', 'checkpoint']);

function withoutExtension(spec: string): string {
  return spec.endsWith(specExtension) ? spec.slice(0, -specExtension.length) : spec;
}

/** The deepest folder that all files lie below. */
function commonFolder(files: readonly string[]): string {
  const folders = files.map((file) => dirname(file));
  let common = folders[0] ?? '.';
  while (folders.some((folder) => !isWithin(common, folder)) && dirname(common) !== common) {
    common = dirname(common);
  }
  return common;
}

const isWithin = (outer: string, inner: string): boolean =>
  outer === '.' ? !inner.startsWith('..') : inner === outer || inner.startsWith(`${outer}/`);

/** What the first line of a module calls its spec: the file's name alone, the same on every machine. */
export function specName(spec: string): string {
  return basename(spec);
}

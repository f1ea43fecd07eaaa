import { basename, dirname, join, relative } from 'node:path';
import { specExtension } from '../../specs.js';
import type { CommandContext } from '../../context.js';
import { kindOfOutput } from '../../output-files.js';

/** The path of a spec's output without its ending: beside the spec, or where `--out` says. */
export type PlaceOf = (spec: string, ending: string) => string;

/**
 * Decides where outputs go. Without `out`, beside their specs. With it and one
 * spec, to that file, or into that folder when it is one; with several specs,
 * into that folder, in the same sub-folders as the specs have below the folder
 * that holds them all.
 */
export function planPlaces(
  specs: readonly string[],
  out: string | undefined,
  context: CommandContext,
): PlaceOf {
  if (out === undefined) return (spec, ending) => withoutExtension(spec) + ending;
  const [only] = specs;
  const isFolder = /[/\\]$/.test(out) || kindOfOutput(out, context) === 'folder';
  if (specs.length === 1 && only !== undefined && !isFolder) return () => out;
  const root = commonFolder(specs);
  return (spec, ending) => join(out, relative(root, withoutExtension(spec)) + ending);
}

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

import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceFile } from '../../../diagnostics/source.js';
import type { CommandContext } from '../../context.js';
import { readSpecs } from '../../specs.js';

/** Milliseconds between two looks at the specs. */
const interval = 200;

/** What is done with specs that have changed, and how that is told. */
export interface Watcher {
  /** All that a spec is made of, imports too; it has changed when this text has. */
  readonly contentOf: (source: SourceFile) => string;
  readonly rebuild: (changed: readonly SourceFile[], all: readonly SourceFile[]) => Promise<void>;
}

/**
 * Looks at the specs again and again and hands over those that are new or have
 * changed, or import what has, once their content stood still between two looks: an
 * editor that saves in steps is waited for. Looking instead of listening works for every
 * editor and file system, and for specs that appear later. Ends at Ctrl-C.
 */
export async function watchSpecs(
  paths: readonly string[],
  built: readonly SourceFile[],
  context: CommandContext,
  { contentOf, rebuild }: Watcher,
): Promise<void> {
  const contents = (sources: readonly SourceFile[]): Map<string, string> =>
    new Map(sources.map((source) => [source.path, contentOf(source)]));
  const done = contents(built);
  let seen = new Map(done);
  let isOver = false;
  const waiting = new AbortController();
  const release = context.onInterrupt(() => {
    isOver = true;
    waiting.abort();
  });
  while (!isOver) {
    await sleep(interval, undefined, { signal: waiting.signal }).catch(() => undefined);
    if (isOver) break;
    const { sources } = await readSpecs(paths, context);
    const now = contents(sources);
    const changed = sources.filter(({ path }) => {
      const content = now.get(path);
      return done.get(path) !== content && seen.get(path) === content;
    });
    seen = now;
    if (changed.length === 0) continue;
    await rebuild(changed, sources);
    // What a spec imports is known once it is built.
    for (const source of changed) {
      const content = contentOf(source);
      done.set(source.path, content);
      seen.set(source.path, content);
    }
  }
  release();
}

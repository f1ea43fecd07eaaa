import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceFile } from '../../../diagnostics/source.js';
import type { CommandContext } from '../../context.js';
import { readSpecs } from '../../specs.js';

/** Milliseconds between two looks at the specs. */
const interval = 200;

/**
 * Looks at the specs again and again and hands over those that are new or have
 * changed, once their text stood still between two looks: an editor that saves in
 * steps is waited for. Looking instead of listening works for every editor and
 * file system, and for specs that appear later. Ends at Ctrl-C.
 */
export async function watchSpecs(
  paths: readonly string[],
  built: readonly SourceFile[],
  context: CommandContext,
  rebuild: (changed: readonly SourceFile[], all: readonly SourceFile[]) => Promise<void>,
): Promise<void> {
  const done = new Map(built.map((source) => [source.path, source.text]));
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
    const changed = sources.filter(
      ({ path, text }) => done.get(path) !== text && seen.get(path) === text,
    );
    seen = new Map(sources.map((source) => [source.path, source.text]));
    if (changed.length === 0) continue;
    for (const { path, text } of changed) done.set(path, text);
    await rebuild(changed, sources);
  }
  release();
}

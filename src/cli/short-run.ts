import { setFlagsFromString } from 'node:v8';

/** Commands that compute for minutes, or stay. */
const long: ReadonlySet<string> = new Set(['train', 'predict', 'eval', 'engines', 'lsp']);

/** In bytes of bytecode that a function runs through; V8's own is 132 kB. */
const budget = 1_000_000;

/**
 * Lets V8 wait longer before it compiles a function a second time, for speed. Commands of
 * half a second end before that pays: `check` of 24 specs takes half the time of the
 * processor without, of a thousand specs as much as before. To be called before the program
 * is loaded, since a code cache is for one setting.
 *
 * Only the V8 of Node 20 has the flag, and prints an error for one that it does not have;
 * later ones have a cheaper second compiler.
 */
export function expectShortRun(command: string | undefined): void {
  const isKnown = process.versions.v8.startsWith('11.');
  if (isKnown && !long.has(command ?? '')) setFlagsFromString(`--interrupt-budget=${budget}`);
}

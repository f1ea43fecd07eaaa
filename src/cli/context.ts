import type { Host } from '../host.js';
import type { Output } from './output.js';

export type { Output } from './output.js';

/** How a command ends: 0 fine, 1 the input has errors, 2 wrong usage, 70 our bug, 129 and more interrupted. */
export type ExitCode = 0 | 1 | 2 | 70 | 129 | 130 | 143;

/** What asks a process to end: Ctrl-C, a system that shuts down or a scheduler, a terminal that closes. */
export type Interruption = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

/** The exit code of an interrupted process: 128 and the number of the signal, as shells have it. */
export const interruptedCodes = {
  SIGINT: 130,
  SIGTERM: 143,
  SIGHUP: 129,
} as const satisfies Readonly<Record<Interruption, ExitCode>>;

/** All that a command sees of the process, so that tests can run it without one. */
export interface CommandContext {
  /** Results, and nothing else. */
  readonly stdout: Output;
  /** Diagnostics, progress and remarks. */
  readonly stderr: Output;
  /** All of standard input. Throws `HostError` when it cannot be read, or is longer than any spec. */
  readonly readStdin: () => Promise<Uint8Array>;
  /** The working folder; the host's relative paths start here. */
  readonly folder: string;
  readonly host: Host;
  /** The file that starts this program in a process of its own; undefined where it has none. */
  readonly program: string | undefined;
  /** The folder for what is kept from one call to the next; undefined where nothing is kept. */
  readonly cache: string | undefined;
  /**
   * Calls back on the next interruption instead of ending the process; a second
   * one ends it. Returns the function that takes the wish back.
   */
  readonly onInterrupt: (act: (signal: Interruption) => void) => () => void;
}

import type { Host } from '../host.js';
import type { Output } from './output.js';

export type { Output } from './output.js';

/** How a command ends: 0 fine, 1 the input has errors, 2 wrong usage, 70 our bug, 130 interrupted. */
export type ExitCode = 0 | 1 | 2 | 70 | 130;

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
  /**
   * Calls back on the next Ctrl-C instead of ending the process; a second Ctrl-C
   * ends it. Returns the function that takes the wish back.
   */
  readonly onInterrupt: (act: () => void) => () => void;
}

import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** Where the program keeps what spares it work: `unetc` in XDG_CACHE_HOME or `~/.cache`; undefined where there is no home. */
export function cacheFolder(): string | undefined {
  try {
    const given = process.env['XDG_CACHE_HOME'] ?? '';
    // Paths in it that are relative are to be ignored (XDG Base Directory Specification 0.8).
    return join(isAbsolute(given) ? given : join(homedir(), '.cache'), 'unetc');
  } catch {
    return undefined;
  }
}

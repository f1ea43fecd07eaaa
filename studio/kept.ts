import { readState, type PageState } from './files.js';

const key = 'unetc-studio';

/** The files that this browser kept; undefined where it kept none, or may not. */
export function keptState(): PageState | undefined {
  try {
    return readState(JSON.parse(localStorage.getItem(key) ?? 'null'));
  } catch {
    return undefined;
  }
}

/** Keeps the files in this browser; answers whether it could. */
export function keepState(state: PageState): boolean {
  try {
    localStorage.setItem(key, JSON.stringify(state));
    return true;
  } catch {
    return false;
  }
}

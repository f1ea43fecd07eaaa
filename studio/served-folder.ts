import { readState, type PageState } from './files.js';

const headers = { 'x-unetc-studio': 'page' };

/** The folder of specs that the page's own server reads and writes for it. */
export interface ServedFolder {
  readonly state: PageState | undefined;
  /** Answers why the file could not be written; undefined where it was. */
  save(name: string, text: string): Promise<string | undefined>;
}

/** The folder, where the page is served with one: the server says so in the page. */
export async function openServedFolder(): Promise<ServedFolder | undefined> {
  if (document.querySelector('meta[name="unetc-folder"]') === null) return undefined;
  const response = await fetch('specs', { headers });
  return {
    state: response.ok ? readState(await response.json()) : undefined,
    async save(name, text) {
      const path = name.split('/').map(encodeURIComponent).join('/');
      try {
        const answer = await fetch(`specs/${path}`, { method: 'PUT', headers, body: text });
        return answer.ok ? undefined : await answer.text();
      } catch {
        return 'the server does not answer; it may have been ended';
      }
    },
  };
}

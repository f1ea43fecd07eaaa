import { version } from '../src/version.js';
import { readState, type PageState } from './files.js';

/** More than any spec has; a link that holds more is not opened. */
const longest = 4_000_000;

/** What a link says. */
export interface LinkContent {
  readonly state: PageState;
  /** The version of unetc that made the link. */
  readonly version: string;
}

/**
 * The part of an address behind `#` that holds all files: `v=0.1.0&s=...`, the files as JSON,
 * deflated, in the letters of addresses. Servers never see that part.
 */
export async function writeLink(state: PageState): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(state));
  const packed = await through(text, new CompressionStream('deflate-raw'), Infinity);
  const letters = btoa(Array.from(packed!, (byte) => String.fromCharCode(byte)).join(''));
  const written = letters.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
  return `v=${encodeURIComponent(version)}&s=${written}`;
}

/** The files of a link; undefined where it holds none, or none that can be read. */
export async function readLink(hash: string): Promise<LinkContent | undefined> {
  const written = new URLSearchParams(hash.replace(/^#/, ''));
  const letters = written.get('s');
  if (letters === null) return undefined;
  try {
    const packed = atob(letters.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
    const text = await through(bytes, new DecompressionStream('deflate-raw'), longest);
    if (text === undefined) return undefined;
    const state = readState(JSON.parse(new TextDecoder().decode(text)));
    return state === undefined ? undefined : { state, version: written.get('v') ?? '' };
  } catch {
    return undefined;
  }
}

/** Bytes sent through a stream; undefined as soon as more than `limit` come out. */
async function through(
  bytes: Uint8Array<ArrayBuffer>,
  stream: ReadableWritablePair<Uint8Array, BufferSource>,
  limit: number,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = [];
  let length = 0;
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel();
      return undefined;
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts as BlobPart[]).arrayBuffer());
}

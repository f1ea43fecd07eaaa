import type { PictureResult } from '../../../src/lsp/protocol.js';

/** What the extension tells the page of a picture. */
export type ToPage = PictureResult;

/** What the page tells the extension. */
export type FromPage =
  | { readonly kind: 'ready' }
  /** Another model of the file is to be shown. */
  | { readonly kind: 'choose'; readonly model: string };

/** A message of the page; undefined for anything else. */
export function readFromPage(message: unknown): FromPage | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { kind, model } = message as Readonly<Record<string, unknown>>;
  if (kind === 'ready') return { kind };
  if (kind === 'choose' && typeof model === 'string') return { kind, model };
  return undefined;
}

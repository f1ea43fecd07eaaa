import type { EmitResult } from '../../../src/lsp/protocol.js';

/** The scheme of documents that show emitted TypeScript. */
export const emittedScheme = 'unetc-emitted';

/** The parts of an address, as `vscode.Uri` has them. */
export interface Address {
  readonly scheme: string;
  readonly path: string;
  readonly query: string;
}

/** Whose module a document shows. */
export interface EmittedSource {
  readonly uri: string;
  readonly model: string | undefined;
}

/** The address of the document for a spec; its name ends in `.ts`, which gives it its colours. */
export function emittedAddress({ uri, model }: EmittedSource, path: string): Address {
  const query = new URLSearchParams({ spec: uri, ...(model === undefined ? {} : { model }) });
  const base = path.replace(/\.unet$/, '');
  return {
    scheme: emittedScheme,
    path: model === undefined ? `${base}.ts` : `${base}.${model}.ts`,
    query: query.toString(),
  };
}

/** The spec of such a document; undefined for an address of another kind. */
export function sourceOfAddress({ scheme, query }: Address): EmittedSource | undefined {
  const found = new URLSearchParams(query);
  const uri = found.get('spec');
  if (scheme !== emittedScheme || uri === null) return undefined;
  return { uri, model: found.get('model') ?? undefined };
}

/**
 * What the document shows: the module, or why there is none and below it the last one
 * that there was, so that a half typed line does not take the text away.
 */
export function emittedText(result: EmitResult, last: string | undefined): string {
  switch (result.kind) {
    case 'module':
      return result.text;
    case 'unavailable': {
      const reason = result.reason.split(/\r\n|\r|\n/).map((line) => `// ${line}`.trimEnd());
      const below =
        last === undefined ? [] : ['// The module below is of an earlier state.', '', last];
      return [...reason, ...below].join('\n') + (last === undefined ? '\n' : '');
    }
  }
}

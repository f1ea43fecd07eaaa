import {
  CodeLensRefreshRequest,
  InlayHintRefreshRequest,
  SemanticTokensRefreshRequest,
  type ClientCapabilities,
  type Connection,
} from 'vscode-languageserver';

/**
 * The requests by which this editor asks again for what it keeps with a document
 * until that is edited: hints, lenses and colours. They grow old with an edit in
 * an imported file, of which the editor does not know that it concerns the document.
 */
export function refreshRequests({ workspace }: ClientCapabilities) {
  return [
    ...(workspace?.inlayHint?.refreshSupport === true ? [InlayHintRefreshRequest.type] : []),
    ...(workspace?.codeLens?.refreshSupport === true ? [CodeLensRefreshRequest.type] : []),
    ...(workspace?.semanticTokens?.refreshSupport === true
      ? [SemanticTokensRefreshRequest.type]
      : []),
  ];
}

/** Sends them; `failed` hears of an editor that refuses one. */
export function refresh(
  connection: Connection,
  requests: ReturnType<typeof refreshRequests>,
  failed: (error: unknown) => void,
): void {
  for (const type of requests) connection.sendRequest(type).catch(failed);
}

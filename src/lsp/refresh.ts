import {
  CodeLensRefreshRequest,
  InlayHintRefreshRequest,
  SemanticTokensRefreshRequest,
  type ClientCapabilities,
  type Connection,
} from 'vscode-languageserver';

/**
 * Makes an editor ask again for what it keeps with a document until that is edited:
 * hints, lenses and colours, each where it knows how. They grow old with an edit in an
 * imported file, of which the editor does not know that it concerns the document.
 * `failed` hears of an editor that refuses.
 */
export function createRefresh(
  connection: Connection,
  { workspace }: ClientCapabilities,
  failed: (error: unknown) => void,
): () => void {
  const known = [
    { type: InlayHintRefreshRequest.type, capability: workspace?.inlayHint },
    { type: CodeLensRefreshRequest.type, capability: workspace?.codeLens },
    { type: SemanticTokensRefreshRequest.type, capability: workspace?.semanticTokens },
  ].filter(({ capability }) => capability?.refreshSupport === true);
  return () => {
    for (const { type } of known) connection.sendRequest(type).catch(failed);
  };
}

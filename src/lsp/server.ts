import {
  CodeActionKind,
  DidChangeWatchedFilesNotification,
  ErrorCodes,
  FileChangeType,
  ResponseError,
  TextDocuments,
  TextDocumentSyncKind,
  type Connection,
  type InitializeResult,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Host } from '../host.js';
import { version } from '../version.js';
import { protocolDiagnostics } from './diagnostics.js';
import { codeActions, fixAllKind } from './features/code-actions.js';
import { codeLenses } from './features/code-lenses.js';
import { complete } from './features/completion.js';
import { drawModel, emitModule } from './features/emitted.js';
import type { FeatureContext } from './features/feature.js';
import { foldingRanges } from './features/folding.js';
import { formatDocument, formatRange } from './features/formatting.js';
import { hover } from './features/hover.js';
import { describeNetwork } from './features/network.js';
import { inlayHints } from './features/inlay-hints.js';
import { findDefinition, findHighlights, findReferences } from './features/navigation.js';
import { prepareRename, RenameRefusal, renameSymbol } from './features/rename.js';
import { selectionRanges } from './features/selection-ranges.js';
import { semanticTokens, tokenModifiers, tokenTypes } from './features/semantic-tokens.js';
import { signatureHelp } from './features/signature-help.js';
import { documentSymbols, workspaceSymbols } from './features/symbols.js';
import {
  emitRequest,
  networkRequest,
  pictureRequest,
  type EmitParams,
  type EmitResult,
  type NetworkParams,
  type NetworkResult,
  type PictureParams,
  type PictureResult,
} from './protocol.js';
import { createRefresh } from './refresh.js';
import { Workspace } from './workspace.js';

/** Milliseconds of quiet after which problems are told: less than a person takes for a pause. */
const pause = 50;

type Timer = ReturnType<typeof setTimeout>;

export interface ServerOptions {
  /** The files on disk. */
  readonly host: Host;
  /** Where the standard library lies as files, so that definitions can be opened; undefined where it does not. */
  readonly library: string | undefined;
}

const capabilities: InitializeResult['capabilities'] = {
  textDocumentSync: TextDocumentSyncKind.Incremental,
  hoverProvider: true,
  inlayHintProvider: true,
  completionProvider: { triggerCharacters: ['>', '(', ',', ':', '"', '/', '['] },
  signatureHelpProvider: { triggerCharacters: ['(', ',', ':'] },
  definitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  renameProvider: { prepareProvider: true },
  documentSymbolProvider: true,
  workspaceSymbolProvider: true,
  semanticTokensProvider: {
    legend: { tokenTypes: [...tokenTypes], tokenModifiers: [...tokenModifiers] },
    full: true,
  },
  foldingRangeProvider: true,
  selectionRangeProvider: true,
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  codeActionProvider: {
    codeActionKinds: [
      CodeActionKind.QuickFix,
      CodeActionKind.RefactorRewrite,
      CodeActionKind.RefactorExtract,
      fixAllKind,
    ],
  },
  codeLensProvider: {},
};

/**
 * Serves a connection: keeps the texts that editors send, tells problems after a
 * pause, and answers every request from the newest text, however little time has
 * passed. A mistake of ours in one answer is an error of that request alone.
 */
export function startServer(connection: Connection, { host, library }: ServerOptions): void {
  const documents = new TextDocuments(TextDocument);
  const workspace = new Workspace(host, library);
  const waiting = new Map<string, Timer>();
  let refreshing: Timer | undefined;
  let refresh = (): void => undefined;

  connection.onInitialize((client): InitializeResult => {
    const watches = client.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration;
    if (watches === true) connection.onInitialized(watchSpecs);
    refresh = createRefresh(connection, client.capabilities, (error) => log('refreshing', error));
    return { capabilities, serverInfo: { name: 'unetc', version } };
  });

  /** Asks to be told of specs that change on disk: what is open may import them. */
  function watchSpecs(): void {
    const watchers = [{ globPattern: '**/*.unet' }];
    connection.client
      .register(DidChangeWatchedFilesNotification.type, { watchers })
      .catch((error: unknown) => log('watching files', error));
  }

  documents.onDidChangeContent(({ document }) => {
    const { uri, version: number } = document;
    schedule(workspace.update(uri, number, document.getText()), uri);
  });
  documents.onDidClose(({ document: { uri } }) => {
    const concerned = workspace.close(uri);
    clearTimeout(waiting.get(uri));
    waiting.delete(uri);
    void connection.sendDiagnostics({ uri, diagnostics: [] });
    schedule(concerned);
  });
  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri, type } of changes) {
      if (workspace.isOpen(uri) && type !== FileChangeType.Deleted) continue;
      schedule(workspace.changed(workspace.pathOf(uri)));
    }
  });

  /** Tells problems after a pause. What is shown of other documents than the edited one is old, too. */
  function schedule(uris: readonly string[], edited?: string): void {
    if (uris.some((uri) => uri !== edited)) {
      clearTimeout(refreshing);
      refreshing = setTimeout(refresh, pause);
    }
    for (const uri of uris) {
      clearTimeout(waiting.get(uri));
      waiting.set(
        uri,
        setTimeout(() => {
          waiting.delete(uri);
          publish(uri);
        }, pause),
      );
    }
  }

  function publish(uri: string): void {
    try {
      const analysis = workspace.isOpen(uri) ? workspace.analyse(uri) : undefined;
      if (analysis === undefined) return;
      const diagnostics = [...protocolDiagnostics(analysis, workspace)];
      const { version: number } = analysis;
      void connection.sendDiagnostics({
        uri,
        diagnostics,
        ...(number === undefined ? {} : { version: number }),
      });
    } catch (error) {
      log('telling the problems', error);
    }
  }

  function log(what: string, error: unknown): void {
    const reported = error instanceof Error ? (error.stack ?? error.message) : String(error);
    connection.console.error(`unetc ${version}, ${what}: ${reported}`);
  }

  /** Answers a request about a document; nothing where there is no such document. */
  function about<P, R>(
    what: string,
    uriOf: (params: P) => string,
    answer: (context: FeatureContext, params: P) => R,
  ): (params: P) => R | null {
    return (params) => {
      try {
        const analysis = workspace.analyse(uriOf(params));
        return analysis === undefined ? null : answer({ analysis, workspace }, params);
      } catch (error) {
        if (error instanceof RenameRefusal) {
          throw new ResponseError(ErrorCodes.InvalidRequest, error.message);
        }
        log(what, error);
        const message = error instanceof Error ? error.message : String(error);
        throw new ResponseError(ErrorCodes.InternalError, `${what}: ${message}`);
      }
    };
  }
  function request<P extends { readonly textDocument: { readonly uri: string } }, R>(
    what: string,
    answer: (context: FeatureContext, params: P) => R,
  ): (params: P) => R | null {
    return about(what, ({ textDocument }: P) => textDocument.uri, answer);
  }

  connection.onHover(request('hover', (c, p) => hover(c, p.position) ?? null));
  connection.languages.inlayHint.on(request('inlay hints', (c, p) => [...inlayHints(c, p.range)]));
  connection.onCompletion(request('completion', (c, p) => [...complete(c, p.position)]));
  connection.onSignatureHelp(
    request('signature help', (c, p) => signatureHelp(c, p.position) ?? null),
  );
  connection.onDefinition(request('definition', (c, p) => findDefinition(c, p.position) ?? null));
  connection.onReferences(
    request('references', (c, p) => [
      ...findReferences(c, p.position, p.context.includeDeclaration),
    ]),
  );
  connection.onDocumentHighlight(
    request('highlights', (c, p) => [...findHighlights(c, p.position)]),
  );
  connection.onPrepareRename(request('rename', (c, p) => prepareRename(c, p.position) ?? null));
  connection.onRenameRequest(
    request('rename', (c, p) => renameSymbol(c, p.position, p.newName) ?? null),
  );
  connection.onDocumentSymbol(request('outline', (c) => [...documentSymbols(c)]));
  connection.onWorkspaceSymbol(({ query }) => [...workspaceSymbols({ workspace }, query)]);
  connection.languages.semanticTokens.on(
    // The protocol has no "nothing" here: a document that is not there has no tokens.
    (params) => request('colours', semanticTokens)(params) ?? { data: [] },
  );
  connection.onFoldingRanges(request('folding', (c) => [...foldingRanges(c)]));
  connection.onSelectionRanges(
    request('selection', (c, p) => [...selectionRanges(c, p.positions)]),
  );
  connection.onDocumentFormatting(request('layout', (c) => [...formatDocument(c)]));
  connection.onDocumentRangeFormatting(request('layout', (c, p) => [...formatRange(c, p.range)]));
  connection.onCodeAction(request('actions', (c, p) => [...codeActions(c, p)]));
  connection.onCodeLens(request('lenses', (c) => [...codeLenses(c)]));
  connection.onRequest(emitRequest, async (params: EmitParams): Promise<EmitResult> => {
    const answer = about('emitted module', ({ uri }: EmitParams) => uri, emitModule)(params);
    return (await answer) ?? { kind: 'unavailable', reason: 'There is no such document.' };
  });
  connection.onRequest(pictureRequest, async (params: PictureParams): Promise<PictureResult> => {
    const answer = about('picture', ({ uri }: PictureParams) => uri, drawModel)(params);
    return (await answer) ?? { kind: 'unavailable', reason: 'There is no such document.' };
  });
  connection.onRequest(networkRequest, async (params: NetworkParams): Promise<NetworkResult> => {
    const answer = about('network', ({ uri }: NetworkParams) => uri, describeNetwork)(params);
    return (await answer) ?? { kind: 'unavailable', reason: 'There is no such document.' };
  });

  documents.listen(connection);
  connection.listen();
}

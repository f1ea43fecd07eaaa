import {
  findReferencesKeymap,
  formatKeymap,
  hoverTooltips,
  jumpToDefinitionKeymap,
  LSPClient,
  renameKeymap,
  serverCompletion,
  signatureHelp,
} from '@codemirror/lsp-client';
import type { Extension } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import type { Diagnostic } from 'vscode-languageserver-protocol';
import {
  emitRequest,
  networkRequest,
  type EmitParams,
  type EmitResult,
  type NetworkParams,
  type NetworkResult,
} from '../../src/lsp/protocol.js';
import { startLanguage } from './connection.js';
import { plainHtml } from './plain-html.js';
import { PageWorkspace, type FileDisplay } from './workspace.js';

/** Milliseconds that the server has for an answer. */
const patience = 10_000;

export interface SessionEvents extends FileDisplay {
  problems(uri: string, problems: readonly Diagnostic[]): void;
  /** The server took too long, or failed, and was ended. */
  lost(): void;
}

/** A language server in its worker, and what the page asks of it. */
export class LanguageSession {
  readonly #client: LSPClient;
  readonly #workspace: PageWorkspace;
  readonly #close: () => void;

  constructor(events: SessionEvents) {
    let workspace: PageWorkspace | undefined;
    this.#client = new LSPClient({
      rootUri: 'file:///specs',
      timeout: patience,
      workspace: (client) => (workspace = new PageWorkspace(client, events)),
      sanitizeHTML: plainHtml,
      extensions: [
        {
          clientCapabilities: {
            textDocument: {
              codeAction: {
                codeActionLiteralSupport: { codeActionKind: { valueSet: ['quickfix'] } },
              },
              publishDiagnostics: { versionSupport: true },
            },
          },
          notificationHandlers: {
            'textDocument/publishDiagnostics': (_client, params) => {
              const { uri, diagnostics } = params as {
                readonly uri: string;
                readonly diagnostics: readonly Diagnostic[];
              };
              events.problems(uri, diagnostics);
              return true;
            },
          },
        },
        serverCompletion(),
        hoverTooltips(),
        signatureHelp(),
        keymap.of([
          ...formatKeymap,
          ...renameKeymap,
          ...jumpToDefinitionKeymap,
          ...findReferencesKeymap,
        ]),
      ],
    });
    this.#workspace = workspace!;
    const connection = startLanguage(patience, () => {
      this.#client.disconnect();
      events.lost();
    });
    this.#close = () => connection.close();
    this.#client.connect(connection.transport);
  }

  /** What connects a text of the editor with the server. */
  extensionFor(uri: string): Extension {
    return this.#client.plugin(uri, 'unet');
  }

  /** Makes a file known that the editor does not show. */
  async add(uri: string, text: string): Promise<void> {
    await this.#client.initializing;
    this.#workspace.add(uri, text);
  }

  remove(uri: string): void {
    this.#workspace.remove(uri);
  }

  network(params: NetworkParams): Promise<NetworkResult> {
    return this.#ask(networkRequest, params);
  }

  emit(params: EmitParams): Promise<EmitResult> {
    return this.#ask(emitRequest, params);
  }

  close(): void {
    this.#client.disconnect();
    this.#close();
  }

  async #ask<P, R>(method: string, params: P): Promise<R> {
    await this.#client.initializing;
    this.#client.sync();
    return this.#client.request<P, R>(method, params);
  }
}

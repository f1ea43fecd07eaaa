import * as vscode from 'vscode';
import { LanguageClient } from 'vscode-languageclient/node';
import { emitRequest, pictureRequest } from '../../../src/lsp/protocol.js';
import type {
  EmitParams,
  EmitResult,
  ModelParams,
  PictureParams,
  PictureResult,
} from '../../../src/lsp/protocol.js';
import { serverOptions } from './server-options.js';

/** The language server, and the questions that are its own. */
export class Server implements vscode.Disposable {
  readonly #bundled: string;
  readonly #watcher = vscode.workspace.createFileSystemWatcher('**/*.unet');
  #client: LanguageClient | undefined;
  /** Starts and stops, one after the other. */
  #turn: Promise<void> = Promise.resolve();

  constructor(context: vscode.ExtensionContext) {
    this.#bundled = context.asAbsolutePath('server/server.js');
  }

  /** Tells of specs that change on disk. */
  get onDidChangeFile(): vscode.Event<vscode.Uri> {
    return this.#watcher.onDidChange;
  }

  /** Starts, or starts anew with the settings of now; rejects where the server does not start. */
  restart(): Promise<void> {
    this.#turn = this.#turn
      .catch(() => undefined)
      .then(async () => {
        await this.#stop();
        this.#client = this.#createClient();
        await this.#client.start();
      });
    return this.#turn;
  }

  picture(params: PictureParams, signal: AbortSignal): Promise<PictureResult> {
    return this.#ask(pictureRequest, params, signal);
  }

  emit(params: EmitParams, signal: AbortSignal): Promise<EmitResult> {
    return this.#ask(emitRequest, params, signal);
  }

  /** Settles when the server has ended. */
  async stop(): Promise<void> {
    await this.#turn.catch(() => undefined);
    await this.#stop();
  }

  dispose(): void {
    this.#watcher.dispose();
    void this.stop();
  }

  async #ask<T>(method: string, params: ModelParams, signal: AbortSignal): Promise<T> {
    await this.#turn;
    if (this.#client === undefined) throw new Error('The language server is not running.');
    const cancellation = new vscode.CancellationTokenSource();
    signal.addEventListener('abort', () => cancellation.cancel());
    return this.#client.sendRequest<T>(method, params, cancellation.token);
  }

  #createClient(): LanguageClient {
    const program = vscode.workspace.getConfiguration('unetc').get('server.path', '');
    return new LanguageClient('unetc', 'unetc', serverOptions(this.#bundled, program), {
      documentSelector: [
        { scheme: 'file', language: 'unet' },
        { scheme: 'untitled', language: 'unet' },
      ],
    });
  }

  async #stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    // A server that died cannot be stopped, and need not be.
    await client?.stop().catch(() => undefined);
    await client?.dispose().catch(() => undefined);
  }
}

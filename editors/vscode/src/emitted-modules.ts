import * as vscode from 'vscode';
import type { TextTargetName } from '../../../src/codegen/text-targets.js';
import {
  checkTarget,
  emittedAddress,
  emittedScheme,
  emittedText,
  sourceOfAddress,
  type EmittedSource,
} from './emitted-document.js';
import { Live } from './live.js';
import type { Server } from './server.js';
import { onSpecChange, pause, reasonOf } from './specs.js';

/** One module that is shown. */
interface Shown {
  readonly live: Live<string>;
  /** What the document holds. */
  text: string;
  /** The last module that could be made. */
  module: string | undefined;
}

/** Documents with the modules that specs become, kept up with them. */
export class EmittedModules implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #shown = new Map<string, Shown>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #disposables: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(private readonly server: Server) {
    this.#disposables = vscode.Disposable.from(
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(emittedScheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#forget(uri)),
      onSpecChange(server, () => {
        for (const { live } of this.#shown.values()) live.refreshSoon();
      }),
    );
  }

  /** Shows the module for a target of a model, of the first one unless named, beside the editor. */
  async show(spec: vscode.Uri, target: TextTargetName, model?: string): Promise<void> {
    const address = emittedAddress({ uri: spec.toString(), target, model }, spec.path);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.from(address));
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: false };
    await vscode.window.showTextDocument(document, place);
  }

  /** Called when the document opens and after each change that is told of. */
  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const source = sourceOfAddress(uri);
    if (source === undefined) return '';
    const known = this.#shown.get(uri.toString());
    if (known !== undefined) return known.text;
    const shown = this.#follow(uri, source);
    await shown.live.refresh();
    return shown.text;
  }

  dispose(): void {
    for (const { live } of this.#shown.values()) live.stop();
    this.#disposables.dispose();
  }

  #follow(uri: vscode.Uri, { uri: spec, target, model }: EmittedSource): Shown {
    const take = (text: string): void => {
      const isNew = text !== shown.text;
      shown.text = text;
      if (isNew) this.#changed.fire(uri);
    };
    const live = new Live<string>({
      ask: async (signal) => {
        const params = {
          uri: spec,
          ...(target !== 'ts' && { target }),
          ...(model && { model }),
        };
        const result = checkTarget(await this.server.emit(params, signal), target);
        if (result.kind === 'module' && !signal.aborted) shown.module = result.text;
        return emittedText(result, shown.module, target);
      },
      show: take,
      fail: (error) =>
        take(emittedText({ kind: 'unavailable', reason: reasonOf(error) }, shown.module, target)),
      pause,
    });
    const shown: Shown = { live, text: '', module: undefined };
    this.#shown.set(uri.toString(), shown);
    return shown;
  }

  #forget(uri: vscode.Uri): void {
    this.#shown.get(uri.toString())?.live.stop();
    this.#shown.delete(uri.toString());
  }
}

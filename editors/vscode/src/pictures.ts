import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { PictureTheme } from '../../../src/lsp/protocol.js';
import { Live } from './live.js';
import { readFromPage, type ToPage } from './messages.js';
import { renderPicturePage } from './picture-page.js';
import type { Server } from './server.js';
import { onSpecChange, pause, reasonOf } from './specs.js';

/** The pictures that are open, one for each spec. */
export class Pictures implements vscode.Disposable {
  readonly #panels = new Map<string, vscode.WebviewPanel>();
  readonly #models = new Map<string, (model: string | undefined) => void>();

  constructor(
    private readonly server: Server,
    /** The extension's folder. */
    private readonly folder: vscode.Uri,
  ) {}

  /** Shows the picture of a model, of the first one unless named, beside the editor. */
  show(spec: vscode.Uri, model?: string): void {
    const key = spec.toString();
    const open = this.#panels.get(key);
    if (open === undefined) {
      this.#open(key, spec, model);
      return;
    }
    open.reveal(undefined, true);
    if (model !== undefined) this.#models.get(key)?.(model);
  }

  dispose(): void {
    for (const panel of [...this.#panels.values()]) panel.dispose();
  }

  #open(key: string, spec: vscode.Uri, wanted: string | undefined): void {
    let model = wanted;
    const pageFolder = vscode.Uri.joinPath(this.folder, 'page');
    const panel = vscode.window.createWebviewPanel(
      'unetc.picture',
      `Picture of ${spec.path.split('/').at(-1)}`,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [pageFolder] },
    );
    const tell = (message: ToPage): void => void panel.webview.postMessage(message);
    const live = new Live({
      ask: (signal) =>
        this.server.picture({ uri: key, theme: themeOfNow(), ...(model && { model }) }, signal),
      show: tell,
      fail: (error) => tell({ kind: 'unavailable', reason: reasonOf(error) }),
      pause,
    });
    const choose = (chosen: string | undefined): void => {
      model = chosen;
      void live.refresh();
    };
    const ended = vscode.Disposable.from(
      onSpecChange(this.server, () => live.refreshSoon()),
      vscode.window.onDidChangeActiveColorTheme(() => void live.refresh()),
      panel.webview.onDidReceiveMessage((data) => {
        const message = readFromPage(data);
        if (message?.kind === 'ready') void live.refresh();
        if (message?.kind === 'choose') choose(message.model);
      }),
    );
    panel.onDidDispose(() => {
      this.#panels.delete(key);
      this.#models.delete(key);
      live.stop();
      ended.dispose();
    });
    this.#panels.set(key, panel);
    this.#models.set(key, choose);
    const address = (file: string): string =>
      panel.webview.asWebviewUri(vscode.Uri.joinPath(pageFolder, file)).toString();
    const files = { script: address('picture.js'), style: address('picture.css') };
    panel.iconPath = vscode.Uri.joinPath(this.folder, 'icons', 'unet.svg');
    panel.webview.html = renderPicturePage(files, randomBytes(16).toString('base64'));
  }
}

function themeOfNow(): PictureTheme {
  const { Light, HighContrastLight } = vscode.ColorThemeKind;
  const { kind } = vscode.window.activeColorTheme;
  return kind === Light || kind === HighContrastLight ? 'light' : 'dark';
}

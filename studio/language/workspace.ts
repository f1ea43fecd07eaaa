import { LSPPlugin, Workspace, type LSPClient, type WorkspaceFile } from '@codemirror/lsp-client';
import { Text, type TransactionSpec } from '@codemirror/state';
import type { EditorView } from '@codemirror/view';

/** A file that the server knows, shown in the editor or not. */
interface KnownFile extends WorkspaceFile {
  version: number;
  doc: Text;
  view: EditorView | undefined;
}

/** How the page shows a file. */
export interface FileDisplay {
  /** Shows a file in the editor; answers the editor, undefined where there is no such file. */
  show(uri: string): EditorView | undefined;
  /** A file that the editor does not show was changed, as by a renaming. */
  changed(uri: string, text: string): void;
}

/**
 * The files of the page over one editor. The server knows all of them, so that a spec can
 * import from one that is not shown; only the shown one changes by typing.
 */
export class PageWorkspace extends Workspace {
  override files: KnownFile[] = [];
  readonly #display: FileDisplay;

  constructor(client: LSPClient, display: FileDisplay) {
    super(client);
    this.#display = display;
  }

  /** Makes a file known that the editor does not show. */
  add(uri: string, text: string): void {
    const known = this.getFile(uri);
    if (known === null) this.#open(uri, Text.of(text.split('\n')), undefined);
  }

  /** Forgets a file. */
  remove(uri: string): void {
    if (this.getFile(uri) === null) return;
    this.files = this.files.filter((file) => file.uri !== uri);
    this.client.didClose(uri);
  }

  override getFile(uri: string): KnownFile | null {
    return this.files.find((file) => file.uri === uri) ?? null;
  }

  override openFile(uri: string, _languageId: string, view: EditorView): void {
    const known = this.getFile(uri);
    if (known === null) this.#open(uri, view.state.doc, view);
    else known.view = view;
  }

  override closeFile(uri: string): void {
    const known = this.getFile(uri);
    if (known !== null) known.view = undefined;
  }

  override syncFiles() {
    return this.files.flatMap((file) => {
      const plugin = file.view === undefined ? null : LSPPlugin.get(file.view);
      if (plugin === null || plugin.unsyncedChanges.empty) return [];
      const update = { file, prevDoc: file.doc, changes: plugin.unsyncedChanges };
      file.doc = file.view!.state.doc;
      file.version += 1;
      plugin.clear();
      return [update];
    });
  }

  override updateFile(uri: string, update: TransactionSpec): void {
    const file = this.getFile(uri);
    if (file === null) return;
    if (file.view !== undefined) return file.view.dispatch(update);
    const changes = update.changes;
    if (changes === undefined) return;
    const view = this.#display.show(uri);
    view?.dispatch(update);
    this.#display.changed(uri, view?.state.doc.toString() ?? '');
  }

  override displayFile(uri: string): Promise<EditorView | null> {
    return Promise.resolve(this.#display.show(uri) ?? null);
  }

  #open(uri: string, doc: Text, view: EditorView | undefined): void {
    const file: KnownFile = {
      ...{ uri, languageId: 'unet', version: 0, doc, view },
      getView: () => file.view ?? null,
    };
    this.files.push(file);
    this.client.didOpen(file);
  }
}

import type * as Vscode from 'vscode';

/**
 * The part of VS Code that the extension uses, without an editor: what was shown can be
 * read, and what a person does can be done. Only what the extension calls is here.
 */

type Listener<T> = (event: T) => void;

class Disposable {
  constructor(private readonly end: () => void) {}

  static from(...parts: readonly { dispose(): void }[]): Disposable {
    return new Disposable(() => parts.forEach((part) => part.dispose()));
  }

  dispose(): void {
    this.end();
  }
}

class EventEmitter<T> {
  readonly #listeners = new Set<Listener<T>>();

  readonly event = (listener: Listener<T>): Disposable => {
    this.#listeners.add(listener);
    return new Disposable(() => this.#listeners.delete(listener));
  };

  get listenerCount(): number {
    return this.#listeners.size;
  }

  fire(event: T): void {
    for (const listener of [...this.#listeners]) listener(event);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

class Uri {
  constructor(
    readonly scheme: string,
    readonly path: string,
    readonly query = '',
  ) {}

  static parse(text: string): Uri {
    const { protocol, pathname, search } = new URL(text);
    return new Uri(protocol.slice(0, -1), decodeURI(pathname), decodeURIComponent(search.slice(1)));
  }

  static file(path: string): Uri {
    return new Uri('file', path);
  }

  static from({ scheme, path, query }: { scheme: string; path: string; query: string }): Uri {
    return new Uri(scheme, path, query);
  }

  static joinPath({ scheme, path }: Uri, ...parts: readonly string[]): Uri {
    return new Uri(scheme, [path, ...parts].join('/'));
  }

  toString(): string {
    const query = this.query === '' ? '' : `?${encodeURIComponent(this.query)}`;
    return `${this.scheme}://${encodeURI(this.path)}${query}`;
  }
}

class CancellationTokenSource {
  readonly token = { isCancellationRequested: false };

  cancel(): void {
    this.token.isCancellationRequested = true;
  }
}

export interface FakeDocument {
  readonly uri: Uri;
  readonly languageId: string;
  readonly text: string;
}

/** A tab with a page. */
export class FakePanel {
  readonly received = new EventEmitter<unknown>();
  readonly closed = new EventEmitter<void>();
  /** What the extension told the page. */
  readonly messages: unknown[] = [];
  revealed = 0;
  readonly webview = {
    html: '',
    asWebviewUri: (uri: Uri): Uri => new Uri('https', `webview${uri.path}`),
    onDidReceiveMessage: this.received.event,
    postMessage: (message: unknown): Promise<boolean> => {
      this.messages.push(message);
      return Promise.resolve(true);
    },
  };
  readonly onDidDispose = this.closed.event;

  constructor(
    readonly title: string,
    readonly options: Vscode.WebviewOptions,
  ) {}

  reveal(): void {
    this.revealed += 1;
  }

  dispose(): void {
    this.closed.fire();
  }
}

/** A new editor that nothing was done in. */
export function createFakeVscode() {
  const panels: FakePanel[] = [];
  const reported: string[] = [];
  const commands = new Map<string, (...args: readonly unknown[]) => unknown>();
  const settings = new Map<string, unknown>();
  const providers = new Map<string, Vscode.TextDocumentContentProvider>();
  /** What each shown document holds, as the editor knows it. */
  const shown = new Map<string, string>();
  const changed = new EventEmitter<{
    readonly document: FakeDocument;
    readonly contentChanges: readonly unknown[];
  }>();
  const closed = new EventEmitter<FakeDocument>();
  const themeChanged = new EventEmitter<void>();
  const settingsChanged = new EventEmitter<{ affectsConfiguration(name: string): boolean }>();
  const fileChanged = new EventEmitter<Uri>();
  const window = {
    activeTextEditor: undefined as { readonly document: FakeDocument } | undefined,
    activeColorTheme: { kind: 2 },
    onDidChangeActiveColorTheme: themeChanged.event,
    createWebviewPanel: (_: string, title: string, __: unknown, options: Vscode.WebviewOptions) => {
      const panel = new FakePanel(title, options);
      panels.push(panel);
      return panel;
    },
    showTextDocument: (document: FakeDocument) => Promise.resolve({ document }),
    showInformationMessage: (text: string) => void reported.push(text),
    showErrorMessage: (text: string) => void reported.push(text),
  };
  const module = {
    Disposable,
    EventEmitter,
    Uri,
    CancellationTokenSource,
    ColorThemeKind: { Light: 1, Dark: 2, HighContrast: 3, HighContrastLight: 4 },
    ViewColumn: { Beside: -2 },
    window,
    commands: {
      registerCommand: (name: string, run: (...args: readonly unknown[]) => unknown) => {
        commands.set(name, run);
        return new Disposable(() => commands.delete(name));
      },
    },
    workspace: {
      onDidChangeTextDocument: changed.event,
      onDidCloseTextDocument: closed.event,
      onDidChangeConfiguration: settingsChanged.event,
      createFileSystemWatcher: () => ({ onDidChange: fileChanged.event, dispose: () => undefined }),
      getConfiguration: (section: string) => ({
        get: (name: string, fallback: unknown) => settings.get(`${section}.${name}`) ?? fallback,
      }),
      registerTextDocumentContentProvider: (
        scheme: string,
        provider: Vscode.TextDocumentContentProvider,
      ) => {
        providers.set(scheme, provider);
        const read = async (uri: Uri): Promise<void> => {
          const text = await provider.provideTextDocumentContent(uri as never, undefined as never);
          shown.set(uri.toString(), text ?? '');
        };
        provider.onDidChange?.((uri) => void read(uri as unknown as Uri));
        return new Disposable(() => providers.delete(scheme));
      },
      openTextDocument: async (uri: Uri) => {
        const provider = providers.get(uri.scheme)!;
        const text = await provider.provideTextDocumentContent(uri as never, undefined as never);
        shown.set(uri.toString(), text ?? '');
        return { uri, languageId: 'typescript', text } as FakeDocument;
      },
    },
  };
  return {
    module,
    panels,
    shown,
    /** Messages that a person saw. */
    reported,
    settings,
    commandNames: () => [...commands.keys()],
    run: async (name: string, ...args: readonly unknown[]): Promise<void> => {
      await commands.get(name)!(...args);
    },
    openSpec: (path: string): FakeDocument => {
      const document = { uri: Uri.file(path), languageId: 'unet', text: '' };
      window.activeTextEditor = { document };
      return document;
    },
    type: (document: FakeDocument) => changed.fire({ document, contentChanges: [{}] }),
    close: (uri: string) => closed.fire({ uri: Uri.parse(uri), languageId: '', text: '' }),
    setTheme: (kind: number) => {
      window.activeColorTheme = { kind };
      themeChanged.fire();
    },
    set: (name: string, value: unknown) => {
      settings.set(name, value);
      settingsChanged.fire({ affectsConfiguration: (section) => name.startsWith(section) });
    },
    listeners: () => changed.listenerCount + fileChanged.listenerCount + themeChanged.listenerCount,
  };
}

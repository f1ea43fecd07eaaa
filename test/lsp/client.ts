import { spawn, type ChildProcess } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from 'vscode-languageserver-protocol/node';
import {
  CodeLensRefreshRequest,
  InitializeRequest,
  InlayHintRefreshRequest,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  SemanticTokensRefreshRequest,
  type DidChangeWatchedFilesRegistrationOptions,
  type FileSystemWatcher,
  type InitializeResult,
  type Position,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol';

/** A client of the built program, as an editor has one. */
export interface EditorClient {
  readonly connection: ProtocolConnection;
  readonly server: InitializeResult;
  /** What the server asks to be told of. */
  readonly watched: Promise<readonly FileSystemWatcher[]>;
  /** What the server wrote to standard error. */
  readonly errors: () => string;
  open(path: string, text: string): string;
  change(uri: string, text: string): void;
  close(uri: string): void;
  /** The next problems that are told of a document. */
  nextDiagnostics(uri: string): Promise<PublishDiagnosticsParams>;
  /** Resolves once the server has asked anew for hints, lenses and colours, each. */
  nextRefresh(): Promise<void>;
  /** Ends the server as editors do; its exit code. */
  stop(): Promise<number | null>;
}

const refreshTypes = [
  InlayHintRefreshRequest.type,
  CodeLensRefreshRequest.type,
  SemanticTokensRefreshRequest.type,
];

/** Starts `unetc lsp` and says hello. */
export async function startClient(program: string, folder: string): Promise<EditorClient> {
  const child: ChildProcess = spawn(process.execPath, [program, 'lsp', '--stdio'], { cwd: folder });
  let errors = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const ended = new Promise<number | null>((done) => child.on('exit', done));
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout!),
    new StreamMessageWriter(child.stdin!),
  );
  const waiting = new Map<string, ((params: PublishDiagnosticsParams) => void)[]>();
  connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
    const [first, ...others] = waiting.get(params.uri) ?? [];
    waiting.set(params.uri, others);
    first?.(params);
  });
  const watched = new Promise<readonly FileSystemWatcher[]>((done) =>
    connection.onRequest(RegistrationRequest.type, ({ registrations }) => {
      const [options] = registrations.map(({ registerOptions }) => registerOptions as unknown);
      done((options as DidChangeWatchedFilesRegistrationOptions).watchers);
    }),
  );
  let requested: readonly { readonly type: string; readonly done: () => void }[] = [];
  for (const { method } of refreshTypes) {
    connection.onRequest(method, () => {
      for (const { type, done } of requested) if (type === method) done();
      return null;
    });
  }
  connection.listen();
  const server = await connection.sendRequest(InitializeRequest.type, {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: {
      workspace: {
        didChangeWatchedFiles: { dynamicRegistration: true },
        inlayHint: { refreshSupport: true },
        codeLens: { refreshSupport: true },
        semanticTokens: { refreshSupport: true },
      },
    },
  });
  await connection.sendNotification('initialized', {});
  const versions = new Map<string, number>();
  return {
    connection,
    server,
    watched,
    errors: () => errors,
    open: (path, text) => {
      const uri = pathToFileURL(path).href;
      versions.set(uri, 1);
      const textDocument = { uri, languageId: 'unet', version: 1, text };
      void connection.sendNotification('textDocument/didOpen', { textDocument });
      return uri;
    },
    change: (uri, text) => {
      const version = versions.get(uri)! + 1;
      versions.set(uri, version);
      const params = { textDocument: { uri, version }, contentChanges: [{ text }] };
      void connection.sendNotification('textDocument/didChange', params);
    },
    close: (uri) => {
      void connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    },
    nextDiagnostics: (uri) =>
      new Promise((done) => waiting.set(uri, [...(waiting.get(uri) ?? []), done])),
    nextRefresh: async () => {
      await Promise.all(
        refreshTypes.map(({ method: type }) => {
          return new Promise<void>((done) => {
            requested = [...requested, { type, done }];
          });
        }),
      );
    },
    stop: async () => {
      await connection.sendRequest('shutdown');
      await connection.sendNotification('exit');
      const code = await ended;
      connection.dispose();
      return code;
    },
  };
}

/** A text with marks (`<1>`, `<2>`) taken out, and where they were. */
export function readMarked(marked: string): {
  readonly text: string;
  readonly at: (mark: number) => Position;
} {
  const places = new Map<number, number>();
  let text = '';
  let last = 0;
  for (const match of marked.matchAll(/<(\d)>/g)) {
    text += marked.slice(last, match.index);
    places.set(Number(match[1]), text.length);
    last = match.index + match[0].length;
  }
  text += marked.slice(last);
  return {
    text,
    at: (mark) => {
      const before = text.slice(0, places.get(mark)).split(/\r\n|\n|\r/);
      return { line: before.length - 1, character: before.at(-1)!.length };
    },
  };
}

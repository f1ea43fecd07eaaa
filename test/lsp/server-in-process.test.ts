import { afterEach, expect, test } from '@jest/globals';
import { PassThrough } from 'node:stream';
import {
  createProtocolConnection,
  DidChangeTextDocumentNotification,
  DidChangeWatchedFilesNotification,
  DidCloseTextDocumentNotification,
  DidOpenTextDocumentNotification,
  DocumentSymbolRequest,
  FileChangeType,
  HoverRequest,
  InitializeRequest,
  LogMessageNotification,
  PublishDiagnosticsNotification,
  ShutdownRequest,
  type PublishDiagnosticsParams,
} from 'vscode-languageserver-protocol/node';
import {
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver/node';
import { createMemoryHost, type Host } from '../../src/host.js';
import { startServer } from '../../src/lsp/server.js';

/** The server without a process: over streams in memory, with files in memory. */

const uri = 'file:///p/a.unet';
const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A server that has been greeted, and what it has told its client. */
async function serve(host: Host) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const served = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(input),
    new StreamMessageWriter(output),
  );
  startServer(served, { host, library: undefined });
  const client = createProtocolConnection(
    new StreamMessageReader(output),
    new StreamMessageWriter(input),
  );
  const published: PublishDiagnosticsParams[] = [];
  const logged: string[] = [];
  const wakers = new Set<() => void>();
  client.onNotification(PublishDiagnosticsNotification.type, (params) => {
    published.push(params);
    for (const wake of wakers) wake();
  });
  client.onNotification(LogMessageNotification.type, ({ message }) => void logged.push(message));
  client.listen();
  ends.push(async () => {
    // Nothing waits to be told of a document that is closed.
    await client.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
    await client.sendRequest(ShutdownRequest.type);
    client.dispose();
    served.dispose();
  });
  await client.sendRequest(InitializeRequest.type, {
    processId: null,
    rootUri: null,
    capabilities: {},
  });
  /** All that was published, once it is so many. */
  const publishedAfter = (count: number): Promise<readonly PublishDiagnosticsParams[]> =>
    new Promise((done) => {
      const wake = (): void => {
        if (published.length < count) return;
        wakers.delete(wake);
        done(published);
      };
      wakers.add(wake);
      wake();
    });
  const open = (text: string): Promise<void> =>
    client.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri, languageId: 'unet', version: 1, text },
    });
  return { client, open, logged, publishedAfter };
}

/** What was published, shortened to the version and the codes. */
const short = ({ version, diagnostics }: PublishDiagnosticsParams) => [
  version,
  ...diagnostics.map(({ code }) => code),
];

const layer = 'block a(c: int) = conv(c, 3)\n';
const misspelt = layer.replace('conv', 'cnv');

test('problems of the newest text alone are published, and none after closing', async () => {
  const { client, open, publishedAfter } = await serve(createMemoryHost({}));
  await open(misspelt);
  for (const [version, text] of [
    [2, layer],
    [3, misspelt],
  ] as const) {
    await client.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    });
  }
  expect((await publishedAfter(1)).map(short)).toEqual([[3, 'UNET2001']]);
  await client.sendNotification(DidCloseTextDocumentNotification.type, { textDocument: { uri } });
  expect((await publishedAfter(2)).map(short).slice(1)).toEqual([[undefined]]);
});

test('a file that is imported and changes on disk changes the problems of what imports it', async () => {
  const files: Record<string, string> = { '/p/b.unet': 'block b(c: int) = conv(c, 3)\n' };
  const host = createMemoryHost(files);
  const { client, open, publishedAfter } = await serve(host);
  await open('import b from "b.unet"\nblock a(c: int) = b(c)\n');
  expect((await publishedAfter(1)).map(short)).toEqual([[1]]);
  host.writeText('/p/b.unet', 'block other(c: int) = conv(c, 3)\n');
  await client.sendNotification(DidChangeWatchedFilesNotification.type, {
    changes: [{ uri: 'file:///p/b.unet', type: FileChangeType.Changed }],
  });
  const [, after] = await publishedAfter(2);
  expect(after!.diagnostics.map(({ message }) => message).join()).toContain('"b"');
});

test('a mistake of ours in one answer is logged, and an error of that request alone', async () => {
  const host = createMemoryHost({ '/p/b.unet': layer });
  let isBroken = true;
  const broken: Host = {
    ...host,
    readText: (path) => {
      if (isBroken && path === '/p/b.unet') throw new TypeError('a mistake of ours');
      return host.readText(path);
    },
  };
  const { client, open, logged } = await serve(broken);
  await open('import a from "b.unet"\nblock c(n: int) = a(n)\n');
  const hover = client.sendRequest(HoverRequest.type, {
    textDocument: { uri },
    position: { line: 1, character: 19 },
  });
  await expect(hover).rejects.toThrow('hover: a mistake of ours');
  expect(logged.join('\n')).toContain('hover: TypeError: a mistake of ours');
  isBroken = false;
  const symbols = await client.sendRequest(DocumentSymbolRequest.type, { textDocument: { uri } });
  expect(symbols).toMatchObject([{ name: 'block c' }]);
});

/**
 * The language server under random edits.
 *
 *   node scripts/run.mjs bench/editor.ts [EDITS] [SEED]
 *
 * 1. Over the protocol: each edit of the shipped specs (insert, delete, paste, cut short,
 *    odd characters, undo) is followed by a request of a random kind. The server must not
 *    end, and its outline must be that of the newest text. Memory is printed on the way.
 * 2. In one process, on the largest specs: the time from an edit to its problems.
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';
import { createNodeHost } from '../src/host-node.js';
import { protocolDiagnostics } from '../src/lsp/diagnostics.js';
import { documentSymbols } from '../src/lsp/features/symbols.js';
import { Workspace } from '../src/lsp/workspace.js';
import { randomEdit, randomSource } from '../test/lsp/random-edits.js';

const edits = Number(process.argv[2] ?? 20_000);
const seed = Number(process.argv[3] ?? 1);
interface Spec {
  readonly path: string;
  readonly text: string;
}

const specs: readonly Spec[] = readdirSync('specs')
  .filter((name) => name.endsWith('.unet'))
  .map((name) => ({ path: resolve('specs', name), text: readFileSync(`specs/${name}`, 'utf8') }));

await soak();
for (const spec of largest()) time(spec);

async function soak(): Promise<void> {
  const server = spawn(process.execPath, ['dist/cli/main.js', 'lsp', '--stdio']);
  let isAlive = true;
  server.on('exit', () => (isAlive = false));
  server.stderr.pipe(process.stderr);
  const connection = createProtocolConnection(
    new StreamMessageReader(server.stdout),
    new StreamMessageWriter(server.stdin),
  );
  connection.listen();
  await connection.sendRequest('initialize', { processId: null, rootUri: null, capabilities: {} });
  await connection.sendNotification('initialized', {});
  const local = new Workspace(createNodeHost('/'), undefined);
  const random = randomSource(seed);
  const documents = specs.map(({ path, text }) => {
    const uri = pathToFileURL(path).href;
    const textDocument = { uri, languageId: 'unet', version: 1, text };
    void connection.sendNotification('textDocument/didOpen', { textDocument });
    return { uri, original: text, text, version: 1 };
  });
  let wrong = 0;
  let refused = 0;
  for (let at = 0; at < edits; at++) {
    const document = documents[random.below(documents.length)]!;
    document.text = randomEdit(document.text, document.original, random);
    document.version += 1;
    const { uri, version, text } = document;
    await connection.sendNotification('textDocument/didChange', {
      textDocument: { uri, version },
      contentChanges: [{ text }],
    });
    const [method, params] = randomRequest(uri, text, random);
    try {
      await connection.sendRequest(method, params);
    } catch (error) {
      refused += 1;
      const isRefusal = /name|standard library|word of the language|something else/.test(
        String(error),
      );
      if (!isRefusal) throw error;
    }
    if (at % 10 === 0) {
      const given = await connection.sendRequest('textDocument/documentSymbol', {
        textDocument: { uri },
      });
      local.update(uri, version, text);
      const analysis = local.analyse(uri)!;
      const expected = documentSymbols({ analysis, workspace: local });
      if (JSON.stringify(given) !== JSON.stringify(expected)) wrong += 1;
    }
    if (at % Math.ceil(edits / 10) === 0) {
      const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
      const resident = /VmRSS:\s+(\d+)/.exec(status)?.[1];
      console.log(`edit ${at}: ${Math.round(Number(resident) / 1024)} MiB resident`);
    }
    if (!isAlive) throw new Error(`the server ended at edit ${at}`);
  }
  console.log(`${edits} edits: alive, ${wrong} stale outlines, ${refused} renamings refused`);
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  connection.dispose();
}

function randomRequest(
  uri: string,
  text: string,
  random: ReturnType<typeof randomSource>,
): readonly [string, object] {
  const lines = text.split('\n');
  const line = random.below(lines.length);
  const position = { line, character: random.below(lines[line]!.length + 1) };
  const range = { start: { line: 0, character: 0 }, end: position };
  const textDocument = { uri };
  const requests: readonly (readonly [string, object])[] = [
    ['textDocument/hover', { textDocument, position }],
    ['textDocument/completion', { textDocument, position }],
    ['textDocument/signatureHelp', { textDocument, position }],
    ['textDocument/definition', { textDocument, position }],
    ['textDocument/references', { textDocument, position, context: { includeDeclaration: true } }],
    ['textDocument/documentHighlight', { textDocument, position }],
    ['textDocument/rename', { textDocument, position, newName: `renamed_${random.below(9)}` }],
    ['textDocument/inlayHint', { textDocument, range }],
    ['textDocument/codeLens', { textDocument }],
    ['textDocument/semanticTokens/full', { textDocument }],
    ['textDocument/foldingRange', { textDocument }],
    ['textDocument/selectionRange', { textDocument, positions: [position] }],
    ['textDocument/formatting', { textDocument, options: {} }],
    ['textDocument/rangeFormatting', { textDocument, range, options: {} }],
    ['textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } }],
  ];
  return requests[random.below(requests.length)]!;
}

/** The spec with the longest text, and the one whose network has the most operations. */
function largest(): readonly Spec[] {
  const workspace = new Workspace(createNodeHost('/'), undefined);
  const operations = ({ path, text }: Spec): number => {
    const uri = pathToFileURL(path).href;
    workspace.update(uri, 0, text);
    const { drafts } = workspace.analyse(uri)!.compilation;
    return Math.max(0, ...drafts.map(({ graph }) => graph?.nodes.length ?? 0));
  };
  const most = (sizeOf: (spec: Spec) => number): Spec =>
    specs.reduce((best, next) => (sizeOf(next) > sizeOf(best) ? next : best));
  return [most(({ text }) => text.length), most(operations)];
}

function time(spec: Spec): void {
  const workspace = new Workspace(createNodeHost('/'), undefined);
  const random = randomSource(seed);
  const uri = pathToFileURL(spec.path).href;
  let { text } = spec;
  const times: number[] = [];
  for (let at = 0; at < 2000; at++) {
    text = randomEdit(text, spec.text, random);
    const start = performance.now();
    workspace.update(uri, at, text);
    protocolDiagnostics(workspace.analyse(uri)!, workspace);
    times.push(performance.now() - start);
  }
  const sorted = times.slice(200).sort((a, b) => a - b);
  const share = (part: number): string =>
    sorted[Math.floor(part * (sorted.length - 1))]!.toFixed(1);
  console.log(`${basename(spec.path)}: from an edit to its problems, after 200 edits to warm up`);
  console.log(`median ${share(0.5)} ms, 99th percentile ${share(0.99)} ms, longest ${share(1)} ms`);
}

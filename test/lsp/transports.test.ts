import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { transportOf } from '../../src/lsp/transport.js';
import { openProgram, type BuiltProgram } from '../cli/built-program.js';

/** The built language server, and what goes over the wire byte by byte. */

let program: BuiltProgram;
let folder: string;
beforeAll(() => {
  program = openProgram('transports');
  folder = mkdtempSync(join(tmpdir(), 'unetc-lsp-'));
});
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true, force: true });
});

const framed = (message: object): Buffer => {
  const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
};
const hello = framed({
  id: 1,
  method: 'initialize',
  params: { processId: null, rootUri: null, capabilities: {} },
});
const shutdown = framed({ id: 9, method: 'shutdown' });
const exit = framed({ method: 'exit' });

/** Reads messages until one fits. */
function reader(stream: Readable): (fits: (message: Message) => boolean) => Promise<Message> {
  let bytes = Buffer.alloc(0);
  const found: Message[] = [];
  const waiting = new Set<() => void>();
  stream.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    for (;;) {
      const [header, length] =
        /^Content-Length: (\d+)\r\n\r\n/.exec(bytes.toString('latin1')) ?? [];
      const end = (header?.length ?? 0) + Number(length);
      if (header === undefined || bytes.length < end) break;
      found.push(JSON.parse(bytes.subarray(header.length, end).toString('utf8')) as Message);
      bytes = bytes.subarray(end);
    }
    for (const look of waiting) look();
  });
  return (fits) =>
    new Promise((done) => {
      const look = (): void => {
        const message = found.find(fits);
        if (message === undefined) return;
        waiting.delete(look);
        done(message);
      };
      waiting.add(look);
      look();
    });
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: { readonly message?: string; readonly diagnostics?: readonly unknown[] };
  readonly result?: { readonly serverInfo?: { readonly name: string } };
}

const answers =
  (id: number) =>
  (message: Message): boolean =>
    message.id === id;

/** Says hello and goodbye. */
async function greet(input: Writable, output: Readable): Promise<Message> {
  const next = reader(output);
  input.write(hello);
  const answer = await next(answers(1));
  input.write(shutdown);
  await next(answers(9));
  input.write(exit);
  return answer;
}

describe('standard input and output', () => {
  test('what is no message is told and passed over, in whatever pieces bytes come', async () => {
    const child = program.start(['lsp']);
    const next = reader(child.stdout!);
    let errors = '';
    child.stderr!.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    const input = child.stdin!;
    input.write('nonsense\r\n\r\n');
    input.write('Content-Length: 99999999999\r\n\r\n{}');
    input.write(hello);
    await next(answers(1));
    input.write(framed({ method: 'initialized', params: {} }));
    const logged = await next(({ params }) => params?.message?.startsWith('unetc: ') === true);
    expect(logged.method).toBe('window/logMessage');
    const text = '# ü€😀\nmodel M {\n  inptu image: [H, W, 1]\n}\n';
    const textDocument = { uri: 'file:///m.unet', languageId: 'unet', version: 1, text };
    // Every character of several bytes is cut somewhere.
    const opened = framed({ method: 'textDocument/didOpen', params: { textDocument } });
    for (const byte of opened) {
      input.write(Uint8Array.of(byte));
      await new Promise(setImmediate);
    }
    const reported = await next(({ method }) => method === 'textDocument/publishDiagnostics');
    expect(reported.params?.diagnostics?.length).toBeGreaterThan(0);
    const ended = once(child, 'exit');
    input.write(shutdown);
    await next(answers(9));
    input.write(exit);
    const [code] = (await ended) as [number];
    expect(code).toBe(0);
    expect(errors).toContain('unetc lsp: A header says no usable length');
  });

  test('with --stdio, and until the editor goes away', async () => {
    const child = program.start(['lsp', '--stdio']);
    child.stdin!.write(hello);
    await reader(child.stdout!)(answers(1));
    const ended = once(child, 'exit');
    child.stdin!.end();
    expect(await ended).toEqual([expect.any(Number), null]);
  });
});

describe('an editor that listens', () => {
  test.each(['--socket', '--pipe'])('is called with %s', async (option) => {
    const server = createServer();
    const path = join(folder, 'editor.sock');
    if (option === '--pipe') server.listen(path);
    else server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const place = option === '--pipe' ? path : String((server.address() as AddressInfo).port);
    const child = program.start(['lsp', `${option}=${place}`]);
    const ended = once(child, 'exit');
    const [socket] = (await once(server, 'connection')) as [Socket];
    const answer = await greet(socket, socket);
    expect(answer.result?.serverInfo?.name).toBe('unetc');
    expect(await ended).toEqual([0, null]);
    server.close();
  });

  test('and is not there, is told', () => {
    const { stderr, code } = program.run(['lsp', '--pipe', join(folder, 'nobody')]);
    expect(stderr).toMatch(
      /^error UNET7028: The editor cannot be reached on ".*nobody": it does not exist\.\n$/,
    );
    expect(code).toBe(1);
  });

  test('words that make no sense are refused', () => {
    expect(program.run(['lsp', '--socket', '70000'])).toMatchObject({ code: 2 });
    expect(program.run(['lsp', '--socket', 'x'])).toMatchObject({ code: 2 });
    expect(program.run(['lsp', '--stdio', '--pipe=a']).stderr).toContain('"--pipe"');
  });
});

test.each([
  [[], { kind: 'streams' }],
  [['lsp', '--stdio'], { kind: 'streams' }],
  [['--node-ipc'], { kind: 'ipc' }],
  [['--socket=7000', '--clientProcessId=5'], { kind: 'socket', port: 7000 }],
  [['lsp', '--socket', '7000'], { kind: 'socket', port: 7000 }],
  [['--pipe=/tmp/a b'], { kind: 'pipe', path: '/tmp/a b' }],
])('%j', (words, transport) => {
  expect(transportOf(words)).toEqual(transport);
});

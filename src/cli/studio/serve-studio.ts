import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, resolve } from 'node:path';
import { isFile, isInside, readBytesSync } from '../../files/index.js';
import { namesThisMachine } from '../../runtime/report/live/loopback.js';
import type { SpecFolder } from './spec-folder.js';

/** The page while it is served. */
export interface StudioServer {
  /** Where a browser finds it. */
  readonly address: string;
  close(): Promise<void>;
}

export interface StudioOptions {
  /** The folder that holds the page's files. */
  readonly page: string;
  /** The specs that the page opens and saves; undefined where it keeps its own. */
  readonly folder: SpecFolder | undefined;
  /** 0 for any that is free. */
  readonly port: number;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
};

/** The last two let the page have memory that its threads share. */
const headers = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** Tells the page that it is served with a folder of specs. */
const folderMark = '<meta name="unetc-folder" content="specs" />';

/** The most that a request may bring, in bytes. */
const longest = 8_000_000;

/**
 * Serves the studio on the loopback address alone, and to requests that name this machine. Specs
 * are written for the page itself only: a request that another page makes a browser send is
 * refused. Rejects with the system's error where the port is not free.
 */
export async function serveStudio({ page, folder, port }: StudioOptions): Promise<StudioServer> {
  const server = createServer((request, response) => {
    const { port: own } = server.address() as AddressInfo;
    if (!namesThisMachine(request.headers.host, own)) return refuse(response, 403);
    const path = pathOf(request);
    if (path === undefined) return refuse(response, 400);
    if (folder !== undefined && path === '/specs') return answerSpecs(request, response, folder);
    if (folder !== undefined && path.startsWith('/specs/') && request.method === 'PUT') {
      return void takeSpec(path.slice('/specs/'.length), request, response, folder);
    }
    if (request.method !== 'GET') return refuse(response, 405);
    const file = resolve(page, path === '/' ? 'index.html' : `.${path}`);
    if (!isInside(page, file) || !isFile(file)) return refuse(response, 404);
    const bytes = readBytesSync(file, 'program');
    const isMarked = folder !== undefined && path === '/';
    const type = types[extname(file)] ?? 'application/octet-stream';
    const body = isMarked ? bytes.toString('utf8').replace('<head>', `<head>${folderMark}`) : bytes;
    answer(response, 200, type, body);
  });
  await new Promise<void>((done, fail) => {
    server.once('error', fail);
    server.listen(port, '127.0.0.1', done);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function answerSpecs(request: IncomingMessage, response: ServerResponse, folder: SpecFolder): void {
  if (request.method !== 'GET' || !isOwn(request)) return refuse(response, 403);
  const content = { files: folder.list(), current: folder.first };
  answer(response, 200, 'application/json', JSON.stringify(content));
}

async function takeSpec(
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
  folder: SpecFolder,
): Promise<void> {
  if (!isOwn(request)) return refuse(response, 403);
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > longest) return refuse(response, 413);
    parts.push(part);
  }
  const problem = folder.write(name, Buffer.concat(parts).toString('utf8'));
  if (problem === undefined) return answer(response, 204, 'text/plain', '');
  answer(response, 409, 'text/plain; charset=utf-8', problem);
}

/**
 * Whether the page itself asks: its requests carry a header that a page from elsewhere cannot
 * send without being allowed to, which it never is.
 */
const isOwn = ({ headers }: IncomingMessage): boolean => headers['x-unetc-studio'] === 'page';

function pathOf({ url = '' }: IncomingMessage): string | undefined {
  try {
    const path = decodeURIComponent(url.split(/[?#]/, 1)[0]!);
    return path.includes('\0') ? undefined : path;
  } catch {
    return undefined;
  }
}

const refuse = (response: ServerResponse, status: number): void =>
  answer(response, status, 'text/plain', `${status}\n`);

function answer(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Buffer,
): void {
  response.writeHead(status, { ...headers, 'content-type': type });
  response.end(body);
}

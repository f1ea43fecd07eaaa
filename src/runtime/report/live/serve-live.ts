import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LiveRun } from './live-run.js';
import { namesThisMachine } from './loopback.js';

/** A page that is served while its run is trained. */
export interface LiveServer {
  /** Where a browser finds it. */
  readonly address: string;
  /** Serves what is final for a moment, where somebody looks, and then nothing more. */
  close(): Promise<void>;
}

/** How long a page that asks may take to fetch what is final, in milliseconds. */
const patience = 2500;

const headers = {
  'cache-control': 'no-store',
  'cross-origin-resource-policy': 'same-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/**
 * Serves the page of a run on the loopback address alone: no other machine reaches it. Requests
 * that name another host are refused, so that no page of the web reads it under a name of its own
 * that leads here. Rejects with the system's error where the port is not free.
 *
 * @param port 0 for any that is free.
 */
export async function serveLive(run: LiveRun, port: number): Promise<LiveServer> {
  let lastAsked = 0;
  let isEnding = false;
  let finalFetched: () => void = () => undefined;
  const isFetched = new Promise<void>((resolve) => (finalFetched = resolve));
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    const problem = refusal(request, port);
    if (problem !== undefined) return answer(response, problem, 'text/plain', `${problem}\n`);
    lastAsked = performance.now();
    if (pathOf(request) === '/state') return answer(response, 200, 'application/json', run.state());
    if (isEnding) response.once('finish', () => finalFetched());
    answer(response, 200, 'text/html; charset=utf-8', run.page());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      await run.end();
      isEnding = true;
      const isWatched = performance.now() - lastAsked < patience && lastAsked > 0;
      if (isWatched) await Promise.race([isFetched, after(patience)]);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** The status that a request is refused with; undefined where it is answered. */
function refusal({ method, url, headers }: IncomingMessage, port: number): number | undefined {
  if (!namesThisMachine(headers.host, port)) return 403;
  if (method !== 'GET') return 405;
  const path = pathOf({ url });
  return path === '/' || path === '/state' ? undefined : 404;
}

const pathOf = ({ url = '' }: Pick<IncomingMessage, 'url'>): string => url.split('?', 1)[0]!;

function answer(response: ServerResponse, status: number, type: string, text: string): void {
  response.writeHead(status, { ...headers, 'content-type': type });
  response.end(text);
}

const after = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => void setTimeout(resolve, milliseconds).unref());

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { root } from '../codegen/cases.js';

/** Where Chromium lies; the tests that need it are skipped elsewhere. */
export const chromium = '/usr/bin/chromium';
export const hasChromium = existsSync(chromium);

const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
  '--disable-dev-shm-usage',
];

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
};

/**
 * Opens a page in headless Chromium, served on the loopback address beside the files of
 * the checkout, and gives the JSON that it posts to `/answer`. Rejects where it posts
 * nothing in time.
 *
 * @param more flags of Chromium besides the usual ones.
 */
export async function answerOfPage<T>(
  page: string,
  seconds = 50,
  more: readonly string[] = [],
): Promise<T> {
  const profile = mkdtempSync(join(tmpdir(), 'unetc-chromium-'));
  let answer: (text: string) => void = () => {};
  const answered = new Promise<string>((resolve) => (answer = resolve));
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url!, 'http://localhost').pathname);
    if (path === '/answer') {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => answer(Buffer.concat(parts).toString('utf8')));
      response.end();
      return;
    }
    const file = join(root, path);
    if (path !== '/' && !existsSync(file)) return void response.writeHead(404).end();
    response.setHeader('content-type', types[extname(file)] ?? 'application/octet-stream');
    if (path === '/') response.setHeader('content-type', 'text/html');
    response.end(path === '/' ? page : readFileSync(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const words = [...flags, ...more, `--user-data-dir=${profile}`, address];
  const browser = spawn(chromium, words, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => browser.once('close', () => resolve()));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = globalThis.setTimeout(
      () => reject(new Error('The page gave no answer.')),
      1000 * seconds,
    );
  });
  const early = ended.then(() => Promise.reject(new Error('Chromium ended without an answer.')));
  try {
    return JSON.parse(await Promise.race([answered, late, early])) as T;
  } finally {
    clearTimeout(timer);
    early.catch(() => {});
    browser.kill('SIGKILL');
    await ended;
    server.closeAllConnections();
    server.close();
    await removeProfile(profile);
  }
}

/** Removes a folder into which helper processes may still write when the browser is gone. */
export async function removeProfile(profile: string): Promise<void> {
  const tries = 40;
  for (let number = 1; number <= tries; number++) {
    try {
      return rmSync(profile, { recursive: true, force: true });
    } catch (error) {
      if (number === tries) throw error;
      await setTimeout(250);
    }
  }
}

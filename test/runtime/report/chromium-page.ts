import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as after } from 'node:timers/promises';
import { removeProfile } from '../../exports/browser.js';

/** The browser's program; undefined where there is none, and tests that need one are skipped. */
export const browser = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
);

const flags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-dev-shm-usage'],
  '--remote-debugging-pipe',
];

/** What was seen of a page. */
export interface SeenPage {
  /** Errors and warnings on the console, exceptions among them. */
  readonly complaints: readonly string[];
  /** Addresses that it asked for, but its own and those of data. */
  readonly requests: readonly string[];
  /** The JSON that the script gave. */
  readonly answer: unknown;
}

/** How a page is looked at. */
export interface PageView {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
  /** An expression whose value is asked for when the page is loaded; may be a promise. */
  readonly script: string;
  /** An expression that has to be true first; of a page that becomes another one by itself. */
  readonly until?: string;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** Opens an address in headless Chromium, told what to do by its DevTools protocol. */
export async function lookAt(address: string, view: PageView): Promise<SeenPage> {
  const profile = mkdtempSync(join(tmpdir(), 'unetc-chromium-'));
  const child = spawn(browser!, [...flags, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    return await see(new Connection(child), address, view);
  } finally {
    child.kill('SIGKILL');
    await ended;
    await removeProfile(profile);
  }
}

async function see(chromium: Connection, address: string, view: PageView): Promise<SeenPage> {
  const { targetId } = await chromium.ask('Target.createTarget', { url: 'about:blank' });
  const attached = await chromium.ask('Target.attachToTarget', { targetId, flatten: true });
  const session = attached['sessionId'] as string;
  const ask = (method: string, params = {}): Promise<Record<string, unknown>> =>
    chromium.ask(method, params, session);
  const complaints: string[] = [];
  const requests: string[] = [];
  chromium.on('Runtime.exceptionThrown', (params) => complaints.push(JSON.stringify(params)));
  chromium.on('Log.entryAdded', (params) => complaints.push(JSON.stringify(params)));
  chromium.on('Runtime.consoleAPICalled', (params) => complaints.push(JSON.stringify(params)));
  chromium.on('Network.requestWillBeSent', ({ request }) => {
    const { url } = request as { readonly url: string };
    if (url !== address && !url.startsWith('data:')) requests.push(url);
  });
  const loaded = new Promise((resolve) => chromium.on('Page.loadEventFired', resolve));
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await ask(`${domain}.enable`);
  const features = [{ name: 'prefers-color-scheme', value: view.scheme }];
  await ask('Emulation.setEmulatedMedia', { features });
  const size = { width: view.width, height: 900, deviceScaleFactor: 1, mobile: false };
  await ask('Emulation.setDeviceMetricsOverride', size);
  await ask('Page.navigate', { url: address });
  await loaded;
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result, exceptionDetails } = await ask('Runtime.evaluate', {
      ...{ expression, awaitPromise: true, returnByValue: true },
    });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { readonly value?: unknown }).value;
  };
  /** Between two pages there is nothing to ask. */
  const isTrue = (expression: string): Promise<boolean> =>
    evaluate(expression).then(
      (value) => value === true,
      () => false,
    );
  while (view.until !== undefined && !(await isTrue(view.until))) await after(100);
  const answer = await evaluate(view.script);
  return { complaints, requests, answer };
}

/** Messages to and from Chromium, each ended by a zero byte. */
class Connection {
  readonly #input: Writable;
  readonly #answers = new Map<number, (message: Message) => void>();
  readonly #listeners = new Map<string, (params: Record<string, unknown>) => void>();
  readonly #lost: Promise<never>;
  #last = 0;
  #rest = '';

  constructor(child: ChildProcess) {
    this.#input = child.stdio[3] as Writable;
    this.#input.on('error', () => undefined);
    (child.stdio[4] as Readable).setEncoding('utf8').on('data', (text: string) => this.#read(text));
    this.#lost = new Promise((_, reject) =>
      child.once('close', () => reject(new Error('Chromium ended.'))),
    );
    this.#lost.catch(() => undefined);
  }

  on(method: string, act: (params: Record<string, unknown>) => void): void {
    this.#listeners.set(method, act);
  }

  async ask(method: string, params: object, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++this.#last;
    const answered = new Promise<Message>((resolve) => this.#answers.set(id, resolve));
    this.#input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result, error } = await Promise.race([answered, this.#lost]);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  #read(text: string): void {
    const parts = (this.#rest + text).split('\0');
    this.#rest = parts.pop()!;
    for (const part of parts) {
      const message = JSON.parse(part) as Message;
      if (message.id !== undefined) this.#answers.get(message.id)?.(message);
      else this.#listeners.get(message.method!)?.(message.params ?? {});
    }
  }
}

import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { appendFileSync, readFileSync } from 'node:fs';
import { get, request } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { LiveState } from '../../../src/runtime/report/chart.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { LiveRun } from '../../../src/runtime/report/live/live-run.js';
import { serveLive, type LiveServer } from '../../../src/runtime/report/live/serve-live.js';
import { openWorkshop, trained, type Workshop } from '../training/support.js';
import { browser, lookAt } from './chromium-page.js';

let workshop: Workshop;
let run: LiveRun;
let server: LiveServer;
let port: number;

beforeAll(async () => {
  await startEngine('wasm');
  workshop = await openWorkshop();
  run = await LiveRun.open(join(workshop.folder, 'run'));
  server = await serveLive(run, 0);
  port = Number(new URL(server.address).port);
});
afterAll(async () => {
  await server.close();
  workshop.remove();
});

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** What the server says to a request, with a Host header as given. */
function ask(path: string, host?: string, method = 'GET', address = '127.0.0.1'): Promise<Answer> {
  const headers = host === undefined ? {} : { host };
  return new Promise((resolve, reject) => {
    const asked = request({ host: address, port, path, method, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode!, text }));
    });
    asked.on('error', reject).end();
  });
}
const stateOf = async (): Promise<LiveState> => JSON.parse((await ask('/state')).text) as LiveState;

describe('who is answered', () => {
  test.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])('the host %s', async (name) => {
    expect((await ask('/', `${name}:${port}`)).status).toBe(200);
  });

  test.each([
    'evil.example',
    'evil.example:PORT',
    '127.0.0.1',
    'localhost:1',
    'localhost.evil.example:PORT',
    '127.0.0.1:PORT.evil.example',
    '0.0.0.0:PORT',
  ])('not the host "%s"', async (name) => {
    const { status, text } = await ask('/state', name.replace('PORT', String(port)));
    expect([status, text]).toEqual([403, '403\n']);
  });

  test('not who names no host', async () => {
    const text = await new Promise<string>((resolve) => {
      let all = '';
      connect(port, '127.0.0.1')
        .setEncoding('utf8')
        .on('data', (part) => (all += part.toString()))
        .on('close', () => resolve(all))
        .write('GET /state HTTP/1.0\r\n\r\n');
    });
    expect(text).toMatch(/^HTTP\/1\.1 403 /);
  });

  test('nobody but by GET, and nothing but the page and its news', async () => {
    expect((await ask('/', undefined, 'POST')).status).toBe(405);
    expect((await ask('/../package.json')).status).toBe(404);
    expect((await ask('//state')).status).toBe(404);
  });

  test('no other machine: addresses of the network lead nowhere', async () => {
    const addresses = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4')
      .map(({ address }) => address);
    for (const address of addresses) {
      await expect(ask('/', `127.0.0.1:${port}`, 'GET', address)).rejects.toThrow(/ECONNREFUSED/);
    }
    expect(new URL(server.address).hostname).toBe('127.0.0.1');
  });
});

test('a page waits for the first step, follows the epochs, and ends as the report', async () => {
  expect(await stateOf()).toMatchObject({ version: 0, isRunning: true, charts: [] });
  expect((await ask('/')).text).toContain('The data are being read.');

  const told: string[] = [];
  await trained({
    ...{ data: workshop.data, out: join(workshop.folder, 'run') },
    onEvent: (event) => {
      run.tell(event);
      const { status } = JSON.parse(run.state()) as LiveState;
      if (told.at(-1) !== status) told.push(status);
    },
  });
  expect(told[0]).toBe('The data are being read.');
  expect(told.some((each) => /^Epoch 2 of 2, step 1 of \d; loss \d/.test(each))).toBe(true);
  expect(told.at(-1)).toMatch(/^Epoch 2 of 2, validation: image 2 of 2/);

  const asked = jest.spyOn(run, 'state');
  const seen = browser === undefined ? undefined : watchToTheEnd();
  while (seen !== undefined && asked.mock.calls.length === 0) await after(50);
  await server.close();
  const { isRunning, charts } = JSON.parse(run.state()) as LiveState;
  expect(isRunning).toBe(false);
  expect(charts[0]!.x.values).toEqual([1, 2]);
  expect(run.page()).not.toContain('data-live');
  if (seen === undefined) return;
  const { complaints, answer } = await seen;
  expect(answer).toEqual({ canvases: charts.length, isLive: false, status: null });
  // The browser's own word for a page that the server no longer serves is no fault of the page.
  expect(complaints.filter((each) => !each.includes('ERR_CONNECTION'))).toEqual([]);
});

/** A page that is open when the training ends. */
function watchToTheEnd(): ReturnType<typeof lookAt> {
  const script = `({
    canvases: document.querySelectorAll('.uplot canvas').length,
    isLive: 'live' in document.body.dataset,
    status: document.getElementById('status')?.textContent ?? null,
  })`;
  const until = `!('live' in document.body.dataset)`;
  return lookAt(server.address, { width: 1000, scheme: 'light', script, until });
}

test('an epoch is shown at once, however long the next step takes', async () => {
  const followed = await LiveRun.open(join(workshop.folder, 'run'));
  const state = (): LiveState => JSON.parse(followed.state()) as LiveState;
  const counts = { trainingImages: 5, validationImages: 2, epochs: 3, batches: 3, parameters: 1 };
  followed.tell({ kind: 'start', ...counts, step: 0, isResumed: false });
  while (state().version === 0) await after(20);
  expect(state().charts[0]!.x.values).toEqual([1, 2]);
  const [last] = readFileSync(join(workshop.folder, 'run/log.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .slice(-1);
  appendFileSync(
    join(workshop.folder, 'run/log.jsonl'),
    `${last!.replace('"epoch":2', '"epoch":3')}\n`,
  );
  followed.tell({
    ...{ kind: 'epoch', epoch: 3, epochs: 3, loss: 0.1, predicted: undefined, isBest: true },
    ...{ validationLoss: 0.2, metrics: new Map([['dice', { mean: 0.987, classes: [] }]]) },
    targets: new Map(),
    ...{ unpredicted: [], evaluated: { names: undefined, unit: 'pixel' } },
    ...{ imagesPerSecond: 1, seconds: 1, secondsLeft: 0 },
  });
  expect(state().charts[0]!.x.values).toEqual([1, 2, 3]);
  expect(followed.page()).toContain('0.9870');
  expect(followed.page()).toContain('3 of 2');
});

test('a port that is taken is told', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port: taken } = other.address() as AddressInfo;
  await expect(serveLive(run, taken)).rejects.toThrow(/EADDRINUSE/);
  await new Promise((resolve) => other.close(resolve));
});

test('what is closed is served no more', async () => {
  await expect(new Promise((_, reject) => get(server.address).on('error', reject))).rejects.toThrow(
    /ECONNREFUSED/,
  );
});

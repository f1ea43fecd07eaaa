import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { generateDemo } from '../../../src/runtime/demo/generate-demo.js';
import { callCli } from '../../cli/run-cli.js';
import { browser, lookAt, type SeenPage } from '../report/chromium-page.js';
import { smallSpec } from '../training/support.js';
import { packRun, renewPage, unpaddedSpec } from './support.js';

/** The page of a package, as its own `serve.mjs` serves it. */

let folder: string;
const at = (...parts: string[]): string => join(folder, ...parts);
const servers: ChildProcess[] = [];
const names = ['small', 'unpadded'] as const;
const addresses = new Map<string, string>();

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-package-page-'));
  writeFileSync(at('small.unet'), smallSpec);
  writeFileSync(at('unpadded.unet'), unpaddedSpec);
  await generateDemo(at('data'), { seed: 1, train: 4, val: 2, size: 48 });
  for (const name of names) {
    const packed = await packRun(folder, name);
    if (packed.code !== 0) throw new Error(packed.stderr);
    renewPage(at(name), at(`page-${name}`));
    addresses.set(name, await serve(at(name)));
  }
}, 120_000);
afterAll(() => {
  for (const server of servers) server.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts the server of a package at a port that is free; gives the address that it prints. */
function serve(place: string): Promise<string> {
  const env = { ...process.env, NODE_OPTIONS: '' };
  const server = spawn(process.execPath, [join(place, 'serve.mjs'), '0'], {
    ...{ stdio: ['ignore', 'pipe', 'inherit'], env },
  });
  servers.push(server);
  return new Promise((resolve, reject) => {
    server.once('exit', () => reject(new Error('The server ended.')));
    server.stdout!.once('data', (line: Buffer) => resolve(line.toString().trim()));
  });
}

/** The status of an answer, and its type. */
function ask(address: string, path: string, host?: string): Promise<string> {
  const { port } = new URL(address);
  const headers = host === undefined ? {} : { host };
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume();
      resolve(`${response.statusCode} ${response.headers['content-type'] ?? ''}`.trim());
    }).once('error', reject);
  });
}

test('the server gives the files of the package, to this machine alone', async () => {
  const address = addresses.get('small')!;
  expect(await ask(address, '/')).toBe('200 text/html');
  expect(await ask(address, '/page/tfjs-backend-wasm.wasm')).toBe('200 application/wasm');
  expect(await ask(address, '/none')).toBe('404');
  expect(await ask(address, '/../small.unet')).toBe('404');
  expect(await ask(address, '/..%2Fsmall.unet')).toBe('404');
  expect(await ask(address, '/%')).toBe('400');
  expect(await ask(address, '/', 'example.org')).toBe('403');
});

/** The page has said what it found. */
const isDone = "document.body.dataset.state !== 'working'";

const look = (name: string, script: string, until = isDone): Promise<SeenPage> =>
  lookAt(addresses.get(name)!, { width: 360, scheme: 'dark', until, script });

/** The pixels of a canvas as grey levels. */
const greyOf = (id: string): string => `(() => {
  const canvas = document.getElementById('${id}');
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  return [...data].filter((_, at) => at % 4 === 0);
})()`;

const greyPixels = async (file: string): Promise<readonly number[]> => [
  ...(await sharp(readFileSync(file)).greyscale().raw().toBuffer()),
];

(browser === undefined ? describe.skip : describe)('in Chromium', () => {
  test.each(names)('the page of %s paints the mask of "unetc predict"', async (name) => {
    const verdict = "document.getElementById('verdict').textContent";
    const until = `${isDone} && ${verdict} !== ''`;
    const text = "document.getElementById('status').textContent";
    const wide = 'document.documentElement.scrollWidth <= innerWidth';
    const script = `[${verdict}, ${greyOf('mask')}, ${wide}, ${text}]`;
    const { answer, complaints, requests } = await look(name, script, until);
    expect(complaints).toEqual([]);
    // Everything is asked of the server of the page.
    const origin = addresses.get(name)!;
    expect(requests.filter((url) => !url.startsWith(origin))).toEqual([]);
    expect(requests.length).toBeGreaterThan(3);
    const [said, mask, fits] = answer as [string, readonly number[], boolean];
    expect(said).toBe('The mask of the sample is the expected one.');
    expect(mask).toEqual(await greyPixels(at(name, 'sample/mask.png')));
    expect(fits).toBe(true);
  });

  test('a photograph in colour that is dropped on the page gives the mask of "unetc predict"', async () => {
    const width = 61;
    const height = 47;
    const data = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * i * 7 + i) % 251);
    const raw = { width, height, channels: 3 } as const;
    const png = await sharp(data, { raw }).png().toBuffer();
    writeFileSync(at('photo.png'), png);
    const words = ['run-unpadded', 'photo.png', '--out', 'painted', '--engine', 'wasm'];
    expect(await callCli(['predict', ...words], { folder })).toMatchObject({ code: 0 });
    const script = `(async () => {
      const bytes = Uint8Array.from(atob('${png.toString('base64')}'), (c) => c.charCodeAt(0));
      const dropped = new DataTransfer();
      dropped.items.add(new File([bytes], 'photo.png', { type: 'image/png' }));
      document.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, cancelable: true }));
      const status = document.getElementById('status');
      const until = async (holds) => { while (!holds()) await new Promise((r) => setTimeout(r, 20)); };
      await until(() => /^photo.png: (?!the network)/.test(status.textContent));
      return [status.textContent, ${greyOf('mask')}];
    })()`;
    const { answer, complaints } = await look('unpadded', script);
    expect(complaints).toEqual([]);
    const [said, mask] = answer as [string, readonly number[]];
    expect(said).toMatch(/^photo.png: padded 61 x 47 /);
    expect(mask).toEqual(await greyPixels(at('painted/photo.mask.png')));
  });

  test('a file that is no image is told, and the page goes on', async () => {
    const script = `(async () => {
      const dropped = new DataTransfer();
      dropped.items.add(new File(['no array'], 'broken.npy'));
      document.dispatchEvent(new DragEvent('drop', { dataTransfer: dropped, cancelable: true }));
      const { dataset } = document.body;
      while (dataset.state !== 'failed') await new Promise((r) => setTimeout(r, 20));
      const told = document.getElementById('status').textContent;
      document.getElementById('sample').click();
      while (dataset.state !== 'done') await new Promise((r) => setTimeout(r, 20));
      return [told, document.getElementById('status').textContent];
    })()`;
    const { answer, complaints } = await look('small', script);
    expect(complaints).toEqual([]);
    const [told, then] = answer as readonly string[];
    expect(told).toBe('broken.npy: its header is damaged');
    expect(then).toMatch(/^image.png: took 128 x 128 as it is/);
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpecFolder } from '../../src/cli/studio/spec-folder.js';
import { serveStudio, type StudioServer } from '../../src/cli/studio/serve-studio.js';
import { createNodeHost } from '../../src/host-node.js';

let folder: string;
let server: StudioServer;

beforeAll(async () => {
  folder = createNodeHost().realPath(mkdtempSync(join(tmpdir(), 'unetc-studio-')))!;
  mkdirSync(join(folder, 'page/parts'), { recursive: true });
  mkdirSync(join(folder, 'specs/inner'), { recursive: true });
  mkdirSync(join(folder, 'elsewhere'));
  writeFileSync(join(folder, 'page/index.html'), '<html><head></head></html>');
  writeFileSync(join(folder, 'page/parts/a.js'), 'export {}');
  writeFileSync(join(folder, 'secret.unet'), 'secret');
  writeFileSync(join(folder, 'specs/a.unet'), 'model A {}');
  writeFileSync(join(folder, 'specs/inner/b.unet'), 'model B {}');
  writeFileSync(join(folder, 'specs/notes.txt'), 'notes');
  symlinkSync(join(folder, 'elsewhere'), join(folder, 'specs/link'));
  server = await serveStudio({
    page: join(folder, 'page'),
    folder: new SpecFolder(createNodeHost(), join(folder, 'specs'), 'a.unet'),
    port: 0,
  });
});

afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

interface Wish {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** Asks with the path exactly as it is written: `fetch` would tidy it. */
function ask(path: string, { method = 'GET', headers = {}, body }: Wish = {}): Promise<Answer> {
  const { port } = new URL(server.address);
  return new Promise((done, fail) => {
    const asked = request({ host: '127.0.0.1', port, path, method, headers }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () =>
        done({
          status: response.statusCode!,
          body: Buffer.concat(parts).toString('utf8'),
          headers: response.headers,
        }),
      );
    });
    asked.on('error', fail);
    asked.end(body);
  });
}

const own = { 'x-unetc-studio': 'page' };

describe('the page', () => {
  test('is served with its parts, and says that there is a folder', async () => {
    const page = await ask('/');
    expect(page.status).toBe(200);
    expect(page.body).toContain('<meta name="unetc-folder"');
    expect(page.headers).toMatchObject({
      'x-frame-options': 'DENY',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-embedder-policy': 'require-corp',
    });
    expect((await ask('/parts/a.js')).headers['content-type']).toMatch(/javascript/);
  });

  test.each(['/../secret.unet', '/%2e%2e/secret.unet', '/parts', '/none.js'])(
    'nothing else is: %s',
    async (path) => {
      expect((await ask(path)).status).toBe(404);
    },
  );

  test.each(['/%zz', '/%00'])('a path that is none is refused: %s', async (path) => {
    expect((await ask(path)).status).toBe(400);
  });

  test('requests under another name are refused', async () => {
    expect((await ask('/', { headers: { host: 'evil.example' } })).status).toBe(403);
    expect((await ask('/', { headers: { host: '127.0.0.1:1' } })).status).toBe(403);
  });
});

describe('the folder', () => {
  test('is listed to the page itself', async () => {
    const { status, body } = await ask('/specs', { headers: own });
    expect(status).toBe(200);
    expect(JSON.parse(body)).toEqual({
      current: 'a.unet',
      files: [
        { name: 'a.unet', text: 'model A {}' },
        { name: 'inner/b.unet', text: 'model B {}' },
      ],
    });
    expect((await ask('/specs')).status).toBe(403);
  });

  test('takes specs from the page itself', async () => {
    const body = 'model C {}';
    const answer = await ask('/specs/inner/c.unet', { method: 'PUT', headers: own, body });
    expect(answer.status).toBe(204);
    expect(readFileSync(join(folder, 'specs/inner/c.unet'), 'utf8')).toBe('model C {}');
    rmSync(join(folder, 'specs/inner/c.unet'));
    expect((await ask('/specs/d.unet', { method: 'PUT', body })).status).toBe(403);
  });

  test.each([
    ['../secret.unet', 'outside'],
    ['%2e%2e/secret.unet', 'outside'],
    ['/secret.unet', 'outside'],
    ['link/new.unet', 'outside'],
    ['notes.txt', '.unet'],
    ['none/new.unet', 'does not exist'],
  ])('takes nothing for %s', async (name, reason) => {
    const wish = { method: 'PUT', headers: own, body: 'changed' };
    const { status, body } = await ask(`/specs/${name}`, wish);
    expect(status).toBe(409);
    expect(body).toContain(reason);
    expect(readFileSync(join(folder, 'secret.unet'), 'utf8')).toBe('secret');
    expect(readFileSync(join(folder, 'specs/notes.txt'), 'utf8')).toBe('notes');
  });
});

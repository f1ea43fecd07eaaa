import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Protocol from 'vscode-languageserver-protocol/node';
import { emitRequest, pictureRequest } from '../../../src/lsp/protocol.js';
import type { EmitResult, PictureResult } from '../../../src/lsp/protocol.js';
import { readZip, type ZipEntry } from './read-zip.js';

const require = createRequire(import.meta.url);
const { createProtocolConnection, StreamMessageReader, StreamMessageWriter } =
  require('vscode-languageserver-protocol/node') as typeof Protocol;

/** Outside the checkout: nothing is found in its node_modules. */
let folder: string;
let entries: readonly ZipEntry[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-vsix-'));
  entries = readZip(readFileSync(packExtension('first')));
  for (const { path, content } of entries) {
    mkdirSync(dirname(join(folder, 'unpacked', path)), { recursive: true });
    writeFileSync(join(folder, 'unpacked', path), content);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function packExtension(name: string): string {
  const out = join(folder, name);
  const { status, stderr } = spawnSync(
    process.execPath,
    ['scripts/package-vscode.mjs', '--out', out],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The extension was not packed:\n${stderr}`);
  return join(
    out,
    readdirSync(out).find((file) => file.endsWith('.vsix'))!,
  );
}

const textOf = (path: string): string =>
  entries.find((entry) => entry.path === path)!.content.toString('utf8');

describe('the package', () => {
  test('has the same bytes whenever and wherever it is made', () => {
    const [one, other] = ['first', 'second'].map((name) => {
      process.env['TZ'] = name === 'first' ? 'Pacific/Auckland' : 'UTC';
      return readFileSync(packExtension(name));
    });
    expect(one!.equals(other!)).toBe(true);
  });

  test('names the type of every file', () => {
    const types = textOf('[Content_Types].xml');
    const known = [...types.matchAll(/<Default Extension="([^"]+)" ContentType="[\w/+.-]+"\/>/g)];
    const used = entries.map(({ path }) => extname(path));
    const needed = [...new Set(used.filter((extension) => extension !== '.xml'))];
    expect(known.map(([, extension]) => extension).sort()).toEqual(needed.sort());
    expect(entries[0]!.path).toBe('[Content_Types].xml');
  });

  test('has a manifest that leads to files it holds', () => {
    const manifest = textOf('extension.vsixmanifest');
    const own = JSON.parse(textOf('extension/package.json')) as Record<string, string>;
    expect(manifest).toContain(
      `<Identity Language="en-US" Id="${own['name']}" Version="${own['version']}" Publisher="${own['publisher']}"/>`,
    );
    expect(manifest).toContain('<InstallationTarget Id="Microsoft.VisualStudio.Code"/>');
    const named = [...manifest.matchAll(/(?:Path="|<License>|<Icon>)([^"<]+)/g)].map(
      ([, path]) => path!,
    );
    expect(named).toContain('extension/package.json');
    const held = entries.map(({ path }) => path);
    expect(named.filter((path) => !held.includes(path))).toEqual([]);
    // Nothing is opened that is not closed again.
    expect(tagBalance(manifest)).toEqual([]);
  });

  test('holds every file that its package.json names', () => {
    const named = [...textOf('extension/package.json').matchAll(/"(\.\/[^"]+|icons\/[^"]+)"/g)];
    const held = entries.map(({ path }) => path);
    const paths = named.map(([, path]) => `extension/${path!.replace(/^\.\//, '')}`);
    expect(paths.length).toBeGreaterThan(5);
    expect(paths.filter((path) => !held.includes(path))).toEqual([]);
  });

  test('holds nothing of the sources', () => {
    const strange = entries
      .map(({ path }) => path)
      .filter((path) => /\.ts$|\.map$|node_modules|tsconfig|\.mjs$/.test(path));
    expect(strange).toEqual([]);
  });
});

describe('the client', () => {
  test('needs the editor and Node alone', () => {
    const text = textOf('extension/client/extension.js');
    const needed = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name]) => name!);
    expect(needed).toContain('vscode');
    expect([...new Set(needed)].filter((name) => name !== 'vscode' && !isBuiltin(name))).toEqual(
      [],
    );
  });

  test('exports what the editor calls', () => {
    const text = textOf('extension/client/extension.js');
    expect(text).toMatch(/activate:\(\)=>activate,deactivate:\(\)=>deactivate/);
  });
});

describe('the packed server', () => {
  const spec = [
    'model Small {',
    '  input image: [H, W, 3]',
    '  encoder plain { widths: [8, 16], stage: conv(width) -> relu, down: max_pool(2) }',
    '  skip plain { merge: [skip, up] -> concat }',
    '  decoder { up: nearest(2), stage: conv(width) -> relu }',
    '  head mask: conv(1, 1) -> sigmoid',
    '}',
    '',
  ].join('\n');

  test('answers, from a folder without packages', async () => {
    const server = spawn(
      process.execPath,
      [join(folder, 'unpacked/extension/server/server.js'), '--stdio'],
      { cwd: folder, env: { PATH: process.env['PATH'] } },
    );
    const connection = createProtocolConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    const complaints: string[] = [];
    server.stderr.on('data', (data: Buffer) => complaints.push(data.toString('utf8')));
    const code = new Promise((ended) => server.once('exit', ended));
    // A server that is silent is ended, so that the test is.
    const deadline = setTimeout(() => server.kill(), 30_000);
    const died = code.then((status) => {
      throw new Error(`The server ended with ${String(status)}. ${complaints.join('')}`);
    });
    died.catch(() => undefined);
    const ask = <T>(method: string, params?: object): Promise<T> =>
      Promise.race([connection.sendRequest<T>(method, params), died]);
    connection.listen();
    try {
      const { capabilities } = await ask<Protocol.InitializeResult>('initialize', {
        processId: process.pid,
        rootUri: null,
        capabilities: {},
      });
      expect(capabilities.textDocumentSync).toBeDefined();
      await connection.sendNotification('initialized', {});
      const uri = pathToFileURL(join(folder, 'small.unet')).href;
      await connection.sendNotification('textDocument/didOpen', {
        textDocument: { uri, languageId: 'unet', version: 1, text: spec },
      });
      const module = await ask<EmitResult>(emitRequest, { uri });
      expect(module).toMatchObject({ kind: 'module', model: 'Small' });
      const picture = await ask<PictureResult>(pictureRequest, { uri });
      expect(picture).toMatchObject({ kind: 'picture', model: 'Small', models: ['Small'] });
      await ask('shutdown');
      await connection.sendNotification('exit');
      expect(await code).toBe(0);
      expect(complaints).toEqual([]);
    } finally {
      clearTimeout(deadline);
      connection.dispose();
      server.kill();
    }
  });
});

/** Tags of an XML text that are opened and not closed, or closed and not opened. */
function tagBalance(xml: string): readonly string[] {
  const open: string[] = [];
  for (const [, slash, name, alone] of xml.matchAll(/<(\/?)([A-Za-z]\w*)[^>]*?(\/?)>/g)) {
    if (alone === '/') continue;
    if (slash === '') open.push(name!);
    else if (open.pop() !== name) return [`</${name}>`];
  }
  return open;
}

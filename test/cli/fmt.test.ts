import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryHost, HostError } from '../../src/host.js';
import { callCli } from './run-cli.js';
import {
  brokenSpec as broken,
  crookedSpec as crooked,
  goodSpec as straight,
} from './sample-specs.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-fmt-'));
  writeFileSync(join(folder, 'crooked.unet'), crooked);
  writeFileSync(join(folder, 'straight.unet'), straight);
});
afterEach(() => rmSync(folder, { recursive: true }));

const fmt = (words: readonly string[], stdin?: string) =>
  callCli(['fmt', ...words], { folder, stdin });
const textOf = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('fmt', () => {
  test('rewrites what is crooked and names it', async () => {
    expect(await fmt(['.'])).toEqual({ stdout: '', stderr: 'formatted crooked.unet\n', code: 0 });
    expect(textOf('crooked.unet')).toBe(straight);
    expect(await fmt(['.'])).toEqual({ stdout: '', stderr: '', code: 0 });
  });

  test('--check writes nothing and fails', async () => {
    const { stdout, stderr, code } = await fmt(['--check', '.']);
    expect(stderr).toMatch(
      /^crooked\.unet:1:7 - error UNET7006: [^]*help: run "unetc fmt crooked\.unet"/,
    );
    expect(stderr).not.toContain('straight.unet');
    expect(stdout).toBe('');
    expect(code).toBe(1);
    expect(textOf('crooked.unet')).toBe(crooked);
    expect((await fmt(['--check', 'straight.unet'])).code).toBe(0);
  });

  test('formats standard input to stdout', async () => {
    expect(await fmt(['-'], crooked)).toEqual({ stdout: straight, stderr: '', code: 0 });
    expect((await fmt(['-', '--check'], crooked)).code).toBe(1);
  });

  test('leaves a broken spec alone', async () => {
    writeFileSync(join(folder, 'broken.unet'), broken);
    const { stderr, code } = await fmt(['.']);
    expect(stderr).toMatch(/broken\.unet:\d+:\d+ - error UNET1/);
    expect(textOf('broken.unet')).toBe(broken);
    expect(textOf('crooked.unet')).toBe(straight);
    expect(code).toBe(1);
    const piped = await fmt(['-'], broken);
    expect(piped.stdout).toBe('');
    expect(piped.code).toBe(1);
  });

  test('keeps the mode of a file', async () => {
    chmodSync(join(folder, 'crooked.unet'), 0o600);
    await fmt(['.']);
    expect(textOf('crooked.unet')).toBe(straight);
  });

  test('says why it cannot write, and goes on', async () => {
    const files = createMemoryHost({ 'a.unet': crooked, 'b.unet': crooked });
    const host = {
      ...files,
      writeText: (path: string, text: string) => {
        if (path === 'a.unet') throw new HostError(path, 'the disk is full');
        files.writeText(path, text);
      },
    };
    const { stderr, code } = await callCli(['fmt', 'a.unet', 'b.unet'], { host });
    expect(stderr).toContain('error UNET7005: "a.unet" cannot be written: the disk is full.');
    expect(stderr).toContain('formatted b.unet');
    expect(files.readText('a.unet')).toBe(crooked);
    expect(code).toBe(1);
  });
});

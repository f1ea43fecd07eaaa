import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openOutput, replaceFileSync } from '../../src/files/index.js';

let folder: string;
let program: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-ends-'));
  program = join(folder, 'program.mjs');
  await build({
    entryPoints: ['test/files/write-and-wait.ts'],
    outfile: program,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Sends a signal to a process that is writing a file: how it ends, and what is in its folder. */
async function end(
  signal: NodeJS.Signals,
  listener = 'none',
): Promise<{ readonly ends: unknown; readonly out: string; readonly left: readonly string[] }> {
  const out = mkdtempSync(join(folder, 'out-'));
  const child = spawn(process.execPath, [program, join(out, 'file'), listener]);
  let found: readonly string[] = [];
  child.stdout.once('data', () => {
    found = readdirSync(out);
    child.kill(signal);
  });
  const ends = await new Promise((resolve) =>
    child.once('exit', (code, by) => resolve(by ?? code)),
  );
  expect(found).toEqual([expect.stringMatching(/^\.unetc-.*\.tmp$/)]);
  return { ends, out, left: readdirSync(out) };
}

describe('a process that is told to end while it writes a file', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s: leaves nothing', async (signal) => {
    expect(await end(signal)).toMatchObject({ ends: signal, left: [] });
  });

  test('leaves nothing where somebody else listens and ends it', async () => {
    expect(await end('SIGTERM', 'exits')).toMatchObject({ ends: 7, left: [] });
  });

  test('finishes the file where somebody else listens and lets it', async () => {
    const { ends, out, left } = await end('SIGTERM', 'finishes');
    expect(ends).toBe(0);
    expect(left).toEqual(['file']);
    expect(readFileSync(join(out, 'file'), 'utf8')).toBe('a part');
  });
});

test('signals are listened to only while a file is being written', async () => {
  const listeners = (): number => process.listenerCount('SIGTERM');
  const before = listeners();
  const output = await openOutput(join(folder, 'one'));
  expect(listeners()).toBe(before + 1);
  replaceFileSync(join(folder, 'two'), 'whole');
  expect(listeners()).toBe(before + 1);
  await output.finish();
  expect(listeners()).toBe(before);
  (await openOutput(join(folder, 'three'))).abandon();
  expect(listeners()).toBe(before);
});

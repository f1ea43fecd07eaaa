import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nestingLimit } from '../../src/parser/nesting.js';
import { openProgram, type BuiltProgram } from './built-program.js';
import { goodSpec } from './sample-specs.js';

let program: BuiltProgram;
let folder: string;
beforeAll(() => {
  program = openProgram('unfriendly');
  folder = mkdtempSync(join(tmpdir(), 'unetc-unfriendly-'));
  writeFileSync(join(folder, 'net.unet'), goodSpec);
});
afterAll(() => {
  program.remove();
  rmSync(folder, { recursive: true });
});

/** Runs a line of the shell, in which `unetc` is the program. */
function shell(line: string, env: Readonly<Record<string, string>> = {}) {
  const script = `unetc() { ${JSON.stringify(process.execPath)} ${JSON.stringify(program.main)} "$@"; }\n${line}`;
  const { stdout, stderr, status, signal } = spawnSync('sh', ['-c', script], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 50_000,
    env: { ...process.env, NODE_OPTIONS: '', XDG_CACHE_HOME: join(folder, 'cache'), ...env },
  });
  return { stdout, stderr, status, signal };
}

const hasFull = existsSync('/dev/full');

describe('a disk that is full', () => {
  test.each([
    ['--version'],
    ['explain'],
    ['summary net.unet'],
    ['check --json net.unet'],
    ['--help'],
  ])('is told by %s, without a stack, with exit code 1', (words) => {
    if (!hasFull) return;
    const { stderr, status } = shell(`unetc ${words} > /dev/full`);
    expect(stderr).toBe(
      'error UNET7027: The standard output cannot be written: the disk is full.\n',
    );
    expect(status).toBe(1);
  });

  test('leaves the code of a failure as it is, and of messages that go nowhere', () => {
    if (!hasFull) return;
    expect(shell('unetc check --json missing.unet > /dev/full').status).toBe(1);
    expect(shell('unetc nonsense 2> /dev/full')).toMatchObject({ status: 2, stderr: '' });
    expect(shell('unetc check missing.unet 2> /dev/full').status).toBe(1);
  });
});

test.each([
  ['--version'],
  ['explain'],
  ['summary net.unet'],
  ['expand net.unet'],
  ['draw net.unet'],
])('a reader of %s that goes away is no failure', (words) => {
  const line = `{ sleep 0.1; unetc ${words}; echo "code $?" >&2; } | true`;
  expect(shell(line).stderr).toBe('code 0\n');
});

test('outputs that are closed are no failure', () => {
  expect(shell('unetc check net.unet >&- 2>&-').status).toBe(0);
  expect(shell('unetc check missing.unet >&- 2>&-').status).toBe(1);
});

test('a working folder that was deleted is told', () => {
  mkdirSync(join(folder, 'gone'), { recursive: true });
  const { stderr, status } = shell('cd gone; rmdir ../gone; unetc check net.unet');
  expect(stderr).toContain('error UNET7026: The working folder does not exist any more');
  expect(status).toBe(1);
});

test('a home that cannot be written to ends nothing and delays nothing', () => {
  for (const home of ['/proc', '/dev/null', '/nonexistent/x', '']) {
    const env = { HOME: home, XDG_CACHE_HOME: '' };
    const { stderr, status, signal } = shell('unetc check net.unet', env);
    expect({ stderr, status, signal }).toEqual({
      stderr: '1 spec, no problems\n',
      status: 0,
      signal: null,
    });
  }
});

test('a relative place for caches is ignored, as its specification says', () => {
  const env = { HOME: join(folder, 'home'), XDG_CACHE_HOME: 'relative' };
  expect(shell('unetc check net.unet', env).status).toBe(0);
  expect(existsSync(join(folder, 'relative'))).toBe(false);
  expect(existsSync(join(folder, 'home/.cache/unetc'))).toBe(true);
});

test('standard input that has no end is told', () => {
  const endless = shell('yes | unetc check -');
  expect(endless.stderr).toContain('"<stdin>" cannot be read: it has more than 8388608 bytes');
  expect(endless.status).toBe(1);
});

describe('a mistake inside as many brackets as there may be', () => {
  const repeated = (opener: string, closer: string): string => {
    const depth = nestingLimit - 1;
    const times = Math.floor(depth / opener.replace(/[^([{]/g, '').length);
    return `${opener.repeat(times)}1 2${closer.repeat(times)}`;
  };
  // In a process that has done other work before, the same calls take less of the stack.
  test.each([
    ['[', ']'],
    ['(', ')'],
    ['f(', ')'],
    ['f(x: [', '])'],
    ['(a if b else a if b else ', ')'],
    ['f(1 + 2 * -', ')'],
    ['not f(x: a if b else 1 < 2 + 3 * ', ')'],
  ])('%s is told', (opener, closer) => {
    const text = `model A {\n  input image: [H, W, 1]\n  wires { w = ${repeated(opener, closer)} }\n}\n`;
    writeFileSync(join(folder, 'deep.unet'), text);
    const { stderr, status } = shell('unetc check deep.unet');
    expect([stderr, status]).toEqual([expect.stringMatching(/UNET10\d\d/), 1]);
  });
});

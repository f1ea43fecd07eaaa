import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { version } from '../../src/version.js';
import { openProgram, type BuiltProgram } from './built-program.js';

let program: BuiltProgram;
beforeAll(() => {
  program = openProgram('start-up');
});
afterAll(() => program.remove());

describe('the built program', () => {
  test('runs, with results on stdout', () => {
    expect(program.run(['--version'])).toEqual({ stdout: `${version}\n`, stderr: '', code: 0 });
    expect(program.run(['--help']).stdout).toContain('Commands:');
  });

  test('finds the pages of its messages', () => {
    expect(program.run(['explain', 'UNET7001']).stdout).toMatch(/^# UNET7001\n/);
  });

  test('prints errors on stderr and ends with their code', () => {
    const { stdout, stderr, code } = program.run(['nonsense']);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error UNET7010: /);
    expect(code).toBe(2);
  });

  test('colours when forced to', () => {
    const { stderr } = program.run(['nonsense'], { env: { FORCE_COLOR: '1' } });
    expect(stderr).toContain('\u001b[');
  });

  test('is quiet when its reader goes away', async () => {
    const child = program.start(['explain']);
    let stderr = '';
    child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.stdout!.destroy();
    const code = await new Promise((done) => child.on('exit', done));
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });
});

test('Ctrl-C ends the program with 130', async () => {
  const child = program.start(['fmt', '-']);
  // The handler stands before standard input is read. What no pipe holds is not written
  // until the program reads.
  const written = once(child.stdin!, 'drain');
  child.stdin!.write(' '.repeat(1 << 23));
  await written;
  child.kill('SIGINT');
  expect(await new Promise((done) => child.on('exit', done))).toBe(130);
});

describe('what is loaded', () => {
  test('for the version: the entry alone', () => {
    expect(program.loaded(['--version'])).toEqual(['main.js']);
  });

  test.each([[['explain']], [['--help']], [['fmt', '-', '--check']], [['check', 'specs']]])(
    'for %p: neither prettier, nor TensorFlow.js, nor sharp',
    (words) => {
      expect(program.loaded(words)).toEqual(['main.js', 'program.js']);
    },
  );
});

describe('the code cache', () => {
  test('is taken up by the second run, and made anew when it does not fit', () => {
    const [cache] = program.caches('explain');
    expect(cache).toBeDefined();
    const before = statSync(cache!).mtimeMs;
    expect(program.run(['explain']).code).toBe(0);
    expect(statSync(cache!).mtimeMs).toBe(before);
    writeFileSync(cache!, 'spoilt');
    expect(program.run(['explain']).code).toBe(0);
    expect(readFileSync(cache!).length).toBeGreaterThan(10_000);
  });

  test('is not missed where none can be kept', () => {
    const worlds: readonly Record<string, string>[] = [
      { XDG_CACHE_HOME: '/dev/null' },
      { NODE_DISABLE_COMPILE_CACHE: '1' },
    ];
    for (const env of worlds) {
      const { stdout, stderr, code } = program.run(['explain', 'UNET7001'], { env });
      expect(stdout).toMatch(/^# UNET7001\n/);
      expect(stderr).toBe('');
      expect(code).toBe(0);
    }
  });
});

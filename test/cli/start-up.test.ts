import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { version } from '../../src/version.js';
import { buildProgram, type BuiltProgram } from './built-program.js';

let program: BuiltProgram;
beforeAll(() => {
  program = buildProgram('start-up');
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

describe('what is loaded', () => {
  test('for the version: nothing but the version', () => {
    expect(program.loaded(['--version'])).toEqual(['src/cli/main.ts', 'src/version.ts']);
  });

  test.each([['explain'], ['--help']])('for %s: no heavy package', (...words) => {
    expect(heavy(program.loaded(words))).toEqual([]);
  });
});

/** The packages that only some commands need; each costs more to load than `check` takes. */
function heavy(loaded: readonly string[]): readonly string[] {
  return loaded.filter((name) =>
    /^(@tensorflow\/|sharp|prettier|chevrotain|ajv|lodash)/.test(name),
  );
}

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callCli } from './run-cli.js';
import { brokenSpec as broken, goodSpec as good, warnedSpec as warned } from './sample-specs.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-check-'));
  mkdirSync(join(folder, 'deep/er'), { recursive: true });
  mkdirSync(join(folder, 'none'));
  writeFileSync(join(folder, 'good.unet'), good);
  writeFileSync(join(folder, 'deep/er/broken.unet'), broken);
  writeFileSync(join(folder, 'deep/good.unet'), good);
  writeFileSync(join(folder, 'warned.unet'), warned);
  writeFileSync(join(folder, 'empty.unet'), '\n');
  writeFileSync(join(folder, 'binary.unet'), Buffer.from([0x89, 0x50, 0xff, 0x00]));
  symlinkSync('loop.unet', join(folder, 'loop.unet'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const check = (words: readonly string[], stdin?: string) =>
  callCli(['check', ...words], { folder, stdin });

describe('check', () => {
  test('says nothing on stdout when all is well', async () => {
    expect(await check(['good.unet'])).toEqual({
      stdout: '',
      stderr: '1 spec, no problems\n',
      code: 0,
    });
  });

  test('walks folders and shows where', async () => {
    const { stdout, stderr, code } = await check(['deep']);
    expect(stderr).toMatch(/^deep\/er\/broken\.unet:\d+:\d+ - error UNET1\d+: /);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  test('calls files relative to the working folder', async () => {
    const { stderr } = await check([join(folder, 'deep/er/broken.unet')]);
    expect(stderr).toMatch(/^deep\/er\/broken\.unet:/);
  });

  test('reads a file once, however often it is named', async () => {
    const { stderr } = await check(['good.unet', './good.unet']);
    expect(stderr).toBe('1 spec, no problems\n');
  });

  test('reads standard input', async () => {
    expect((await check(['-'], good)).code).toBe(0);
    expect((await check(['-'], broken)).stderr).toMatch(/^<stdin>:\d+:/);
    const named = await check(['-', '--stdin-filepath', 'x/y.unet'], broken);
    expect(named.stderr).toMatch(/^x\/y\.unet:\d+:/);
  });

  test('carries specs of an older version over, and leaves every other problem', async () => {
    const older = good.replace('double_conv(width)', 'double_conv');
    expect(older).not.toBe(good);
    writeFileSync(join(folder, 'older.unet'), older);
    expect((await check(['older.unet'])).code).toBe(1);
    expect(readFileSync(join(folder, 'older.unet'), 'utf8')).toBe(older);
    expect(await check(['--fix', 'older.unet'])).toEqual({
      stdout: '',
      stderr: 'carried over older.unet\n1 spec, no problems\n',
      code: 0,
    });
    expect(readFileSync(join(folder, 'older.unet'), 'utf8')).toBe(good);
    expect((await check(['--fix', '-'], older)).stdout).toBe(good);
    expect((await check(['--fix', '-'], broken)).stdout).toBe('');
  });

  test('prints one JSON array on stdout', async () => {
    const fine = await check(['good.unet', '--json']);
    expect(fine).toEqual({ stdout: '[]\n', stderr: '', code: 0 });
    const wrong = await check(['deep', 'missing.unet', '--json']);
    const all = JSON.parse(wrong.stdout) as { file: string }[];
    expect(all.map(({ file }) => file).sort()).toEqual(['deep/er/broken.unet', 'missing.unet']);
    expect(wrong.stderr).toBe('');
    expect(wrong.code).toBe(1);
  });
});

describe('warnings', () => {
  test('are shown and let the check pass', async () => {
    const { stderr, code } = await check(['warned.unet']);
    expect(stderr).toMatch(/warned\.unet:\d+:7 - warning UNET5002: [^]*\n\n1 warning\n$/);
    expect(code).toBe(0);
  });

  test('fail when they count as errors', async () => {
    const { stderr, code } = await check(['--warnings-as-errors', 'warned.unet']);
    expect(stderr).toMatch(/error UNET5002: [^]*\n\n1 error\n$/);
    expect(code).toBe(1);
  });
});

describe('bad paths', () => {
  test.each([
    ['missing.unet', 'missing.unet - error UNET7001: "missing.unet" does not exist'],
    ['god.unet', 'Did you mean "good.unet"?'],
    ['good', 'Did you mean "good.unet"?'],
    ['deep/goof.unet', 'Did you mean "deep/good.unet"?'],
    ['none', 'UNET7002: The folder "none" holds no specs'],
    ['binary.unet', 'UNET7003: "binary.unet" cannot be read: it is not text in UTF-8.'],
    ['loop.unet', 'cannot be read: its links form a circle.'],
    ['empty.unet', 'UNET7004: "empty.unet" is empty; expected a model'],
  ])('%s', async (path, said) => {
    const { stdout, stderr, code } = await check([path]);
    expect(stderr).toContain(said);
    expect(stdout).toBe('');
    expect(code).toBe(1);
  });

  test('no path is wrong usage', async () => {
    const { stderr, code } = await check([]);
    expect(stderr).toContain('error UNET7015: "unetc check" needs more arguments; expected PATH');
    expect(code).toBe(2);
  });

  test('does not keep the good ones from being checked', async () => {
    const { stderr } = await check(['missing.unet', 'deep']);
    expect(stderr).toContain('UNET7001');
    expect(stderr).toContain('deep/er/broken.unet');
  });
});

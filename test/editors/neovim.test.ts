import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openProgram, type BuiltProgram } from '../cli/built-program.js';

/**
 * Neovim is an editor that runs without a screen: it is given the configuration that
 * people are told to copy, and `unetc` on the PATH, and does what a person would.
 */

const hasNeovim = spawnSync('nvim', ['--version']).status === 0;
const withNeovim = hasNeovim ? describe : describe.skip;

/** What `repair.lua` saw. */
interface Repair {
  readonly filetype: string;
  readonly before: readonly {
    readonly code: string;
    readonly message: string;
    readonly line: number;
    readonly column: number;
  }[];
  readonly offered: readonly string[];
}

const broken = [
  {
    title: 'a skip that cannot merge',
    size: 250,
    line: '  skip plain { merge: [skip, up] -> concat }',
    code: 'UNET4001',
    at: [5, 37],
  },
  {
    title: 'a misspelt section',
    size: 256,
    line: '  skp plain { merge: [skip, up] -> concat }',
    code: 'UNET2002',
    at: [5, 3],
  },
] as const;

const specOf = (size: number, skip: string): string =>
  [
    '/// A spec with a mistake, and an emoji: 🧬.',
    'model Cells {',
    `  input image: [${size}, ${size}, 1]`,
    '  encoder plain { widths: [8, 16, 32], stage: conv(width) -> relu, down: max_pool(2) }',
    skip,
    '  decoder { up: conv_transpose(width, 2, stride: 2), stage: conv(width) -> relu }',
    '  head mask: conv(1, 1) -> sigmoid',
    '}',
    '',
  ].join('\n');

withNeovim('Neovim', () => {
  let program: BuiltProgram;
  let folder: string;

  beforeAll(() => {
    program = openProgram('neovim');
    folder = mkdtempSync(join(tmpdir(), 'unetc-neovim-'));
    mkdirSync(join(folder, 'bin'));
    const shim = join(folder, 'bin/unetc');
    writeFileSync(shim, `#!/bin/sh\nexec "${process.execPath}" "${program.main}" "$@"\n`);
    chmodSync(shim, 0o755);
  });
  afterAll(() => {
    program.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  function repair(file: string): Repair {
    const { status, stdout, stderr } = spawnSync(
      'nvim',
      ['--headless', '-n', '-u', resolve('editors/neovim/unetc.lua'), file].concat([
        '-S',
        resolve('test/editors/repair.lua'),
      ]),
      {
        cwd: folder,
        encoding: 'utf8',
        timeout: 50_000,
        env: {
          PATH: `${join(folder, 'bin')}:${process.env['PATH']}`,
          ...Object.fromEntries(
            ['CONFIG', 'DATA', 'STATE', 'CACHE'].map((what) => [
              `XDG_${what}_HOME`,
              join(folder, what),
            ]),
          ),
        },
      },
    );
    if (status !== 0) throw new Error(`nvim ended with ${String(status)}:\n${stderr}${stdout}`);
    return JSON.parse(stdout) as Repair;
  }

  test.each(broken)('finds and mends $title', ({ size, line, code, at }) => {
    const file = join(folder, 'net.unet');
    writeFileSync(file, specOf(size, line));
    expect(program.run(['check', file]).code).toBe(1);

    const { filetype, before, offered } = repair(file);
    expect(filetype).toBe('unet');
    expect(before[0]).toMatchObject({ code, line: at[0], column: at[1] });
    expect(offered.length).toBeGreaterThan(0);

    expect(readFileSync(file, 'utf8')).not.toBe(specOf(size, line));
    const checked = program.run(['check', file]);
    expect(checked.stdout + checked.stderr).toBe('1 spec, no problems\n');
    expect(checked.code).toBe(0);
  });
});

if (!hasNeovim) {
  test('nvim is not installed: what runs in Neovim is skipped', () =>
    expect(hasNeovim).toBe(false));
}

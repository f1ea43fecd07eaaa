import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { commandTable } from '../../src/cli/command-table.js';
import { wantsColour } from '../../src/cli/process-context.js';
import { runCli } from '../../src/cli/run.js';
import { version } from '../../src/version.js';
import { callCli } from './run-cli.js';

describe('the program', () => {
  test.each(['--version', '-v'])('%s prints the version of the package', async (word) => {
    const { version: expected } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(version).toBe(expected);
    expect(await callCli([word])).toEqual({ stdout: `${version}\n`, stderr: '', code: 0 });
  });

  test.each([['--help'], ['-h'], ['help']])('%s lists the commands', async (word) => {
    const { stdout, stderr, code } = await callCli([word]);
    for (const name of Object.keys(commandTable)) expect(stdout).toContain(`  ${name} `);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('without a command prints its help as an error', async () => {
    const { stdout, stderr, code } = await callCli([]);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^unetc COMMAND[^]*error UNET7019: No command is given/);
    expect(code).toBe(2);
  });

  test('suggests the command that was meant', async () => {
    const { stderr, code } = await callCli(['explian']);
    expect(stderr).toContain('error UNET7010: There is no command "explian".');
    expect(stderr).toContain('help: Did you mean "explain"?');
    expect(code).toBe(2);
  });

  test('tells an empty command', async () => {
    const { stderr, code } = await callCli(['']);
    expect(stderr).toContain('error UNET7025: "unetc" was given an empty argument');
    expect(stderr).not.toContain('Did you mean');
    expect(code).toBe(2);
  });

  test('suggests check for a spec without a command', async () => {
    const { stderr } = await callCli(['my.unet']);
    expect(stderr).toContain('help: Did you mean "unetc check my.unet"?');
  });

  test.each(['constructor', '__proto__', 'toString'])('knows no command %s', async (word) => {
    expect((await callCli([word])).code).toBe(2);
  });
});

describe('every command', () => {
  const names = Object.keys(commandTable);

  test.each(names)('%s has help on stdout', async (name) => {
    const { stdout, stderr, code } = await callCli([name, '--help']);
    expect(stdout).toMatch(new RegExp(`^unetc ${name} `));
    expect(stdout.split('\n').filter((line) => line.length > 100)).toEqual([]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect((await callCli(['help', name])).stdout).toBe(stdout);
  });

  test.each(names)('%s refuses an unknown option', async (name) => {
    const { stdout, stderr, code } = await callCli([name, '--surely-not-there']);
    expect(stderr).toContain(`"unetc ${name}" has no option "--surely-not-there".`);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

test('colour needs a terminal, unless forced', () => {
  expect(wantsColour({}, true)).toBe(true);
  expect(wantsColour({}, false)).toBe(false);
  expect(wantsColour({ NO_COLOR: '1' }, true)).toBe(false);
  expect(wantsColour({ NO_COLOR: '' }, true)).toBe(true);
  expect(wantsColour({ TERM: 'dumb' }, true)).toBe(false);
  expect(wantsColour({ FORCE_COLOR: '1', NO_COLOR: '1' }, false)).toBe(true);
  expect(wantsColour({ FORCE_COLOR: '0' }, true)).toBe(false);
});

test('a bug of ours is shown with version and stack, and nothing else is', async () => {
  const texts: string[] = [];
  const output = { write: (text: string) => void texts.push(text), colour: false, width: 80 };
  const context = {
    stdout: {
      ...output,
      isTerminal: false,
      write: () => {
        throw new Error('unexpected');
      },
    },
    stderr: { ...output, isTerminal: false },
  };
  expect(await runCli(['--help'], context as never)).toBe(70);
  expect(texts.join('')).toMatch(/^This is a bug of unetc[^]*unetc \d[^]*Error: unexpected\n +at /);
});

import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { commandLine, shellWord } from '../../src/files/index.js';

const words = [
  ...['a', 'runs/cells', '../my-net_2.unet', '--set', 'base=4', 'C:/x', '~', 'a b', '', "it's"],
  ...['$HOME', '`id`', '"two"', 'a;b', '(a)', '*.png', 'a\\b', '#1', 'für', '!!', 'a\nb', '[0-9]'],
];

const posix = process.platform === 'win32' ? test.skip : test;

posix('a shell reads words as they were', () => {
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${commandLine(words)}`], {
    encoding: 'utf8',
    cwd: '/',
  });
  expect(stdout.split('\0').slice(0, -1)).toEqual(words);
});

test.each([
  ['linux', 'runs/cells', 'runs/cells'],
  ['linux', 'my runs/cells', "'my runs/cells'"],
  ['linux', "it's", "'it'\\''s'"],
  ['darwin', 'a\\b', "'a\\b'"],
  ['win32', 'C:\\runs\\cells', 'C:\\runs\\cells'],
  ['win32', 'C:\\my runs', '"C:\\my runs"'],
  ['win32', '100%', '"100%"'],
] as const)('on %s: %s', (platform, word, expected) => {
  expect(shellWord(word, platform)).toBe(expected);
});

import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { messages } from '../../src/diagnostics/messages/index.js';
import { callCli } from './run-cli.js';

test.each(['UNET7001', 'unet7001', '7001', 'file-missing'])(
  '%s prints its page',
  async (requested) => {
    const { stdout, stderr, code } = await callCli(['explain', requested]);
    expect(stdout).toBe(readFileSync('docs/diagnostics/UNET7001.md', 'utf8'));
    expect(stderr).toBe('');
    expect(code).toBe(0);
  },
);

test('without a code lists every message with its sentence', async () => {
  const { stdout, code } = await callCli(['explain']);
  expect(stdout.trimEnd().split('\n')).toHaveLength(Object.keys(messages).length);
  expect(stdout).toContain(
    'UNET7001  error    "<path>" does not exist; expected a file or a folder.\n',
  );
  expect(code).toBe(0);
});

test('the list as JSON', async () => {
  const { stdout } = await callCli(['explain', '--json']);
  expect(JSON.parse(stdout)).toContainEqual({
    code: 'UNET7001',
    severity: 'error',
    name: 'file-missing',
    sentence: '"<path>" does not exist; expected a file or a folder.',
  });
});

test('an unknown code is wrong usage, with the nearest one', async () => {
  const { stdout, stderr, code } = await callCli(['explain', 'UNET70011']);
  expect(stdout).toBe('');
  expect(stderr).toContain('There is no message "UNET70011"');
  expect(stderr).toContain('Did you mean "UNET7001"?');
  expect(code).toBe(2);
});

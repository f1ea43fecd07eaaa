import { describe, expect, test } from '@jest/globals';
import { callCli } from './run-cli.js';
import { brokenSpec, goodSpec } from './sample-specs.js';

describe('commands that take one spec', () => {
  const sizes = (words: readonly string[], stdin: string) =>
    callCli(['sizes', '-', ...words], { stdin });

  test('take a setting of a parameter', async () => {
    const { stderr, code } = await sizes(['--set', 'classes=3', '--set', 'classes=5'], goodSpec);
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('refuse a setting that is none as wrong usage', async () => {
    const { stderr, code } = await sizes(['--set', 'base'], goodSpec);
    expect(stderr).toContain('The option "--set" cannot be "base"; expected NAME=VALUE');
    expect(code).toBe(2);
  });

  test('report a setting of an unknown parameter', async () => {
    const { stderr, code } = await sizes(['--set', 'clases=3'], goodSpec);
    expect(stderr).toContain('UNET2020');
    expect(code).toBe(1);
  });

  test('report a model that is not there, with the nearest name', async () => {
    const { stderr, code } = await sizes(['--model', 'Smal'], goodSpec);
    expect(stderr).toContain('There is no model "Smal" in this file; its models are "Small".');
    expect(stderr).toContain('Did you mean "Small"?');
    expect(code).toBe(1);
  });

  test('show the errors of the spec, with nothing on stdout', async () => {
    const { stdout, stderr, code } = await sizes(['--json'], brokenSpec);
    expect(stdout).toBe('');
    expect(stderr).toContain('UNET1003');
    expect(code).toBe(1);
  });

  test('list a fixed axis as one size of each output', async () => {
    const fixed = goodSpec.replace(/\[H, W, (\d+)\]/, '[64, W, $1]');
    const { stdout, code } = await sizes([], fixed);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^height: fixed at 64\n( {2}\w+ +\d+\n)+\n/m);
    expect(stdout).toContain('W mod');
    expect(stdout).not.toContain('height mod');
  });

  test('refuse a missing file and two specs', async () => {
    expect((await callCli(['sizes', 'nowhere.unet'])).code).toBe(1);
    expect((await callCli(['sizes', 'a.unet', 'b.unet'])).code).toBe(2);
  });
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadWeights } from '../../src/runtime/pretrained/load-weights.js';
import { root } from '../codegen/cases.js';
import { findPython } from '../python/find-python.js';
import { preloaded } from '../python/preloaded.js';
import { networkOf, sourceOf } from '../runtime/pretrained/support.js';
import { callCli, type CliResult } from './run-cli.js';
import { everyWeight, hexOf, unusualFile, unusualValues } from './every-weight.js';

const python = findPython();
const withPython = python === undefined ? test.skip : test;

const network = networkOf(everyWeight);
const values = unusualValues(network.graph);
let folder: string;
const call = (...words: string[]): Promise<CliResult> => callCli(words, { folder });

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-pytorch-'));
  writeFileSync(join(folder, 'net.unet'), everyWeight);
  writeFileSync(join(folder, 'net.safetensors'), unusualFile(network.graph));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

withPython(
  'PyTorch loads what we write, strictly, and we read what it saves, bit for bit',
  async () => {
    expect((await call('build', 'net.unet', '--target', 'pytorch')).code).toBe(0);
    const to = ['--spec', 'net.unet', '--to', 'pytorch'];
    expect((await call('weights', 'net.safetensors', ...to)).code).toBe(0);
    const script = join(root, 'test/python/exchange_weights.py');
    const { stdout, stderr, status } = spawnSync(
      preloaded(python!),
      ['-B', script, folder, 'Every'],
      {
        encoding: 'utf8',
      },
    );
    if (status !== 0) throw new Error(stderr);
    expect(stdout).toBe('');
    for (const name of ['saved.pt', 'saved-legacy.pt', 'saved-module.pt']) {
      const { value, diagnostics } = await loadWeights(network, sourceOf(join(folder, name)));
      expect(diagnostics).toEqual([]);
      expect(hexOf(value!.values)).toEqual(hexOf(values));
    }
  },
  120_000,
);

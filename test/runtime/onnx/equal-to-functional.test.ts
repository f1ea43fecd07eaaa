import { describe, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { isOnnxInstalled } from '../../../src/runtime/onnx/onnx-runtime.js';
import { compareSpecs, type SpecComparison } from './compare-specs.js';
import { runtimeForPages } from './runtime-for-pages.js';

/** Milliseconds for all specs, on a machine that does other things too. */
const patience = 300_000;

/** Largest difference of probabilities, and part of the pixels that may be of another class. */
const [tolerance, otherClass] = [1e-4, 1e-5];

function expectEqual(found: readonly SpecComparison[]): void {
  expect(found.length).toBeGreaterThan(25);
  const apart = found.filter(({ difference }) => !(difference <= tolerance));
  expect(apart).toEqual([]);
  const sum = (key: 'pixels' | 'otherClass'): number =>
    found.reduce((total, each) => total + each[key], 0);
  expect(sum('pixels')).toBeGreaterThan(500_000);
  expect(sum('otherClass')).toBeLessThanOrEqual(otherClass * sum('pixels'));
}

describe('every spec gives the probabilities of the functional network', () => {
  const inPages = runtimeForPages === undefined ? test.skip : test;
  inPages(
    'on onnxruntime-web',
    async () => {
      expectEqual(await compareSpecs(runtimeForPages!));
    },
    patience,
  );

  const inNode = isOnnxInstalled() ? test : test.skip;
  inNode(
    'on onnxruntime-node',
    async () => {
      const script = join(import.meta.dirname, 'compare-in-node.ts');
      const { stdout } = await promisify(execFile)(
        process.execPath,
        ['scripts/run.mjs', script],
        // Options of the tests' own process are not for this one.
        { env: { ...process.env, NODE_OPTIONS: '' }, maxBuffer: 2 ** 24 },
      );
      expectEqual(JSON.parse(stdout) as readonly SpecComparison[]);
    },
    patience,
  );
});

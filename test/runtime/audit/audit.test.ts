import { expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { auditPath, renderAudit } from '../../../scripts/render-audit.js';
import { traps } from '../engine-traps.js';
import { describeOn } from '../webgpu.js';
import { caseTitles, graphOperations } from './graph-operations.js';
import { stockOperations } from './stock-operations.js';
import { auditedEngines, readVerdicts, storeVerdicts, type Verdict } from './verdicts.js';

const update = process.env['UPDATE_GOLDEN'] === '1';
const engineOf = { cpu: 'cpu', wasm: 'wasm', webgpu: 'webgpu', tensorflow: 'tfjs-node' } as const;

/** In a process of its own, which has no kernel of ours. */
async function auditAlone(engine: string): Promise<Readonly<Record<string, Verdict>>> {
  const words = ['scripts/run.mjs', 'test/runtime/audit/audit-stock.ts', engine];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as Record<string, Verdict>;
}

describeOn(['cpu', 'wasm', 'webgpu', 'tensorflow'], 'operations of TensorFlow.js', (backend) => {
  const engine = engineOf[backend];
  test('are as the table says', async () => {
    const found = await auditAlone(engine);
    if (update) storeVerdicts(engine, found);
    expect(found).toEqual(readVerdicts()[engine]);
  }, 300_000);
});

/** The sources of the runtime but for kernels, which nobody differentiates. */
const runtime = readdirSync('src/runtime', { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.ts$/.test(name) && !/\.generated\.ts$|^kernels\//.test(name))
  .map((name) => readFileSync(join('src/runtime', name), 'utf8'));
const known = [...caseTitles, ...traps.map(({ title }) => title)];

test.each(Object.entries(stockOperations))(
  '%s: replaced or not used where it is wrong',
  (title, { instead }) => {
    const verdicts = auditedEngines.map((engine) => readVerdicts()[engine][title]);
    const isRight = verdicts.every((verdict) => verdict === 'right');
    if (isRight || instead === undefined) {
      expect(isRight).toBe(true);
    } else if ('cases' in instead) {
      expect(known.filter((each) => each.startsWith(instead.cases))).not.toEqual([]);
    } else {
      expect(runtime.filter((text) => text.includes(instead.nowhere))).toEqual([]);
    }
  },
);

test('every operation of a graph has its cases', () => {
  expect(graphOperations.filter(([, count]) => count === 0)).toEqual([]);
});

test('the page has the table (scripts/generate-docs.ts writes it)', async () => {
  expect(readFileSync(auditPath, 'utf8')).toBe(await renderAudit());
});

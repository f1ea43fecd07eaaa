import { expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LogEntry } from '../../../src/runtime/runs/log-entry.js';
import { curvesOf, readCurves } from '../../../src/runtime/report/gather/read-curves.js';
import { fabricatedLog } from './fabricated.js';

test('steps by the thousand become groups with their means', () => {
  const steps = Array.from({ length: 6000 }, (_, at): LogEntry => ({
    ...{ kind: 'step', epoch: 1, step: at + 1, loss: at % 4, learningRate: at },
    ...{ images: 1, seconds: 0.1 },
  }));
  const { steps: thin, stepSeconds } = curvesOf(steps);
  expect(thin.step).toHaveLength(1500);
  expect(thin.step.at(-1)).toBe(6000);
  expect(new Set(thin.loss)).toEqual(new Set([1.5]));
  expect(stepSeconds).toBeCloseTo(600);
});

test('lines that somebody has changed are passed over', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-curves-'));
  const lines = [
    ...fabricatedLog(2).map((entry) => JSON.stringify(entry)),
    'from here on with the new lamp',
    'null',
    '{"kind":"epoch","epoch":3,"step":6}',
    '{"kind":"epoch","epoch":3,"step":6,"validation":{"metrics":{"dice":0.5}}}',
    '{"kind":"changed","epoch":3,"step":6,"what":"all"}',
    '{"kind":"epoch","epoch":3,"st',
  ];
  writeFileSync(join(folder, 'log.jsonl'), lines.join('\n'));
  expect(readCurves(folder)).toEqual(curvesOf(fabricatedLog(2)));
  rmSync(join(folder, 'log.jsonl'));
  expect(readCurves(folder).epochs).toEqual([]);
  rmSync(folder, { recursive: true });
});

test('the loss of several outputs is that of the head that is validated', () => {
  const [epoch] = fabricatedLog(1).filter((entry) => entry.kind === 'epoch');
  const { validation } = epoch!;
  const entry = { ...epoch!, losses: { mask: 0.25, deep: 3 } };
  expect(curvesOf([{ ...entry, validation: { ...validation, head: 'mask' } }]).loss).toEqual([
    0.25,
  ]);
  expect(curvesOf([epoch!]).loss).toEqual([1]);
});

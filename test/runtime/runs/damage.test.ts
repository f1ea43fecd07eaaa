import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../../src/runtime/random.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { openWorkshop, smallSpec, stopAfter, type Workshop } from '../training/support.js';
import { describeSubject, drawDamage, filesOfRun, judge, uses, type Subject } from './damage.js';

let shop: Workshop;
let subject: Subject;
beforeAll(async () => {
  await startEngine('wasm');
  shop = await openWorkshop();
  writeFileSync(join(shop.folder, 'small.unet'), smallSpec);
  await stopAfter(4, { data: shop.data, out: join(shop.folder, 'run') });
  subject = await describeSubject(shop.folder, 'run');
});
afterAll(() => shop.remove());

test('a changed byte in any file is refused by name, or changes no result', async () => {
  const random = new Random(7);
  const faults: string[] = [];
  for (let trial = 0; trial < 36; trial++) {
    const damage = drawDamage(join(shop.folder, 'run'), random);
    const judged = await judge(subject, uses[trial % uses.length]!, damage);
    if ('fault' in judged) faults.push(judged.fault);
  }
  expect(faults).toEqual([]);
});

test.each([
  ['last/model.json', 'resume'],
  ['last/model.json', 'eval'],
  ['best/model.json', 'predict'],
  ['best/model.json', 'resume'],
  ['best/network.js', 'predict'],
  ['last/network.js', 'resume'],
  ['run.json', 'predict'],
  ['run.json', 'resume'],
] as const)('%s: its first, middle and last byte for %s', async (file, use) => {
  const { length } = readFileSync(join(shop.folder, 'run', file));
  for (const at of [0, length >> 1, length - 1]) {
    const judged = await judge(subject, use, { file, kind: 'flip', at, value: 1 });
    expect(judged).toEqual({ verdict: 'refused' });
  }
});

test.each(['spec.unet', 'data.json', 'log.jsonl'])('%s changes no result', async (file) => {
  expect(filesOfRun(join(shop.folder, 'run'))).toContain(file);
  for (const use of uses) {
    const judged = await judge(subject, use, { file, kind: 'delete', at: 40, value: 1 });
    expect(judged).toEqual({ verdict: 'harmless' });
  }
});

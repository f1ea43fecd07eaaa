import { beforeAll, expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { compileSpec, networks } from '../../networks/reference.js';
import { tellingSizes } from '../../networks/forms.js';
import { compareOnnx, runtime } from './run-onnx.js';

beforeAll(async () => {
  await startEngine('wasm');
});

/** Narrow forms: of wide ones, sums of thousands of products differ by more than programs do. */
const narrow = new Map<string, Readonly<Record<string, string>>>();
for (const { spec, small } of networks) {
  const isNarrow = (set: object): boolean => Object.keys(set).length > 0;
  const hasNarrower = networks.some((each) => each.spec === spec && isNarrow(each.small));
  if (isNarrow(small) || !hasNarrower) narrow.set(`${spec} ${JSON.stringify(small)}`, small);
}
for (const file of readdirSync('specs').filter((name) => name.endsWith('.unet'))) {
  const spec = basename(file, '.unet');
  if (!networks.some((each) => each.spec === spec)) narrow.set(`${spec} base`, { base: '4' });
}

const withRuntime = runtime === undefined ? test.skip : test;

withRuntime.each([...narrow])('%s is the same in ONNX Runtime', async (name, set) => {
  const model = compileSpec(name.split(' ', 1)[0]!, set);
  expect(await compareOnnx(model, tellingSizes(model, 33).slice(0, 2), { batch: 2 })).toEqual([]);
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emitPyTorch } from '../../../src/codegen/pytorch/emit.js';
import type { WeightSpec } from '../../../src/codegen/tfjs/weights.js';
import { compileText } from '../../../src/compile.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { Random } from '../../../src/runtime/random.js';
import { findPython } from '../../python/find-python.js';
import { preloaded } from '../../python/preloaded.js';

/** New weights of emitted modules have the distributions of ours, those of the graph. */

const ways = ['he_normal', 'he_uniform', 'glorot_normal', 'glorot_uniform'] as const;

/** Every kind of kernel, in groups and with strides, as one way fills it, and all other weights. */
const lines = (way: string, from: string): string => `
    ${way}_full = ${from} -> conv(48, 3, initializer: ${way})
    ${way}_wide = ${way}_full -> conv(96, [3, 5], groups: 4, stride: 2, padding: same, initializer: ${way})
    ${way}_deep = ${way}_wide -> depthwise_conv(9, multiplier: 2, initializer: ${way})
    ${way}_up = ${way}_deep -> conv_transpose(64, 3, stride: 2, padding: same, initializer: ${way})
    ${way}_gap = ${way}_up -> conv_transpose(64, 2, stride: 3, initializer: ${way})
      -> nearest(2) -> max_pool(6) -> batch_norm -> prelu -> group_norm(4)`;

const specOf = (used: readonly string[]): string => `model Filled {
  input image: [H, W, 16]
  wires {${used.map((way, at) => lines(way, at === 0 ? 'image' : `${used[at - 1]!}_gap`)).join('')}
  }
  head mask: conv(3, 1, initializer: ${used[0]!})
}`;

interface Moments {
  readonly count: number;
  readonly mean: number;
  readonly deviation: number;
  readonly largest: number;
  /** E[x^4] / E[x^2]^2: 3 of a normal distribution, 1.8 of a uniform one. */
  readonly peak: number;
}

function momentsOf(values: Float32Array): Moments {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const power = (n: number): number =>
    values.reduce((sum, each) => sum + (each - mean) ** n, 0) / values.length;
  const variance = power(2);
  return {
    count: values.length,
    mean,
    deviation: Math.sqrt(variance),
    largest: values.reduce((most, each) => Math.max(most, Math.abs(each)), 0),
    peak: variance === 0 ? 0 : power(4) / variance ** 2,
  };
}

const script = `
import importlib.util, json, sys
import torch
spec = importlib.util.spec_from_file_location("filled", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
torch.manual_seed(5)
found = {}
for name, value in module.Filled().state_dict().items():
    if name.endswith("num_batches_tracked"):
        continue
    v = value.double().flatten()
    off = v - v.mean()
    square = float((off ** 2).mean())
    found[name] = dict(count=v.numel(), mean=float(v.mean()), deviation=square ** 0.5,
        largest=float(v.abs().max()),
        peak=0.0 if square == 0 else float((off ** 4).mean()) / square ** 2)
print(json.dumps(found))
`;

const roles: Readonly<Record<WeightSpec['role'], string>> = {
  kernel: 'weight',
  bias: 'bias',
  gamma: 'weight',
  beta: 'bias',
  alpha: 'weight',
  moving_mean: 'running_mean',
  moving_variance: 'running_var',
  table: 'table',
};
const torchName = ({ name, role }: WeightSpec): string =>
  `${name.slice(0, name.lastIndexOf('/')).replaceAll('/', '.')}.${roles[role]}`;

const python = findPython();
const live = python === undefined ? describe.skip : describe;

live('in PyTorch', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-initial-'));
  beforeAll(() => startEngine('wasm'));
  afterAll(() => rmSync(folder, { recursive: true }));

  // All ways in one file, where each layer names its own, and each alone, where one function fills all.
  test.each([[ways.join(', '), ways], ...ways.map((way) => [way, [way]] as const)])(
    '%s',
    (_name, used) => {
      const { models, diagnostics } = compileText('filled.unet', specOf(used));
      expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      const file = join(folder, 'filled.py');
      writeFileSync(file, emitPyTorch(models, { file: 'filled.unet' }).value!.text);
      const { status, stdout, stderr } = spawnSync(preloaded(python!), ['-B', '-c', script, file], {
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      const theirs = new Map(Object.entries(JSON.parse(stdout) as Record<string, Moments>));
      const store = initialiseWeights(models[0]!.graph, new Random(7));
      expect([...theirs.keys()].sort()).toEqual(store.specs.map(torchName).sort());
      const wrong = store.specs.flatMap((spec) => {
        const our = momentsOf(store.get(spec.name).dataSync<'float32'>());
        const their = theirs.get(torchName(spec))!;
        return isAlike(our, their, spec.start) ? [] : [{ name: spec.name, our, their }];
      });
      store.dispose();
      expect(wrong).toEqual([]);
    },
  );
});

/** Whether two samples are of one distribution, within five standard errors of such a sample. */
function isAlike(our: Moments, their: Moments, start: WeightSpec['start']): boolean {
  if (our.count !== their.count) return false;
  if (typeof start !== 'object') {
    return our.mean === their.mean && our.deviation === 0 && their.deviation === 0;
  }
  const isUniform = start.initializer.endsWith('uniform');
  const { initializer, fanIn, fanOut } = start;
  const fans = initializer.startsWith('he') ? fanIn : fanIn + fanOut;
  const deviation = Math.sqrt(2 / fans);
  const error = 5 / Math.sqrt(our.count);
  return [our, their].every(
    (each) =>
      Math.abs(each.mean) < error * deviation &&
      Math.abs(each.deviation / deviation - 1) < error * (isUniform ? 0.45 : 0.71) &&
      Math.abs(each.peak - (isUniform ? 1.8 : 3)) < error * 5 &&
      (isUniform
        ? each.largest <= deviation * Math.sqrt(3) * 1.000001
        : each.largest > deviation * 2),
  );
}

import { beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { emitPyTorch } from '../../../src/codegen/pytorch/emit.js';
import { compileText } from '../../../src/compile.js';
import { hasErrors } from '../../../src/diagnostics/diagnostic.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { largestMap, tellingSizes } from '../../networks/forms.js';
import { randomNetwork } from '../../networks/random-network.js';
import { findPython } from '../../python/find-python.js';
import { compareModules, type ModuleCase } from '../../python/run-modules.js';
import { forms } from '../forms.js';
import { moreNetworks } from './more-networks.js';

/**
 * Emitted modules in PyTorch against our functional network. Skipped, and said to be,
 * where no Python has PyTorch: `npm run python-env` makes one.
 */
const python = findPython();
const live = python === undefined ? describe.skip : describe;

/** `RANDOM_NETWORKS=2000` tries more, `SEED=7` others. */
const runs = Number(process.env['RANDOM_NETWORKS'] ?? 30);
const seed = Number(process.env['SEED'] ?? 20150518);

function casesOf(name: string, file: string, text: string, set = {}): readonly ModuleCase[] {
  const { models, diagnostics } = compileText(file, text, { set });
  if (hasErrors(diagnostics)) return [];
  const emitted = emitPyTorch(models, { file, set });
  if (emitted.value === undefined) return [];
  const { text: code, classes } = emitted.value;
  return models.map((model, index) => ({
    name: [name, model.name].join(' '),
    code,
    model,
    className: classes[index]!,
    sizes: tellingSizes(model, 6).slice(-2),
  }));
}

live('in PyTorch', () => {
  beforeAll(() => startEngine('wasm'));

  test('networks of specs give what ours give, with the names of the spec', async () => {
    const cases = forms.flatMap(({ name, of, set }) => casesOf(name, of.file, of.text, set));
    expect(cases.length).toBeGreaterThan(forms.length / 2);
    expect(await compareModules(python!, cases)).toEqual([]);
  });

  test('networks of every other kind do', async () => {
    const cases = Object.entries(moreNetworks).flatMap(([name, text]) =>
      casesOf(name, 'more.unet', text),
    );
    expect(cases).toHaveLength(Object.keys(moreNetworks).length);
    expect(await compareModules(python!, cases)).toEqual([]);
  });

  test('running statistics after a step of training are ours', async () => {
    const text = `model Norms {
      input image: [H, W, 2]
      wires {
        a = image -> conv(4, 3) -> batch_norm(momentum: 0.7) -> relu
        b = a -> conv(4, 3) -> batch_norm(momentum: 0.6, running_variance: unbiased)
      }
      head mask: b -> conv(1, 1)
    }`;
    const cases = casesOf('norms', 'norms.unet', text).map((each) => ({
      ...each,
      sizes: [[3, 4] as const],
      isTrained: true,
    }));
    expect(cases).toHaveLength(1);
    expect(await compareModules(python!, cases)).toEqual([]);
  });

  test('random networks do', async () => {
    const cases: ModuleCase[] = [];
    let count = 0;
    for (const text of fc.sample(randomNetwork, { numRuns: 40 * runs, seed })) {
      if (cases.length === runs) break;
      for (const each of casesOf(`${text}\n${(count += 1)}`, 'random.unet', text)) {
        if (each.sizes.every((size) => largestMap(each.model, size) < 20000)) cases.push(each);
      }
    }
    expect(cases).toHaveLength(runs);
    expect(await compareModules(python!, cases)).toEqual([]);
  });
});

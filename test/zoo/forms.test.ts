import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type * as tf from '../../src/runtime/tensorflow.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { emitCase } from '../codegen/cases.js';
import { loadModule, removeModules } from '../codegen/load-module.js';
import { compareForms } from '../networks/forms.js';
import { compileZoo, references, smallSettings } from './networks.js';

/** `values.test.ts` holds the functional network to PyTorch; the other forms are held to it here. */

beforeAll(() => startEngine('wasm'));
afterAll(removeModules);

test.each(references.map((reference) => [reference.name, reference] as const))(
  '%s is the same in every form',
  async (name, reference) => {
    const set = smallSettings(reference);
    const model = compileZoo(name, set);
    const text = readFileSync(`specs/zoo/${name}.unet`, 'utf8');
    const { code } = await emitCase({ name, file: `${name}.unet`, text, isValid: true }, { set });
    const builder = `build${model.name}`;
    const module = (await loadModule(code)) as Readonly<Record<string, () => tf.LayersModel>>;
    expect(Object.keys(module)).toContain(builder);
    // Deep networks carry rounding further than the small ones that a reference judges.
    const options = { isJudged: false, tolerance: 1e-3 };
    const { size } = reference.runs[0]!;
    expect(await compareForms(model, size, module[builder], options)).toEqual([]);
  },
);

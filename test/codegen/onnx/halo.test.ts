import { beforeAll, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { describeHalos, type AxisHalo } from '../../../src/codegen/onnx/halo.js';
import { compileText, type CompiledModel } from '../../../src/compile.js';
import type { AxisAnalysis, LegalResidue } from '../../../src/ir/sizes/analysis.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { variedWeights } from '../../networks/forms.js';
import { randomNetwork } from '../../networks/random-network.js';
import { measured, tileFaults } from './measure-halo.js';

beforeAll(() => startEngine('wasm'));

const modelOf = (text: string): CompiledModel | undefined => compileText('a.unet', text).models[0];

/** The smallest legal size of a residue that is at least `size`. */
const sizeIn = ({ modulus }: AxisAnalysis, { residue, minimum }: LegalResidue, size: number) =>
  Math.max(minimum, residue + modulus * Math.ceil((size - residue) / modulus));

const axes = [0, 1] as const;

/** The halos of one axis that have a bound. */
function boundedHalos({ graph, sizes }: CompiledModel, axis: 0 | 1): ReadonlyMap<string, AxisHalo> {
  return new Map(
    Object.entries(describeHalos(graph, sizes)).flatMap(([name, { height, width }]) => {
      const halo = axis === 0 ? height : width;
      return halo === null ? [] : [[name, halo] as const];
    }),
  );
}

/** The halos that hold at sizes of a residue. */
const holdingAt = (halos: ReadonlyMap<string, AxisHalo>, { residue }: LegalResidue) =>
  new Map([...halos].filter(([, { remainders }]) => remainders?.includes(residue) ?? true));

/**
 * A wire, and by how much the halo may be a bound only: `nearest` has one for all of its pixels,
 * and where a crop ends the image, its tile ends with it.
 */
const cases: Readonly<Record<string, readonly [string, number]>> = {
  'same with a stride': ['image -> conv(2, 3, stride: 2, padding: same)', 0],
  'pools with a last, partial window': [
    'image -> conv(2, 3, padding: valid) -> max_pool(3, stride: 2, rounding: ceil) -> conv(2, 3)',
    0,
  ],
  'strides of same, twice': [
    'image -> conv(2, [5, 4], stride: 2, padding: same) -> avg_pool(3, stride: 3, padding: same)',
    0,
  ],
  'an odd pixel that is cut': [
    'image -> conv(2, 3) -> crop([1, 0, 2, 1]) -> crop_to(a, rounding: floor) -> conv(2, 3)',
    3,
  ],
  'an odd pixel of a pool': [
    'image -> max_pool(2, padding: same) -> conv(2, 3, padding: valid) -> nearest(2) -> crop_to(a)',
    1,
  ],
};

test.each(Object.entries(cases))(
  '%s: the halo is the largest of all residues',
  (_, [wire, slack]) => {
    const model = modelOf(`model A {
  input image: [H, W, 1]
  wires {
    a = image -> conv(2, 3, padding: valid) -> crop(3)
    b = ${wire}
  }
  head mask: b -> conv(1, 1)
  head other: a -> conv(1, 1)
}`)!;
    const weights = variedWeights(model.graph);
    for (const axis of axes) {
      const analysis = axis === 0 ? model.sizes.height : model.sizes.width;
      const halos = boundedHalos(model, axis);
      const most = { before: -Infinity, after: -Infinity };
      for (const legal of analysis.residues) {
        const length = sizeIn(analysis, legal, 40);
        expect(tileFaults(model, weights, axis, length, halos)).toEqual([]);
        const { before, after } = measured(model, weights, axis, length, halos).get('mask')!;
        most.before = Math.max(most.before, before);
        most.after = Math.max(most.after, after);
      }
      const { before, after } = halos.get('mask')!;
      const [spareBefore, spareAfter] = [before - most.before, after - most.after];
      expect(Math.min(spareBefore, spareAfter)).toBeGreaterThanOrEqual(0);
      expect(Math.max(spareBefore, spareAfter)).toBeLessThanOrEqual(slack);
    }
    weights.dispose();
  },
);

test('random networks see no further, and their tiles are parts of the whole', () => {
  let [several, compared] = [0, 0];
  for (const text of fc.sample(randomNetwork, { numRuns: 200, seed: 11 })) {
    const model = modelOf(text);
    // Tiles are cut of one image.
    if (model === undefined || model.graph.inputs.length > 1) continue;
    const weights = variedWeights(model.graph);
    for (const axis of axes) {
      const analysis = axis === 0 ? model.sizes.height : model.sizes.width;
      const halos = boundedHalos(model, axis);
      if (halos.size === 0 || analysis.modulus > 12 || analysis.residues.length < 2) continue;
      several += 1;
      for (const legal of analysis.residues.slice(0, 6)) {
        const own = holdingAt(halos, legal);
        const length = sizeIn(analysis, legal, 30);
        if (length > 60 || length + analysis.modulus > legal.maximum) continue;
        compared += 1;
        const faults: string[] = [...tileFaults(model, weights, axis, length, own)];
        for (const [name, seen] of measured(model, weights, axis, length, own)) {
          const { before, after } = halos.get(name)!;
          if (seen.before > before + 1e-9 || seen.after > after + 1e-9) {
            faults.push(`${name} sees ${seen.before}, ${seen.after}, not ${before}, ${after}`);
          }
        }
        expect([text, axis, length, faults]).toEqual([text, axis, length, []]);
      }
    }
    weights.dispose();
  }
  expect(several).toBeGreaterThan(30);
  expect(compared).toBeGreaterThan(100);
});

test('there is no halo where one size is legal, or where pixels see all of the image', () => {
  const { graph, sizes } = modelOf(`model A {
  input image: [64, W, 1]
  wires {
    a = image -> conv(2, 3)
    b = [a, a -> global_avg_pool -> sigmoid] -> multiply
  }
  head mask: a -> conv(1, 1)
  head whole: b -> conv(1, 1)
}`)!;
  expect(describeHalos(graph, sizes)).toEqual({
    mask: { height: null, width: { step: 1, before: 1, after: 1 } },
    whole: { height: null, width: null },
  });
});

test('a halo that holds at some sizes names them', () => {
  const { graph, sizes } = modelOf(`model A {
  input image: [H, W, 1]
  wires {
    a = image -> conv(2, 3)
    b = [a, a -> max_pool(2) -> resize_to(a)] -> concat
  }
  head mask: b -> conv(1, 1)
  head fine: a -> conv(1, 1)
}`)!;
  const { mask, fine } = describeHalos(graph, sizes);
  // At odd sizes the ratio of the resizing depends on the image.
  expect(mask!.height).toMatchObject({ step: 1, remainders: [0] });
  expect(fine!.height).toEqual({ step: 1, before: 1, after: 1 });
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../src/runtime/tensorflow.js';
import { catalog } from '../../src/catalog/index.js';
import type { ComponentDeclaration } from '../../src/catalog/component.js';
import {
  augmentationCases,
  clippingCases,
  layerCases,
  lossCases,
  metricCases,
  optimizerCases,
  pairingCases,
  postStepCases,
  scalingCases,
  scheduleCases,
  separationCases,
  targetCases,
  sizePolicyCases,
  splitCases,
  weightMapCases,
  type Case,
} from './effects/cases.js';
import { isOfKind, kindsOf } from './effects/kinds.js';
import {
  heads,
  observeAugmentation,
  observeClipping,
  observeLayer,
  observeLoss,
  observeMetric,
  observeOptimizer,
  observePairing,
  observePostStep,
  observeScaling,
  observeSchedule,
  observeSeparation,
  observeSizePolicy,
  observeSplit,
  observeTarget,
  observeWeightMap,
  type Observation,
} from './effects/observe.js';

/**
 * Every option of the catalogue has an effect: whatever value it is given, the numbers
 * that follow from the spec are others, or the spec is told that nothing follows.
 */

interface Proof {
  readonly cases: Readonly<Record<string, Readonly<Record<string, Case | readonly Case[]>>>>;
  readonly observe: (call: string, place: string) => Observation;
  /** Where a component is looked at. */
  readonly places: readonly string[];
}

const anywhere = [''];
const takesMany = ['concat', 'add', 'average', 'subtract', 'multiply'];
const metricHeads = ['conv(1, 1)', 'conv(3, 1)'];

/** How the effect of a family shows. Fields of sections have a test of their own. */
const proofs: { readonly [F in Exclude<keyof typeof catalog, 'section'>]: Proof } = {
  layer: { cases: layerCases, observe: (call) => observeLayer(call), places: anywhere },
  loss: { cases: lossCases, observe: observeLoss, places: heads },
  weight_map: { cases: weightMapCases, observe: observeWeightMap, places: anywhere },
  metric: { cases: metricCases, observe: observeMetric, places: metricHeads },
  optimizer: { cases: optimizerCases, observe: observeOptimizer, places: anywhere },
  schedule: { cases: scheduleCases, observe: observeSchedule, places: anywhere },
  clipping: { cases: clippingCases, observe: observeClipping, places: anywhere },
  augmentation: { cases: augmentationCases, observe: observeAugmentation, places: anywhere },
  size_policy: { cases: sizePolicyCases, observe: observeSizePolicy, places: anywhere },
  scaling: { cases: scalingCases, observe: observeScaling, places: anywhere },
  pairing: { cases: pairingCases, observe: observePairing, places: anywhere },
  split: { cases: splitCases, observe: observeSplit, places: anywhere },
  separation: { cases: separationCases, observe: observeSeparation, places: anywhere },
  target: { cases: targetCases, observe: observeTarget, places: anywhere },
  post_step: { cases: postStepCases, observe: observePostStep, places: anywhere },
};

beforeAll(async () => {
  await tf.setBackend('cpu');
});

const tables = Object.entries(catalog).filter(([family]) => family !== 'section');

const options = tables.flatMap(([family, table]) =>
  Object.entries(table as Readonly<Record<string, ComponentDeclaration>>).flatMap(
    ([component, declaration]) =>
      Object.entries(declaration.options).map(([option, declared]) => ({
        family: family as keyof typeof proofs,
        component,
        option,
        declared,
      })),
  ),
);

describe.each(options)('$family $component: $option', ({ family, component, option, declared }) => {
  const { observe, places, cases: byComponent } = proofs[family];
  const found = byComponent[component]?.[option] ?? [];
  const cases = (Array.isArray(found) ? found : [found]) as readonly Case[];

  test('is tried with every kind of value', () => {
    const values = cases.flatMap((each) => each.values);
    const untried = kindsOf(declared).filter(
      (kind) => !values.some((value) => isOfKind(value, kind)),
    );
    expect(untried).toEqual([]);
  });

  test('has an effect, or is refused, wherever it stands', () => {
    const effects = new Set<string>();
    for (const { values, beside, instead } of cases) {
      const call = (own: string | undefined): string => {
        const given = own === undefined ? [] : [`${option}: ${own}`];
        return `${component}(${[...(beside ? [beside] : []), ...given].join(', ')})`;
      };
      for (const place of places) {
        const usual = observe(call(instead), place);
        const seen = [usual.kind === 'numbers' ? usual.numbers : ''];
        for (const value of values) {
          const changed = observe(call(value), place);
          if (changed.kind === 'told') continue;
          const same = seen.includes(changed.numbers) ? [`${call(value)} at "${place}"`] : [];
          expect(same).toEqual([]);
          seen.push(changed.numbers);
          effects.add(value);
        }
      }
    }
    // Refused everywhere would be no option.
    expect([...effects].sort()).toEqual([...new Set(cases.flatMap(({ values }) => values))].sort());
  });
});

test('no case is of an option that is gone', () => {
  const known = options.map(({ family, component, option }) => `${family} ${component} ${option}`);
  const written = Object.entries(proofs).flatMap(([family, { cases }]) =>
    Object.entries(cases).flatMap(([component, own]) =>
      Object.keys(own).map((option) => `${family} ${component} ${option}`),
    ),
  );
  expect(written.sort()).toEqual(known.sort());
});

test.each(
  Object.entries(catalog.layer as Readonly<Record<string, ComponentDeclaration>>)
    .filter(([name, { options: own }]) => Object.keys(own).length === 0 && name !== 'identity')
    .map(([name]) => name),
)('the layer %s does something', (name) => {
  const source = takesMany.includes(name) ? '[image, image -> relu]' : 'image';
  const changed = observeLayer(name, source);
  expect(changed.kind).toBe('numbers');
  expect(changed).not.toEqual(observeLayer('identity', 'image'));
});

import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../src/runtime/tensorflow.js';
import { costOf } from '../../src/ir/reports/cost.js';
import { accepts, exampleSize } from '../../src/ir/sizes/sizes.js';
import { sizeAt } from '../../src/ir/sizes/analysis.js';
import { walkSizes } from '../../src/ir/sizes/concrete.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { prepareInference } from '../../src/runtime/network/inference.js';
import { buildLayersModel, setModelWeights } from '../../src/runtime/network/layers-model.js';
import { weightsFromValues } from '../../src/runtime/network/weights.js';
import {
  compileSpec,
  networks,
  referenceImage,
  referenceWeights,
  valueAt,
  type ReferenceNetwork,
  type ReferenceRun,
} from './reference.js';

beforeAll(async () => {
  await startEngine('wasm');
});

describe.each(networks)('$spec as $id', (reference) => {
  const full = compileSpec(reference.spec, reference.full);

  test('has the published number of parameters', () => {
    const { sizes, graph } = full;
    const walk = walkSizes(graph, exampleSize(sizes.height)!, exampleSize(sizes.width)!);
    const cost = costOf(graph, walk.heights, walk.widths);
    const { total, trainable, keras_style_total: withStatistics } = reference.parameters;
    expect(cost.trainable).toBe(trainable ?? total);
    expect(cost.parameters).toBe(withStatistics ?? total);
  });

  test.each(reference.sizes)('takes $input to $output', ({ input: [height, width], output }) => {
    const { sizes, graph } = full;
    const isLegal = accepts(sizes.height, height) && accepts(sizes.width, width);
    expect(isLegal).toBe(output !== null);
    const walk = walkSizes(graph, height, width);
    // A network of fixed sizes may be able to run at others, but does not take them.
    const isFixed = typeof sizes.height.input === 'number';
    if (!isFixed) expect(walk.failures.length === 0).toBe(isLegal);
    if (output === null) return;
    for (const { node, name } of graph.outputs) {
      const expected = name === 'present' ? [1, 1] : output;
      const proved = [sizeAt(sizes.height, node, height), sizeAt(sizes.width, node, width)];
      expect([name, ...proved]).toEqual([name, ...expected]);
      expect([walk.heights[node], walk.widths[node]]).toEqual(expected);
    }
  });
});

/** Networks that a source has computed at; of the others, sizes and counts alone are known. */
const computed = networks.filter(({ runs }) => runs.length > 0);

test.each(computed)('$spec as $id computes the reference values', async (reference) => {
  for (const run of reference.runs) await expectValues(reference, run);
});

async function expectValues(reference: ReferenceNetwork, run: ReferenceRun): Promise<void> {
  const model = compileSpec(reference.spec, reference.small);
  const [n, c, h, w] = run.input;
  const image = tf.tensor4d(referenceImage(run.input, run.sign), [n, h, w, c]);
  const values = referenceWeights(model, reference.weights);
  const weights = weightsFromValues(model.graph, values);

  const functional = buildFunctionalNetwork(model.graph).forward(weights, image).outputs;
  const prepared = prepareInference(model.graph, weights).forward(image);
  const layersModel = buildLayersModel(model.graph, 'zero');
  setModelWeights(layersModel, model.graph, weights);
  const layered = [layersModel.predict(image)].flat();

  const names = model.graph.outputs.map(({ name }) => name);
  expect([...functional.keys()]).toEqual(names);
  expect(names.toSorted()).toEqual(run.outputs.map(({ name }) => name).toSorted());
  for (const { name, shape, samples } of run.outputs) {
    const computed = await functional.get(name)!.data();
    expect(functional.get(name)!.shape).toEqual([n, shape[2], shape[3], shape[1]]);
    for (const [flat, expected] of samples) {
      expect(Math.abs(valueAt(computed, shape, flat) - expected)).toBeLessThan(1e-4);
    }
    const scale = Math.max(1, most(computed));
    for (const other of [layered[names.indexOf(name)]!, prepared.get(name)!]) {
      const data = await other.data();
      const difference = most(data.map((value, at) => value - computed[at]!));
      // Where the reference's own float32 is further from its float64, so are two of ours.
      const noise = 2 * (reference.float32Error ?? 0);
      expect(difference / scale).toBeLessThan(Math.max(1e-5, noise));
    }
  }
}

const most = (list: ArrayLike<number>): number =>
  Array.from(list).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);

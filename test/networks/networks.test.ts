import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '@tensorflow/tfjs';
import { costOf } from '../../src/ir/cost.js';
import { accepts, exampleSize } from '../../src/ir/sizes/sizes.js';
import { sizeAt } from '../../src/ir/sizes/analysis.js';
import { walkSizes } from '../../src/ir/sizes/concrete.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { buildLayersModel, setModelWeights } from '../../src/runtime/network/layers-model.js';
import { weightsFromValues } from '../../src/runtime/network/weights.js';
import { compileSpec, networks, referenceImage, referenceWeights, valueAt } from './reference.js';

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
    expect(walk.failures.length === 0).toBe(isLegal);
    if (output === null) return;
    const { node } = graph.outputs[0]!;
    expect([sizeAt(sizes.height, node, height), sizeAt(sizes.width, node, width)]).toEqual(output);
    expect([walk.heights[node], walk.widths[node]]).toEqual(output);
  });

  test.each(reference.runs)('computes the reference values for $input', async (run) => {
    const model = compileSpec(reference.spec, reference.small);
    const [n, c, h, w] = run.input;
    const image = tf.tensor4d(referenceImage(run.input), [n, h, w, c]);
    const values = referenceWeights(model, reference.weights);
    const weights = weightsFromValues(model.graph, values);

    const network = buildFunctionalNetwork(model.graph);
    const functional = network.forward(weights, image).outputs.get('mask')!;
    const layersModel = buildLayersModel(model.graph);
    setModelWeights(layersModel, model.graph, weights);
    const layered = layersModel.predict(image) as tf.Tensor;

    const [functionalValues, layeredValues] = [await functional.data(), await layered.data()];
    expect(functional.shape).toEqual([n, run.output[2], run.output[3], run.output[1]]);
    for (const [flat, expected] of run.samples) {
      expect(Math.abs(valueAt(functionalValues, run.output, flat) - expected)).toBeLessThan(1e-4);
    }
    const most = (list: ArrayLike<number>): number =>
      Array.from(list).reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
    const difference = most(layeredValues.map((value, at) => value - functionalValues[at]!));
    expect(difference / Math.max(1, most(functionalValues))).toBeLessThan(1e-5);
  });
});

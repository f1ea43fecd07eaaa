import { afterAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../src/runtime/tensorflow.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { buildLayersModel } from '../../src/runtime/network/layers-model.js';
import { initialiseWeights } from '../../src/runtime/network/weights.js';
import { Random } from '../../src/runtime/random.js';
import { emitCase } from '../codegen/cases.js';
import { loadModule, removeModules } from '../codegen/load-module.js';

afterAll(removeModules);

/** The first seven of thirteen pixels, brought to thirteen again. */
const spec = (options: string): string => `model Wide {
  input image: [1, 13, 1]
  wires {
    first = image -> crop([0, 0, 0, 6])
    back = first -> resize_to(image${options})
  }
  head pixels: back
}
`;

/** From which of 7 pixels each of 13 is taken. */
const sources: readonly (readonly [options: string, pixels: readonly number[]])[] = [
  // torch.nn.functional.interpolate, mode "nearest"; TensorFlow 1.
  [', nearest', [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6]],
  [', nearest, grid: legacy', [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6]],
  // mode "nearest-exact"; tf.image.resize of TensorFlow 2 and Keras, method "nearest".
  [', nearest, grid: half_pixel', [0, 0, 1, 1, 2, 2, 3, 4, 4, 5, 5, 6, 6]],
  // TensorFlow 1, align_corners.
  [', nearest, grid: align_corners', [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]],
];

describe.each(['cpu', 'wasm'] as const)('nearest resizing on %s', (engine) => {
  test.each(sources)('resize_to(image%s)', async (options, expected) => {
    await startEngine(engine);
    const emitted = await emitCase({
      name: 'wide',
      file: 'wide.unet',
      text: spec(options),
      isValid: true,
    });
    const { graph } = emitted.models[0]!;
    const ramp = tf.tensor4d(
      Array.from({ length: 13 }, (_, index) => index),
      [1, 1, 13, 1],
    );
    const weights = initialiseWeights(graph, new Random(1));
    const functional = buildFunctionalNetwork(graph).forward(weights, ramp).outputs.get('pixels')!;
    expect([...functional.dataSync()]).toEqual(expected);
    const module = await loadModule(emitted.code);
    const build = Object.values(module).find(
      (each) => typeof each === 'function',
    ) as () => tf.LayersModel;
    for (const model of [buildLayersModel(graph), build()]) {
      expect([...(model.predict(ramp) as tf.Tensor).dataSync()]).toEqual(expected);
      model.dispose();
    }
  });
});

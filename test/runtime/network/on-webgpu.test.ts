import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { compileText } from '../../../src/compile.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import { prepareInference } from '../../../src/runtime/network/inference.js';
import { adam } from '../../../src/runtime/network/optimizers/adam.js';
import { Optimizer, type UpdateRule } from '../../../src/runtime/network/optimizers/optimizer.js';
import { sgd } from '../../../src/runtime/network/optimizers/sgd.js';
import { trainingStep } from '../../../src/runtime/network/training-step.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { Random } from '../../../src/runtime/random.js';
import * as tf from '../../../src/runtime/tensorflow.js';
import { relativeError } from '../numeric.js';
import { describeOnWebgpu } from '../webgpu.js';

/** Networks of every kind, as small as they come; the size and the number of images that they take. */
const specs: readonly (readonly [string, Readonly<Record<string, string>>, number, number?])[] = [
  ['nuclei', { base: '2' }, 32],
  ['unet-bilinear', { base: '2' }, 32],
  ['unet-3-plus', { base: '2' }, 32],
  ['unet-plus-plus', { base: '2', rows: '32', columns: '32' }, 32],
  ['unet-2015', { base: '1' }, 188, 1],
  ['attention-unet', { base: '2' }, 32],
  // A batch norm over two values is a sign, and turns rounding into another one.
  ['mobilenet-v2-unet', {}, 32, 6],
];

/** The losses of two steps and the outputs after them, of the same network from the same weights. */
async function trainedOn(
  engine: 'wasm' | 'webgpu',
  [name, set, size, count = 2]: (typeof specs)[number],
  rule: () => UpdateRule,
): Promise<{ readonly losses: readonly number[]; readonly outputs: readonly Float32Array[] }> {
  await startEngine(engine);
  const text = readFileSync(`specs/${name}.unet`, 'utf8');
  const { graph } = compileText(`specs/${name}.unet`, text, { set }).models[0]!;
  const { channels } = graph.nodes[0] as unknown as { channels: number };
  const random = new Random(3);
  const shape: [number, number, number, number] = [count, size, size, channels];
  const values = Float32Array.from({ length: tf.util.sizeFromShape(shape) }, () =>
    random.uniform(),
  );
  const image = tf.tensor4d(values, shape);
  const weights = initialiseWeights(graph, new Random(1));
  const optimizer = new Optimizer(rule());
  const options = {
    ...{ network: buildFunctionalNetwork(graph), weights, optimizer },
    loss: (outputs: ReadonlyMap<string, tf.Tensor4D>): tf.Scalar =>
      [...outputs.values()]
        .map((output) => tf.mean<tf.Scalar>(tf.square(output)))
        .reduce((sum, loss) => tf.add(sum, loss)),
  };
  const losses: number[] = [];
  for (let step = 0; step < 2; step++) {
    const batch = { image, learningRate: 1e-3, random: new Random(9) };
    const loss = trainingStep(options, batch);
    losses.push((await loss.data())[0]!);
    loss.dispose();
  }
  const inference = prepareInference(graph, weights);
  const given = tf.tidy(() => [...inference.forward(image).values()]);
  const outputs = await Promise.all(given.map((output) => output.data<'float32'>()));
  tf.dispose([given, image]);
  inference.dispose();
  weights.dispose();
  optimizer.dispose();
  return { losses, outputs };
}

/** Milliseconds for a test: adapters in software are slow. */
const patience = 600_000;

describeOnWebgpu('a network on webgpu', () => {
  // Steps along the gradient: Adam divides by its size, and makes much of what is rounding.
  test.each(specs)(
    '%s has the losses and outputs of wasm',
    async (...spec) => {
      const expected = await trainedOn('wasm', spec, () => sgd());
      const found = await trainedOn('webgpu', spec, () => sgd());
      expect(relativeError(found.losses, expected.losses)).toBeLessThan(1e-5);
      expected.outputs.forEach((output, at) => {
        expect(relativeError(found.outputs[at]!, output)).toBeLessThan(1e-4);
      });
    },
    patience,
  );

  test(
    'trains by Adam, with the same bits each time',
    async () => {
      const expected = await trainedOn('wasm', specs[0]!, () => adam());
      const found = await trainedOn('webgpu', specs[0]!, () => adam());
      expect(relativeError(found.losses, expected.losses)).toBeLessThan(1e-5);
      const again = await trainedOn('webgpu', specs[0]!, () => adam());
      expect(again).toEqual(found);
    },
    patience,
  );
});

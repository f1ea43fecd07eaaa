import { beforeAll, expect, test } from '@jest/globals';
import * as tf from '../../src/runtime/tensorflow.js';
import { graphWeights } from '../../src/codegen/tfjs/weights.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { weightsFromValues } from '../../src/runtime/network/weights.js';
import { compileSpec, networks, referenceImage, referenceWeights } from './reference.js';

/**
 * A classifier gates the masks of UNet 3+. The reference gates logits; gated probabilities
 * are the masks of the network without it, times 0 or 1 as the classifier says.
 */

const reference = networks.find(({ id }) => id === 'x_unet3plus_deep_cgm')!;

beforeAll(async () => {
  await startEngine('wasm');
});

test('gated probabilities are masks where the classifier sees something, and 0 elsewhere', async () => {
  const answers = new Set<number>();
  for (const run of reference.runs) {
    const [n, c, h, w] = run.input;
    const image = tf.tensor4d(referenceImage(run.input, run.sign), [n, h, w, c]);
    const gated = outputsOf('probabilities', image);
    const free = outputsOf('none', image);
    const present = (await gated.get('present')!.data()) as Float32Array;
    expect([...free.keys()]).toEqual([...gated.keys()].filter((name) => name !== 'present'));
    for (const [name, mask] of free) {
      const expected = await mask.data();
      const actual = await gated.get(name)!.data();
      const area = expected.length / n;
      for (let at = 0; at < expected.length; at++) {
        const image = Math.floor(at / area);
        const gate = present[2 * image + 1]! > present[2 * image]! ? 1 : 0;
        answers.add(gate);
        if (Math.abs(actual[at]! - gate * expected[at]!) > 1e-6) {
          throw new Error(`${name}[${at}] is ${actual[at]}, not ${gate} * ${expected[at]}`);
        }
      }
    }
  }
  expect([...answers].sort()).toEqual([0, 1]);
});

function outputsOf(guide: string, image: tf.Tensor4D): ReadonlyMap<string, tf.Tensor4D> {
  const whole = compileSpec(reference.spec, reference.small);
  const values = referenceWeights(whole, reference.weights);
  const { graph } = compileSpec(reference.spec, { ...reference.small, guide });
  const own = graphWeights(graph).map(({ name }) => [name, values.get(name)!] as const);
  return buildFunctionalNetwork(graph).forward(weightsFromValues(graph, new Map(own)), image)
    .outputs;
}

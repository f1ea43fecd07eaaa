import { beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import * as tf from '../../src/runtime/tensorflow.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { weightsFromValues } from '../../src/runtime/network/weights.js';
import { referenceImage, valueAt } from '../networks/reference.js';
import { weightsByShape } from '../zoo/weights-by-shape.js';
import { encoderNetwork } from './encoder-network.js';

/** An encoder of a library; `test/oracles/README.md` says where the numbers come from. */
interface DilatedEncoder {
  readonly name: string;
  /** The encoder here, with its fields. */
  readonly encoder: string;
  readonly size: readonly [number, number];
  readonly gain: number;
  readonly taps: Readonly<
    Record<
      string,
      {
        /** [n, c, h, w] */
        readonly shape: readonly [number, number, number, number];
        readonly largest: number;
        /** [flat index in n, c, h, w; value] */
        readonly samples: readonly (readonly [number, number])[];
      }
    >
  >;
}

const { encoders } = JSON.parse(readFileSync('test/oracles/dilated-encoders.json', 'utf8')) as {
  readonly encoders: readonly DilatedEncoder[];
};

beforeAll(() => startEngine('wasm'));

describe.each(encoders.map((each) => [each.encoder, each] as const))('%s', (call, reference) => {
  test(`gives the values of ${reference.name}`, () => {
    const { gain, size, taps } = reference;
    const { graph } = encoderNetwork(call, Object.keys(taps));
    const weights = weightsFromValues(graph, weightsByShape(graph, gain));
    const image = tf.tensor4d(referenceImage([1, 3, ...size]), [1, ...size, 3]);
    const { outputs } = buildFunctionalNetwork(graph).forward(weights, image);
    for (const [tap, { shape, largest, samples }] of Object.entries(taps)) {
      const [n, c, h, w] = shape;
      const output = outputs.get(`head_${tap}`)!;
      expect([tap, ...output.shape]).toEqual([tap, n, h, w, c]);
      const values = output.dataSync();
      for (const [at, expected] of samples) {
        const gap = Math.abs(valueAt(values, shape, at) - expected) / largest;
        expect({ tap, at, gap, isNear: gap < 1e-4 }).toMatchObject({ isNear: true });
      }
    }
    weights.dispose();
  });
});

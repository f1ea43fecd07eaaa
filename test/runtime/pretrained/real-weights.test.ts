import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '../../../src/runtime/tensorflow.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import { loadLayersModel } from '../../../src/runtime/network/model-files.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { loadWeights } from '../../../src/runtime/pretrained/load-weights.js';
import { Random } from '../../../src/runtime/random.js';
import { networkOf, sourceOf } from './support.js';

/** The MobileNetV2 that the package nsfwjs carries: `npm install --no-save nsfwjs@4.4.0`. */
const carrier = 'node_modules/nsfwjs';
const isInstalled = existsSync(carrier);

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'unetc-real-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

(isInstalled ? test : test.skip)(
  'the MobileNetV2 of nsfwjs gives the same as TensorFlow.js, tap for tap',
  async () => {
    execFileSync(process.execPath, ['scripts/unpack-nsfwjs.mjs', carrier, folder]);
    await startEngine('wasm');
    const network = networkOf(`import mobilenet_v2 from "std/mobilenet_v2"
      model Whole {
        input image: [H, W, 3]
        encoder mobilenet_v2 { form: keras, taps: [s2, s32] }
        head low: s2 -> identity
        head top: s32 -> identity
      }`);
    const { graph } = network;
    const { value, diagnostics } = await loadWeights(network, sourceOf(folder));
    // Left over is the classifier: three dense layers, and nothing of the encoder.
    expect(diagnostics.map(({ code, notes }) => [code, notes.length])).toEqual([['UNET6204', 3]]);
    expect(value!.summary).toMatchObject({ taken: 260, names: "keras's names" });

    const model = await loadLayersModel(folder);
    const taps = tf.model({
      inputs: model.inputs,
      outputs: ['expanded_conv_project_BN', 'out_relu'].map(
        (name) => model.getLayer(name).output as tf.SymbolicTensor,
      ),
    });
    const image = tf.randomUniform<tf.Rank.R4>([1, 224, 224, 3], 0, 1, 'float32', 3);
    const expected = taps.predict(image) as tf.Tensor[];
    const weights = initialiseWeights(graph, new Random(0), value!.values);
    const { outputs } = buildFunctionalNetwork(graph).forward(weights, image);
    ['low', 'top'].forEach((head, at) => {
      const gap = tf.max(tf.abs(tf.sub(outputs.get(head)!, expected[at]!))).dataSync()[0]!;
      const scale = tf.max(tf.abs(expected[at]!)).dataSync()[0]!;
      expect(gap / scale).toBeLessThan(1e-4);
    });
  },
);

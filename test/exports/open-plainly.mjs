/**
 * Opens saved models as a program does that knows nothing of unetc: with stock
 * TensorFlow.js, and the module beside a model where the model names layers that it
 * needs. Reads a list of { folder, shape, image, expected, engine } as JSON from the
 * file in the first word; prints, for each, how far its outputs are from what is
 * expected, relative to their largest value, or the error.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-wasm';

const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const registered = new Set();
const answers = [];
for (const each of cases) {
  await tf.setBackend(each.engine);
  await tf.ready();
  try {
    answers.push(await differenceOf(each));
  } catch (error) {
    answers.push(String(error));
  }
}
process.stdout.write(JSON.stringify(answers));

async function differenceOf({ folder, shape, image, expected }) {
  const json = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'));
  const { layers } = json.userDefinedMetadata.network;
  if (layers.some((name) => !registered.has(name))) {
    await import(pathToFileURL(join(folder, 'network.js')).href);
    for (const name of layers) registered.add(name);
  }
  const bytes = readFileSync(join(folder, json.weightsManifest[0].paths[0]));
  const model = await tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: json.weightsManifest[0].weights,
      weightData: Uint8Array.from(bytes).buffer,
    }),
  );
  const outputs = [model.predict(tf.tensor(image, shape))].flat();
  const errors = outputs.map((output, at) => relativeError(output.dataSync(), expected[at]));
  return Math.max(...errors);
}

function relativeError(actual, expected) {
  if (actual.length !== expected.length) return Infinity;
  let [difference, magnitude] = [0, 1e-6];
  for (let at = 0; at < actual.length; at++) {
    difference = Math.max(difference, Math.abs(actual[at] - expected[at]));
    magnitude = Math.max(magnitude, Math.abs(expected[at]));
  }
  return difference / magnitude;
}

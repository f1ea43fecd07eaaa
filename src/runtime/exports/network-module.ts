import { jsonText } from '../../diagnostics/json-text.js';
import type { NetworkFacts } from './describe-network.js';
import { copiedTexts } from '../../codegen/tfjs/copied-texts.js';
import { layerModules } from './layer-modules.generated.js';

/**
 * The text of `network.js`: a module that needs TensorFlow.js and nothing else. It
 * registers the layers that TensorFlow.js lacks, and knows how images become input,
 * which sizes are legal and what the outputs mean.
 */
export function networkModule(facts: NetworkFacts): string {
  const { layers } = facts;
  const parts = [
    `// Made by unetc: opens the model.json beside it, in browsers and in Node.js.`,
    `import * as tf from '@tensorflow/tfjs';`,
    '',
    '/** What the network takes and gives. */',
    `export const network = ${jsonText(facts)};`,
    '',
    helpers.trim(),
    ...copiedTexts(layers, layerModules).flatMap(({ text }) => ['', text]),
  ];
  return `${parts.join('\n')}\n`;
}

const helpers = `
/**
 * Loads the model: from beside this module, or from where \`tf.loadLayersModel\` is told.
 * Its \`predict\` checks the size of images first: a model that \`tf.loadLayersModel\` itself
 * gives ends at other sizes in an error of one of its layers.
 */
export async function loadNetwork(source = new URL('./model.json', import.meta.url).href) {
  const isFile = typeof source === 'string' && source.startsWith('file:');
  const model = await tf.loadLayersModel(isFile ? await readModel(new URL(source)) : source);
  const predict = model.predict.bind(model);
  model.predict = (input, options) => {
    const { shape } = [input].flat()[0];
    if (shape.length === 4) checkSize(shape[1], shape[2]);
    return predict(input, options);
  };
  return model;
}

/** Reads a model from the disk, in Node.js, where TensorFlow.js by itself cannot. */
async function readModel(file) {
  // A name that bundlers for browsers do not follow.
  const name = 'node:fs/promises';
  const { readFile } = await import(/* webpackIgnore: true */ /* @vite-ignore */ name);
  const { modelTopology, weightsManifest } = JSON.parse(await readFile(file, 'utf8'));
  const paths = weightsManifest.flatMap((group) => group.paths);
  const parts = await Promise.all(paths.map((path) => readFile(new URL(path, file))));
  return tf.io.fromMemory({
    modelTopology,
    weightSpecs: weightsManifest.flatMap((group) => group.weights),
    weightData: await new Blob(parts).arrayBuffer(),
  });
}

/** Whether the network takes images of that height and width. */
export function isLegalSize(height, width) {
  const { input } = network;
  if (input.isSquare && height !== width) return false;
  return isLegal(input.height, height) && isLegal(input.width, width);
}

/** Throws a RangeError that names the legal sizes, unless the network takes such images. */
export function checkSize(height, width) {
  if (isLegalSize(height, width)) return;
  const { input, model } = network;
  const square = input.isSquare ? ', both equal' : '';
  throw new RangeError(
    \`\${model} takes images whose height is \${input.height.text}, and whose width is \${input.width.text}\${square}; found \${height} x \${width}.\`,
  );
}

/** The smallest legal [height, width] that holds an image of that size; undefined where there is none. */
export function legalSizeAtLeast(height, width) {
  const { input } = network;
  const from = input.isSquare ? Math.max(height, width) : 0;
  for (let rows = Math.max(height, from); rows <= height + from + 8192; rows++) {
    if (!isLegal(input.height, rows)) continue;
    if (input.isSquare && !isLegal(input.width, rows)) continue;
    if (input.isSquare) return [rows, rows];
    for (let columns = width; columns <= width + 8192; columns++) {
      if (isLegal(input.width, columns)) return [rows, columns];
    }
  }
  return undefined;
}

function isLegal({ modulus, legal }, size) {
  return legal.some(
    ({ remainder, from, to = Infinity }) =>
      size % modulus === remainder % modulus && size >= from && size <= to,
  );
}

/**
 * Pixels [height, width, channels], as \`tf.browser.fromPixels\` gives them, as the input
 * of the network [1, height, width, channels]: scaled as in training. \`largest\` is the
 * largest value of the pixels' type, 255 for 8 bits.
 */
export function toInput(pixels, largest = 255) {
  const { input, scaling } = network;
  const [height, width, channels] = pixels.shape;
  if (channels !== input.channels) {
    throw new RangeError(
      \`\${network.model} takes images of \${input.channels} channel(s); found \${channels}.\`,
    );
  }
  checkSize(height, width);
  return tf.tidy(() => {
    const [low, high] = scaling.range ?? [0, largest];
    let values = tf.div(tf.sub(tf.cast(pixels, 'float32'), low), high - low);
    if (scaling.order !== undefined) {
      values = tf.gather(values, tf.tensor1d(scaling.order, 'int32'), 2);
    }
    if (scaling.statistics !== undefined) {
      const { mean, deviation } = scaling.statistics;
      values = tf.div(tf.sub(values, tf.tensor1d(mean)), tf.tensor1d(deviation));
    } else {
      const mean = tf.mean(values);
      const deviation = tf.sqrt(tf.mean(tf.square(tf.sub(values, mean))));
      // An image of one value becomes 0.
      const divisor = tf.where(tf.less(deviation, 1 / 25600), tf.onesLike(deviation), deviation);
      values = tf.div(tf.sub(values, mean), divisor);
    }
    return tf.expandDims(values, 0);
  });
}

/**
 * The probabilities of every head [n, height, width, channels] by name, for what
 * \`toInput\` gives. One channel is the probability of the foreground; several are
 * classes, or masks of their own where \`activation\` is "sigmoid"; where it is "none", values.
 */
export function predict(model, input) {
  checkSize(input.shape[1], input.shape[2]);
  return tf.tidy(() => {
    const values = [model.predict(input)].flat();
    const found = new Map(
      network.outputs.map(({ name, values: kind, activation }, at) => {
        const own = values[at];
        if (kind !== 'logits' || activation === 'none') return [name, own];
        return [name, activation === 'softmax' ? tf.softmax(own, -1) : tf.sigmoid(own)];
      }),
    );
    const entries = network.heads.map(({ name, outputs, prediction }) => {
      const all = outputs.map((output) => found.get(output));
      return [name, prediction === 'main' ? all[0] : tf.div(tf.addN(all), all.length)];
    });
    return Object.fromEntries(entries);
  });
}
`;

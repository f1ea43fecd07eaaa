import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import type { CustomLayer, LayerConfig } from '../../../src/codegen/tfjs/layers.js';
import { customLayers } from '../../../src/codegen/tfjs/layers.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { makeCustomLayer } from '../../../src/runtime/layers/custom-layers.js';
import { differentiate, distinctValues, finiteDifferences, relativeError } from '../numeric.js';

interface Case {
  readonly className: CustomLayer;
  readonly config: LayerConfig;
  readonly shapes: readonly (readonly number[])[];
  /** Height and width that the layer makes of every size. */
  readonly fixed?: readonly [number, number];
}

const image = [2, 5, 4, 3] as const;
const grids = ['halfPixel', 'alignCorners', 'legacy'];
const cases: readonly Case[] = [
  ...grids.map((grid): Case => ({
    className: 'BilinearUpsampling2D',
    config: { size: [2, 3], grid },
    shapes: [image],
  })),
  ...grids.map((grid): Case => ({
    className: 'ResizeTo2D',
    config: { grid },
    shapes: [image, [2, 7, 9, 1]],
  })),
  { className: 'ResizeTo2D', config: { method: 'nearest' }, shapes: [image, [2, 7, 3, 1]] },
  { className: 'CropTo2D', config: {}, shapes: [image, [2, 2, 3, 1]] },
  { className: 'CropTo2D', config: { rounding: 'halfEven' }, shapes: [image, [2, 2, 1, 1]] },
  { className: 'PadTo2D', config: {}, shapes: [image, [2, 8, 5, 1]] },
  {
    className: 'CropEdges2D',
    config: {
      cropping: [
        [1, 2],
        [0, 1],
      ],
    },
    shapes: [image],
  },
  {
    className: 'ReflectionPadding2D',
    config: {
      padding: [
        [3, 4],
        [0, 2],
      ],
    },
    shapes: [image],
  },
  { className: 'SpatialDropout2D', config: { rate: 0.5 }, shapes: [image] },
  {
    className: 'GroupedConv2D',
    config: { filters: 6, kernelSize: 3, groups: 3, strides: 2, padding: 'same' },
    shapes: [image],
  },
  {
    className: 'GroupedConv2D',
    config: { filters: 2, kernelSize: [2, 3], dilationRate: [2, 3], padding: 'same' },
    shapes: [[2, 7, 8, 3]],
  },
  {
    className: 'GroupedConv2D',
    config: { filters: 4, kernelSize: 2, dilationRate: 2, strides: [2, 1], groups: 2 },
    shapes: [[2, 7, 5, 4]],
  },
  {
    className: 'DilatedDepthwiseConv2D',
    config: { kernelSize: 3, dilationRate: [2, 1], depthMultiplier: 2, padding: 'same' },
    shapes: [image],
  },
  { className: 'GroupNormalization2D', config: { epsilon: 1e-3 }, shapes: [image] },
  {
    className: 'GroupNormalization2D',
    config: { groups: 2, affine: false },
    shapes: [[2, 3, 4, 4]],
  },
  { className: 'GroupNormalization2D', config: { groups: 1, perPixel: true }, shapes: [image] },
  { className: 'ChannelPReLU', config: { start: 0.1 }, shapes: [image] },
  { className: 'ChannelPReLU', config: { shared: true }, shapes: [image] },
  { className: 'ChannelPooling', config: { take: 'mean' }, shapes: [image] },
  { className: 'ChannelPooling', config: { take: 'max' }, shapes: [image] },
  { className: 'ChannelSlice', config: { from: 1, to: 3 }, shapes: [image] },
  { className: 'ChannelPart', config: { parts: 3, part: 1 }, shapes: [image] },
  { className: 'ChannelShuffle', config: { groups: 2 }, shapes: [[2, 3, 2, 8]] },
  { className: 'ChannelPadding', config: { channels: 5 }, shapes: [image] },
  { className: 'SpaceToDepth2D', config: { factor: 2 }, shapes: [[2, 6, 4, 2]] },
  {
    className: 'SpaceToDepth2D',
    config: { factor: 3, order: 'channelsLast' },
    shapes: [[1, 6, 3, 2]],
  },
  { className: 'ChannelScale', config: { start: 0.5 }, shapes: [image] },
  { className: 'Absolute', config: {}, shapes: [image] },
  { className: 'DropPath', config: { rate: 0.5 }, shapes: [image] },
  { className: 'PixelShuffle2D', config: { factor: 2 }, shapes: [[2, 3, 2, 8]] },
  {
    className: 'PixelShuffle2D',
    config: { factor: 3, order: 'channelsLast' },
    shapes: [[1, 2, 3, 18]],
  },
  {
    className: 'PaddedPooling2D',
    config: { take: 'max', poolSize: 3, strides: 2, padding: 'same' },
    shapes: [image],
  },
  {
    className: 'PaddedPooling2D',
    config: {
      ...{ take: 'mean', poolSize: [3, 2], rounding: 'ceil' },
      padding: [
        [1, 0],
        [1, 1],
      ],
    },
    shapes: [image],
  },
  {
    className: 'AdaptiveAveragePooling2D',
    config: { size: [3, 2] },
    shapes: [image],
    fixed: [3, 2],
  },
  {
    className: 'AdaptiveMaxPooling2D',
    config: { size: [3, 2] },
    shapes: [image],
    fixed: [3, 2],
  },
  ...['replicate', 'circular'].map((mode): Case => ({
    className: 'EdgePadding2D',
    config: {
      padding: [
        [3, 4],
        [0, 2],
      ],
      mode,
    },
    shapes: [image],
  })),
  {
    className: 'MaxUnpooling2D',
    config: { poolSize: [2, 1], strides: [3, 2], rounding: 'ceil' },
    shapes: [image, [2, 14, 8, 3]],
  },
  {
    className: 'Attention2D',
    config: { heads: 2 },
    shapes: [
      [2, 3, 4, 4],
      [2, 2, 3, 4],
      [2, 2, 3, 4],
    ],
  },
  {
    className: 'Attention2D',
    config: { heads: 2, window: 2, shift: 1, position: 'relative', scaled: false },
    shapes: [
      [2, 4, 6, 4],
      [2, 4, 6, 4],
      [2, 4, 6, 4],
    ],
  },
  { className: 'PositionTable2D', config: { size: [5, 4] }, shapes: [image] },
  { className: 'HardSwish', config: {}, shapes: [image] },
  { className: 'IsLargest', config: { channel: 2 }, shapes: [image] },
  { className: 'Subtract', config: {}, shapes: [image, image, image] },
  {
    className: 'PaddedPooling2D',
    config: { take: 'max', poolSize: 3, strides: [2, 3], rounding: 'ceil' },
    shapes: [image],
  },
  {
    className: 'PaddedPooling2D',
    config: { take: 'mean', poolSize: [3, 2], rounding: 'ceil' },
    shapes: [image],
  },
];

/** A layer with weights that leave nothing at 0; the same for the same configuration. */
function makeLayer({ className, config, shapes }: Case): tf.layers.Layer {
  const layer = makeCustomLayer(className, 'tested', config);
  const open = shapes.map((shape): tf.Shape => [null, null, null, shape[3]!]);
  layer.build(open.length === 1 ? open[0]! : open);
  const values = layer
    .getWeights()
    .map(({ shape }, at) => tf.tensor(distinctValues(shape, 50 + at), shape));
  layer.setWeights(values);
  return layer;
}

beforeAll(async () => {
  await startEngine('wasm');
});

describe.each(cases.map((each) => [`${each.className} ${JSON.stringify(each.config)}`, each]))(
  '%s',
  (_title, each) => {
    const { shapes } = each as Case;
    const args = shapes.map((shape, at) => ({ shape, values: distinctValues(shape, at + 1) }));
    const run = (...tensors: tf.Tensor[]): tf.Tensor => {
      const layer = makeLayer(each as Case);
      const value = layer.call(tensors.length === 1 ? tensors[0]! : tensors, {}) as tf.Tensor;
      // The target's size alone is read; adding its sum gives it a gradient of its own.
      return tensors.length === 1 ? value : tf.add(value, tf.sum(tensors[1]!));
    };

    test('has the right gradient on wasm and cpu', async () => {
      const numeric = await finiteDifferences('wasm', run, args, 2e-3);
      for (const backend of ['cpu', 'wasm']) {
        const { gradients } = await differentiate(backend, run, args);
        expect(relativeError(gradients[0]!, numeric[0]!)).toBeLessThan(6e-3);
      }
    });

    test('knows its shape, with unknown sizes too', async () => {
      await tf.setBackend('wasm');
      const layer = makeLayer(each as Case);
      const tensors = args.map(({ values, shape }) => tf.tensor(values, [...shape]));
      const single = tensors.length === 1;
      const value = layer.call(single ? tensors[0]! : tensors, {}) as tf.Tensor;
      const known = shapes.map((shape) => [...shape]);
      expect(layer.computeOutputShape(single ? known[0]! : known)).toEqual(value.shape);
      const unknown = shapes.map((shape): tf.Shape => [null, null, null, shape[3]!]);
      expect(layer.computeOutputShape(single ? unknown[0]! : unknown)).toEqual([
        null,
        ...((each as Case).fixed ?? [null, null]),
        value.shape[3],
      ]);
    });
  },
);

test('spatial dropout in training drops whole channels and keeps the mean', () => {
  const layer = makeCustomLayer('SpatialDropout2D', 'tested', { rate: 0.25 });
  const x = tf.ones<tf.Rank.R4>([40, 3, 3, 25]);
  const y = layer.call(x, { training: true }) as tf.Tensor4D;
  const channels = tf.mean(y, [1, 2]).dataSync();
  const kept = channels.filter((value) => value !== 0);
  expect(kept.every((value) => Math.abs(value - 4 / 3) < 1e-5)).toBe(true);
  expect(Math.abs(kept.length / channels.length - 0.75)).toBeLessThan(0.07);
});

test('drop path in training drops whole images and keeps the mean', () => {
  const layer = makeCustomLayer('DropPath', 'tested', { rate: 0.25 });
  const y = layer.call(tf.ones([1000, 2, 2, 3]), { training: true }) as tf.Tensor4D;
  const images = tf.mean(y, [1, 2, 3]).dataSync();
  const kept = images.filter((value) => value !== 0);
  expect(kept.every((value) => Math.abs(value - 4 / 3) < 1e-5)).toBe(true);
  expect(Math.abs(kept.length / images.length - 0.75)).toBeLessThan(0.07);
});

test.each(['max', 'mean'] as const)(
  'a %s pool with a last, partial window is read by its former class name too',
  async (take) => {
    const className = take === 'max' ? 'CeilMaxPooling2D' : 'CeilAveragePooling2D';
    const input = tf.input({ shape: [null, null, 2] });
    const config = { take, poolSize: 3, strides: 2, rounding: 'ceil' };
    const layer = makeCustomLayer('PaddedPooling2D', 'pool', config);
    const model = tf.model({ inputs: input, outputs: layer.apply(input) as tf.SymbolicTensor });
    const topology = model.toJSON(null, false) as unknown as {
      config: { layers: { class_name: string; config: object }[] };
    };
    const saved = topology.config.layers.find(
      ({ class_name: name }) => name === 'PaddedPooling2D',
    )!;
    saved.class_name = className;
    saved.config = { name: 'pool', trainable: true, pool_size: [3, 3], strides: [2, 2] };
    const read = await tf.loadLayersModel(tf.io.fromMemory({ modelTopology: topology }));
    const image = tf.tensor4d(distinctValues([1, 6, 8, 2], 7), [1, 6, 8, 2]);
    const [expected, found] = [model, read].map((each) => each.predict(image) as tf.Tensor);
    expect(found!.shape).toEqual([1, 3, 4, 2]);
    expect(found!.dataSync()).toEqual(expected!.dataSync());
  },
);

describe('files that emitters copy', () => {
  const folder = new URL('../../../src/runtime/layers/', import.meta.url);
  const files: readonly string[] = Object.values(customLayers).map(({ file }) => file);

  test('are all there, each with its class', () => {
    const present = readdirSync(folder).filter((file) => file.endsWith('-2d.ts'));
    expect(files).toEqual(expect.arrayContaining(present));
    for (const [className, { file }] of Object.entries(customLayers)) {
      const text = readFileSync(new URL(file, folder), 'utf8');
      expect(text).toContain(`export class ${className} extends tf.layers.Layer`);
      expect(text).toContain(`static className = '${className}';`);
      expect(text.trimEnd().endsWith(`tf.serialization.registerClass(${className});`)).toBe(true);
    }
  });

  test('import nothing but TensorFlow.js and values', () => {
    const values = new URL('../values/', folder);
    const tensorFlow = new URL('../tensorflow.js', folder);
    const all = [
      ...files.map((file) => new URL(file, folder)),
      ...readdirSync(values)
        .filter((file) => file.endsWith('.ts'))
        .map((file) => new URL(file, values)),
    ];
    for (const file of all) {
      const sources = [...readFileSync(file, 'utf8').matchAll(/ from '([^']+)';$/gm)];
      const foreign = sources
        .map(([, source]) => source!)
        .filter((source) => {
          const { pathname } = new URL(source, file);
          return pathname !== tensorFlow.pathname && !pathname.startsWith(values.pathname);
        });
      expect([file.pathname, foreign]).toEqual([file.pathname, []]);
    }
  });
});

import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '../../src/runtime/tensorflow.js';
import { layers } from '../../src/catalog/layers.js';
import { compileText, type CompiledModel } from '../../src/compile.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { describeNetwork } from '../../src/runtime/exports/describe-network.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import {
  buildLayersModel,
  savedWeightNames,
  setModelWeights,
} from '../../src/runtime/network/layers-model.js';
import { customLayersOf, modelLayers } from '../../src/runtime/network/model-layers.js';
import { saveLayersModel } from '../../src/runtime/network/model-files.js';
import { root } from '../codegen/cases.js';
import { forms } from '../codegen/forms.js';
import { tellingSizes, variedWeights } from '../networks/forms.js';
import { normalValues } from '../runtime/numeric.js';

const folder = join(root, `.tmp/exports-${process.pid}`);
beforeAll(async () => {
  await startEngine('wasm');
  mkdirSync(folder, { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Layers, each alone in a network of tensors of eight channels. */
const plainSteps = [
  ...[
    'conv(8, 3)',
    'conv(8, [1, 3], stride: 2)',
    'conv(8, 2, stride: 3)',
    'conv(8, 3, padding: 1)',
  ],
  ...['conv(8, 3, dilation: 2)', 'conv(8, 3, dilation: 2, stride: 2, padding: 2)'],
  ...['conv(8, 3, groups: 8)', 'conv(8, 1, stride: 2)', 'conv(8, 3, stride: [1, 2], padding: 1)'],
  ...['depthwise_conv(3)', 'depthwise_conv([3, 1], stride: 2)', 'depthwise_conv(2, multiplier: 2)'],
  ...['conv_transpose(4, 2)', 'conv_transpose(4, 3, padding: same)'],
  ...['conv_transpose(4, 4, padding: 1)', 'conv_transpose(4, 3, padding: 1)'],
  ...['conv_transpose(4, 1, stride: 3, padding: 0)', 'conv_transpose(4, [1, 4], padding: same)'],
  ...['max_pool', 'max_pool(3, stride: 2)', 'max_pool(2, rounding: ceil)'],
  ...['max_pool(3, stride: 2, padding: 1)', 'max_pool(3, stride: 2, padding: same)'],
  ...['avg_pool', 'avg_pool(2, rounding: ceil)', 'avg_pool(3, stride: 1, padding: 1)'],
  ...['avg_pool(3, stride: 2, padding: 1)', 'avg_pool(1, stride: 3)'],
  ...['nearest(2)', 'nearest([1, 3])', 'bilinear(2)', 'bilinear([3, 1])', 'bilinear(4)'],
  ...['bilinear(2, grid: legacy)', 'crop(1)', 'crop([0, 1, 2, 0])', 'crop(0)', 'pad(2)'],
  ...['pad([0, 1, 2, 0])', 'batch_norm', 'layer_norm', 'layer_norm(affine: false)'],
  ...[
    'relu',
    'relu6',
    'leaky_relu(0.2)',
    'elu',
    'selu',
    'prelu',
    'prelu(shared: true)',
    'silu',
    'hard_swish',
  ],
  ...['gelu', 'mish', 'softplus', 'sigmoid', 'tanh', 'softmax', 'dropout', 'spatial_dropout'],
  ...['abs', 'drop_path', 'batch_norm(scale: false)', 'batch_norm(shift: false)'],
  ...['identity', 'resize_to(image)', 'crop(1) -> pad_to(image)'],
];
const plainMerges = [
  '[t, t] -> concat',
  '[t, t, t] -> add',
  '[t, t -> relu] -> average',
  '[t, t -> global_avg_pool -> sigmoid] -> multiply',
  '[t, t -> global_max_pool] -> multiply',
  '[image -> crop_to(t), t] -> concat',
  '[image -> conv(4, 3, padding: valid), t -> crop(1)] -> concat',
  '[t -> crop(1) -> pad(1) -> resize_to(image), t] -> concat',
];

/** Those that TensorFlow.js has no layers for. */
const otherSteps = [
  ...['conv(8, 3, groups: 2)', 'conv(8, 3, dilation: 2, stride: 2)', 'conv(8, 3, stride: 4)'],
  ...[
    'depthwise_conv(3, dilation: 2)',
    'max_pool(3, rounding: ceil)',
    'avg_pool(3, padding: [1, 0])',
  ],
  ...['bilinear(2, grid: align_corners)', 'pixel_shuffle(2)', 'pad(1, mode: reflect)'],
  ...['instance_norm', 'group_norm(4)', 'group_norm(1, affine: false)', 'is_largest(1)'],
  ...[
    'adaptive_avg_pool(1)',
    'adaptive_avg_pool([2, 3])',
    'adaptive_avg_pool(3) -> resize_to(image)',
  ],
  ...['attention(t, t, 2)', 'pad([0, 1, 0, 1]) -> adaptive_avg_pool(4) -> positions(4)'],
  'attention(t, t, 2, window: 2, shift: 1, position: relative)',
  ...['adaptive_max_pool([2, 3])', 'pad(1, mode: replicate)', 'pad(1, mode: circular)'],
  'layer_scale(0.5)',
  ...['channel_mean', 'channel_max', 'slice(1, 5)', 'split(2, 1)', 'channel_shuffle(2)'],
  ...['pad_channels(9)', 'pad(2) -> space_to_depth(2)', 'space_to_depth(1, order: channels_last)'],
  '[identity, relu] -> subtract',
  ...['max_pool(2) -> max_unpool(t)', 'max_pool([2, 3], rounding: ceil) -> max_unpool(t)'],
  'max_pool(2, stride: [3, 2], padding: [1, 0]) -> max_unpool(t)',
  ...['max_pool(2) -> resize_to(image)', 'max_pool(2) -> resize_to(image, nearest)'],
  ...['max_pool(2) -> pad_to(image)'],
];

interface Opened {
  readonly title: string;
  readonly model: CompiledModel;
  readonly size: readonly [number, number];
  readonly engine: 'cpu' | 'wasm';
}

const specOf = (wire: string): string => `model Net {
  input image: [H, W, 8]
  wires {
    t = image -> conv(8, 1)
    made = ${wire}
  }
  head mask: made -> conv(1, 1)
}
`;

function compiled(text: string, set?: Readonly<Record<string, string>>): readonly CompiledModel[] {
  const { models, diagnostics } = compileText('net.unet', text, { set });
  if (models.length === 0) throw new Error(`${text}${JSON.stringify(diagnostics)}`);
  return models;
}

const alone = (wires: readonly string[]): readonly Opened[] =>
  wires.flatMap((wire) => {
    const [model] = compiled(specOf(wire));
    const size = tellingSizes(model!, 8).at(-1);
    return (['wasm', 'cpu'] as const).map((engine) => {
      return { title: `${wire} on ${engine}`, model: model!, size: size!, engine };
    });
  });

/** Saves every model, opens all in one process, and tells how far each is from the functional network. */
async function openAll(all: readonly Opened[]): Promise<readonly (number | string)[]> {
  const cases = [];
  for (const [at, { model, size, engine }] of all.entries()) {
    const { graph } = model;
    const weights = variedWeights(graph);
    const layered = buildLayersModel(graph);
    const names = layered.layers.map(({ name }) => name);
    expect([...modelLayers(graph).keys()].sort()).toEqual(names.sort());
    setModelWeights(layered, graph, weights);
    const target = join(folder, `${cases.length}-${at}`);
    const weightNames = savedWeightNames(layered, graph);
    await saveLayersModel(layered, target, { weightNames, network: describeNetwork(model) });
    const shape = [1, ...size, graph.nodes[0]!.channels] as [number, number, number, number];
    const image = normalValues(shape, 7);
    const input = tf.tensor4d(image, shape);
    const { outputs } = buildFunctionalNetwork(graph).forward(weights, input);
    const expected = [...outputs.values()].map((value) => [...value.dataSync()]);
    tf.dispose([input, ...outputs.values()]);
    for (const each of [layered, weights]) each.dispose();
    cases.push({ folder: target, shape, image: [...image], expected, engine });
  }
  const list = join(folder, 'cases.json');
  writeFileSync(list, JSON.stringify(cases));
  const script = join(root, 'test/exports/open-plainly.mjs');
  const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
  const options = { cwd: root, encoding: 'utf8', stdio, maxBuffer: 2 ** 26 } as const;
  return JSON.parse(execFileSync(process.execPath, [script, list], options)) as (number | string)[];
}

async function expectEqual(all: readonly Opened[], tolerance = 1e-5): Promise<void> {
  const answers = await openAll(all);
  const wrong = all.flatMap(({ title }, at) => {
    const answer = answers[at]!;
    return typeof answer === 'number' && answer < tolerance ? [] : [`${title}: ${answer}`];
  });
  expect(wrong).toEqual([]);
}

describe('saved models in stock TensorFlow.js, in a process of their own', () => {
  test('layers that are made of its own need nothing', async () => {
    const wires = [...plainSteps.map((step) => `t -> ${step}`), ...plainMerges];
    const all = alone(wires);
    const custom = all.filter(({ model }) => customLayersOf(model.graph).length > 0);
    expect(custom.map(({ title }) => title)).toEqual([]);
    await expectEqual(all);
  });

  test('the others need the module beside the model, and say so', async () => {
    const all = alone(otherSteps.map((step) => `t -> ${step}`));
    const plain = all.filter(({ model }) => customLayersOf(model.graph).length === 0);
    expect(plain.map(({ title }) => title)).toEqual([]);
    await expectEqual(all);
  });

  test('every spec opens and computes the same', async () => {
    const shipped = forms.filter(({ of }) => of.file !== 'spec.unet');
    const all = shipped.flatMap(({ of, set, name }) =>
      compiled(of.text, set).map((model): Opened => {
        return { title: name, model, size: tellingSizes(model, 24).at(-1)!, engine: 'wasm' };
      }),
    );
    // Rounding adds up over some hundred layers with weights of no training.
    await expectEqual(all, 1e-4);
  }, 300_000);

  test('every layer of the catalogue is among them', () => {
    const text = [...plainSteps, ...plainMerges, ...otherSteps].join(' ');
    for (const name of Object.keys(layers))
      expect([name, text.includes(name)]).toEqual([name, true]);
  });
});

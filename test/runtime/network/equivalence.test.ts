import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as tf from '../../../src/runtime/tensorflow.js';
import { channelsOut } from '../../../src/ir/operations/channels-out.js';
import type { Graph, NodeId } from '../../../src/ir/graph.js';
import { layerName } from '../../../src/codegen/tfjs/layer-names.js';
import { transposedPadding } from '../../../src/frontend/elaborate/padding.js';
import { noEdges, type ActivationFunction, type Op } from '../../../src/ir/operations/ops.js';
import { walkSizes } from '../../../src/ir/sizes/concrete.js';
import { graphWeights } from '../../../src/codegen/tfjs/weights.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { buildFunctionalNetwork } from '../../../src/runtime/network/functional.js';
import {
  buildLayersModel,
  setModelWeights,
  weightLayers,
} from '../../../src/runtime/network/layers-model.js';
import { prepareInference } from '../../../src/runtime/network/inference.js';
import { loadLayersModel, saveLayersModel } from '../../../src/runtime/network/model-files.js';
import type { WeightStore } from '../../../src/runtime/network/weights.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { Random } from '../../../src/runtime/random.js';
import { activationOp, buildUnet, GraphBuilder, nearestBy, running } from '../graph-builder.js';
import { normalValues, relativeError } from '../numeric.js';

const edges = { top: 1, bottom: 2, left: 0, right: 1 };

/** A graph of one operation over a conv of the image, whose second input is smaller or larger. */
function oneOperation(op: Op, secondStride?: number): Graph {
  const graph = new GraphBuilder(2);
  const x = graph.conv('first_conv', graph.image, 4);
  const inputs: NodeId[] = [x];
  if (secondStride !== undefined) {
    inputs.push(graph.conv('second', graph.image, 4, { stride: [secondStride, secondStride] }));
  }
  const channels = channelsOut(
    op,
    inputs.map(() => 4),
  ) as number;
  return graph.output('result', graph.node('tested_node', op, inputs, channels)).build();
}

const conv = {
  kernel: [3, 3],
  stride: [2, 2],
  dilation: [1, 1],
  groups: 1,
  bias: true,
  initializer: 'he_normal',
} as const;
const functions: readonly ActivationFunction[] = [
  'relu',
  'relu6',
  'leaky_relu',
  'elu',
  'selu',
  'silu',
  'hard_swish',
  'gelu',
  'mish',
  'softplus',
  'sigmoid',
  'tanh',
  'abs',
];

/** Cuts 4 x 3 pixels off the image so that 'smaller' is a target of crop_to. */
function withTarget(op: Op, larger: boolean): Graph {
  const graph = new GraphBuilder(2);
  const x = graph.conv('first_conv', graph.image, 4);
  const cut = graph.node('cut', { kind: 'crop', edges: { top: 2, bottom: 1, left: 1, right: 0 } }, [
    x,
  ]);
  return graph
    .output('result', graph.node('tested_node', op, larger ? [cut, x] : [x, cut]))
    .build();
}

function gated(): Graph {
  const graph = new GraphBuilder(2);
  const x = graph.conv('first_conv', graph.image, 4);
  const mean = graph.node('squeeze', { kind: 'global_avg_pool' }, [x]);
  const gate = graph.conv('excite', mean, 4, { kernel: [1, 1] });
  const sigmoid = graph.node('gate', { kind: 'activation', function: 'sigmoid' }, [gate]);
  const pixel = graph.conv('attention', x, 1, { kernel: [1, 1] });
  return graph
    .output('result', graph.node('tested_node', { kind: 'multiply' }, [x, sigmoid, pixel]))
    .output('maxima', graph.node('maxima', { kind: 'global_max_pool' }, [x]))
    .output('mean', graph.node('mean', { kind: 'average' }, [x, graph.conv('other', x, 4)]))
    .output('rest', graph.node('rest', { kind: 'subtract' }, [x, graph.conv('less', x, 4)]))
    .output('winner', graph.node('winner', { kind: 'is_largest', channel: 1 }, [x], 1))
    .build();
}

/** Every kind of convolution with a batch norm and an activation behind it, and a norm of its own. */
function normalised(weights = { scale: true, shift: true }): Graph {
  const graph = new GraphBuilder(2);
  const norm = { kind: 'batch_norm', epsilon: 1e-3, running, ...weights } as const;
  const followed = (name: string, x: NodeId, activation: ActivationFunction): NodeId =>
    graph.node(`${name}_activation`, activationOp(activation), [
      graph.node(`${name}_norm`, norm, [x]),
    ]);
  let x = graph.image;
  x = followed('conv', graph.conv('conv', x, 3, { bias: true, padding: edges }), 'relu6');
  const depthwise = { kind: 'depthwise_conv', multiplier: 2, padding: 'same', ...conv } as const;
  x = followed('depthwise', graph.node('depthwise', depthwise, [x], 6), 'relu');
  x = followed('up', graph.convTranspose('up', x, 5), 'relu');
  x = followed('silu', graph.conv('unbiased', x, 3, { bias: false }), 'silu');
  const tapped = graph.node('tap', norm, [graph.conv('tapped', x, 4)]);
  const sum = graph.node('sum', { kind: 'add' }, [x, graph.conv('narrow', tapped, 3)]);
  const preNorm = followed('before', sum, 'relu');
  return graph
    .output('result', graph.node('last', norm, [preNorm]))
    .output('tap', tapped)
    .build();
}

const window = { size: [3, 2], stride: [2, 2], padding: noEdges } as const;
const graphs: readonly (readonly [string, Graph])[] = [
  ['U-Net', buildUnet(2, 4)],
  ['conv same', oneOperation({ kind: 'conv', channels: 3, padding: 'same', ...conv })],
  ['conv valid', oneOperation({ kind: 'conv', channels: 3, padding: noEdges, ...conv })],
  ['conv edges', oneOperation({ kind: 'conv', channels: 3, padding: edges, ...conv })],
  ['depthwise', oneOperation({ kind: 'depthwise_conv', multiplier: 2, padding: edges, ...conv })],
  ...(['same', noEdges, edges] as const).flatMap((padding) => [
    [
      `dilated conv ${JSON.stringify(padding)}`,
      oneOperation({ kind: 'conv', channels: 3, padding, ...conv, dilation: [2, 1] }),
    ] as const,
    [
      `dilated depthwise ${JSON.stringify(padding)}`,
      oneOperation({
        ...{ kind: 'depthwise_conv', multiplier: 2, padding, ...conv },
        ...{ dilation: [2, 3], stride: [1, 1] },
      }),
    ] as const,
    [
      `grouped conv ${JSON.stringify(padding)}`,
      oneOperation({ kind: 'conv', channels: 6, padding, ...conv, groups: 2 }),
    ] as const,
  ]),
  [
    'conv of a group a channel, dilated',
    oneOperation({
      ...{ kind: 'conv', channels: 8, padding: 'same', ...conv },
      ...{ groups: 4, dilation: [1, 2], stride: [1, 1] },
    }),
  ],
  ...(['same', 'valid', edges] as const).map(
    (padding) =>
      [
        `conv_transpose ${JSON.stringify(padding)}`,
        oneOperation({
          ...{ kind: 'conv_transpose', channels: 3, ...conv },
          ...transposedPadding(padding, conv.kernel, conv.stride),
        }),
      ] as const,
  ),
  [
    'conv_transpose with a stride beyond its kernel',
    oneOperation({
      kind: 'conv_transpose',
      channels: 3,
      edges,
      outputPadding: [0, 0],
      ...conv,
      kernel: [2, 1],
      stride: [3, 2],
    }),
  ],
  ...(['floor', 'ceil'] as const).flatMap((rounding) => [
    [
      `max_pool padded ${rounding}`,
      oneOperation({ kind: 'max_pool', ...window, rounding, padding: { ...edges, bottom: 1 } }),
    ] as const,
    [
      `avg_pool padded ${rounding}`,
      oneOperation({ kind: 'avg_pool', ...window, rounding, padding: { ...edges, top: 2 } }),
    ] as const,
    [
      `avg_pool same ${rounding}`,
      oneOperation({ kind: 'avg_pool', ...window, rounding, padding: 'same' }),
    ] as const,
    [`max_pool ${rounding}`, oneOperation({ kind: 'max_pool', ...window, rounding })] as const,
    [`avg_pool ${rounding}`, oneOperation({ kind: 'avg_pool', ...window, rounding })] as const,
  ]),
  ...(['half_pixel', 'align_corners', 'asymmetric'] as const).flatMap((coordinates) => [
    [
      `upsample ${coordinates}`,
      oneOperation({ kind: 'upsample', factor: [2, 3], method: 'bilinear', coordinates }),
    ] as const,
    [
      `resize_to ${coordinates}`,
      withTarget({ kind: 'resize_to', method: 'bilinear', coordinates }, true),
    ] as const,
  ]),
  [
    'upsample nearest',
    oneOperation({ kind: 'upsample', factor: [2, 3], ...nearestBy('half_pixel') }),
  ],
  ['resize_to nearest', withTarget({ kind: 'resize_to', ...nearestBy('half_pixel') }, true)],
  ['crop_to floor', withTarget({ kind: 'crop_to', rounding: 'floor' }, false)],
  ['crop_to half_even', withTarget({ kind: 'crop_to', rounding: 'half_even' }, false)],
  ['pad_to', withTarget({ kind: 'pad_to' }, true)],
  ['crop', oneOperation({ kind: 'crop', edges })],
  ['pad zero', oneOperation({ kind: 'pad', edges, mode: 'zero' })],
  ...(['reflect', 'replicate', 'circular'] as const).map(
    (mode) => [`pad ${mode}`, oneOperation({ kind: 'pad', edges, mode })] as const,
  ),
  ['adaptive_max_pool', oneOperation({ kind: 'adaptive_max_pool', size: [3, 2] })],
  ...functions.map((name) => [name, oneOperation(activationOp(name))] as const),
  ...([true, false] as const).flatMap((affine) => [
    [
      `instance_norm ${affine}`,
      oneOperation({ kind: 'instance_norm', epsilon: 1e-3, affine }),
    ] as const,
    [
      `group_norm ${affine}`,
      oneOperation({ kind: 'group_norm', groups: 2, epsilon: 1e-5, affine }),
    ] as const,
    [`layer_norm ${affine}`, oneOperation({ kind: 'layer_norm', epsilon: 1e-6, affine })] as const,
  ]),
  ['prelu', oneOperation({ kind: 'prelu', start: 0.25, shared: false })],
  ['prelu with one slope', oneOperation({ kind: 'prelu', start: 0.25, shared: true })],
  ['layer_scale', oneOperation({ kind: 'layer_scale', start: 0.5 })],
  ...(['channels_first', 'channels_last'] as const).map(
    (order) =>
      [
        `pixel_shuffle ${order}`,
        oneOperation({ kind: 'pixel_shuffle', factor: 2, order }),
      ] as const,
  ),
  ...(['channels_first', 'channels_last'] as const).map(
    (order) =>
      [
        `space_to_depth ${order}`,
        oneOperation({ kind: 'space_to_depth', factor: 1, order }),
      ] as const,
  ),
  ['channel_mean', oneOperation({ kind: 'channel_mean' })],
  ['channel_max', oneOperation({ kind: 'channel_max' })],
  ['slice', oneOperation({ kind: 'slice', from: 1, to: 3 })],
  ['split', oneOperation({ kind: 'split', parts: 2, part: 1 })],
  ['channel_shuffle', oneOperation({ kind: 'channel_shuffle', groups: 2 })],
  ['pad_channels', oneOperation({ kind: 'pad_channels', channels: 9 })],
  ['softmax', oneOperation({ kind: 'softmax' })],
  ['dropout', oneOperation({ kind: 'dropout', rate: 0.5, drops: 'values' })],
  ['spatial dropout', oneOperation({ kind: 'dropout', rate: 0.5, drops: 'channels' })],
  ['drop path', oneOperation({ kind: 'dropout', rate: 0.5, drops: 'images' })],
  ['concat', oneOperation({ kind: 'concat' }, 1)],
  ['concat of one', oneOperation({ kind: 'concat' })],
  ['add', oneOperation({ kind: 'add' }, 1)],
  ['gates', gated()],
  ['norms', normalised()],
  ['norms without scale', normalised({ scale: false, shift: true })],
  ['norms without shift', normalised({ scale: true, shift: false })],
];

/** Weights that leave nothing at 0 or 1, so that a swapped or missing one shows. */
function variedWeights(graph: Graph): WeightStore {
  const weights = initialiseWeights(graph, new Random(3));
  graphWeights(graph).forEach((spec, at) => {
    if (spec.role === 'kernel') return;
    const values = normalValues(spec.shape, 100 + at, 0.3);
    const positive = spec.role === 'gamma' || spec.role === 'moving_variance';
    const shifted = positive ? values.map((value) => 1 + Math.abs(value)) : values;
    tf.tidy(() => weights.assign(spec.name, tf.tensor(shifted, [...spec.shape])));
  });
  return weights;
}

function functionalOutputs(graph: Graph, weights: WeightStore, image: tf.Tensor4D): tf.Tensor4D[] {
  const { outputs } = buildFunctionalNetwork(graph).forward(weights, image);
  return [...outputs.values()];
}

function modelOutputs(model: tf.LayersModel, image: tf.Tensor4D): tf.Tensor[] {
  const results = model.predict(image);
  return Array.isArray(results) ? results : [results];
}

/** Height and width of a tensor where they are the same for images of all sizes, else null. */
function knownSizes(graph: Graph, node: NodeId): readonly (number | null)[] {
  const [small, large] = [walkSizes(graph, 8, 12), walkSizes(graph, 48, 72)];
  return (['heights', 'widths'] as const).map((axis) =>
    small[axis][node] === large[axis][node] ? small[axis][node]! : null,
  );
}

/** The values that the layers of a model hold, by the graph's names of the weights. */
function layerValues(model: tf.LayersModel, graph: Graph): ReadonlyMap<string, unknown> {
  return new Map(
    weightLayers(model, graph).flatMap(({ layer, specs }) =>
      layer.getWeights().map((tensor, at) => [specs[at]!.name, tensor.dataSync()] as const),
    ),
  );
}

let folder: string;
beforeAll(async () => {
  await startEngine('wasm');
  folder = await mkdtemp(path.join(os.tmpdir(), 'unetc-model-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the layers model gives what the functional network gives', () => {
  test.each(graphs)('%s', async (_title, graph) => {
    const channels = graph.nodes[0]!.channels;
    const weights = variedWeights(graph);
    const image = tf.tensor4d(normalValues([2, 8, 12, channels], 1), [2, 8, 12, channels]);
    const model = buildLayersModel(graph);
    setModelWeights(model, graph, weights);

    const expected = functionalOutputs(graph, weights, image);
    const actual = modelOutputs(model, image);
    expect(actual.map(({ shape }) => shape)).toEqual(expected.map(({ shape }) => shape));
    actual.forEach((tensor, at) => {
      expect(relativeError(tensor.dataSync(), expected[at]!.dataSync())).toBeLessThan(1e-5);
    });

    // The layer of an output has the node's name; sizes that depend on the image stay unknown.
    const outputs = graph.outputs.map(({ node }) => graph.nodes[node]!);
    expect(model.outputNames).toEqual(outputs.map(({ name }) => layerName(name)));
    expect(model.outputs.map(({ shape }) => shape)).toEqual(
      outputs.map(({ id, channels: ofOutput }) => [null, ...knownSizes(graph, id), ofOutput]),
    );

    const count = graphWeights(graph).reduce(
      (sum, spec) => sum + tf.util.sizeFromShape([...spec.shape]),
      0,
    );
    expect(model.countParams()).toBe(count);
    expect(layerValues(model, graph)).toEqual(await weights.values());
    model.dispose();
    weights.dispose();
  });
});

test('every layer of a plan survives saving and loading', async () => {
  for (const [title, graph] of graphs) {
    const channels = graph.nodes[0]!.channels;
    const weights = variedWeights(graph);
    const image = tf.tensor4d(normalValues([1, 8, 12, channels], 1), [1, 8, 12, channels]);
    const model = buildLayersModel(graph);
    setModelWeights(model, graph, weights);
    const target = path.join(folder, title.replace(/\W/g, '_'));
    await saveLayersModel(model, target);
    await saveLayersModel(model, target);
    expect((await readdir(target)).sort()).toEqual(['model.json', 'weights.bin']);
    const loaded = await loadLayersModel(target);
    const before = modelOutputs(model, image);
    modelOutputs(loaded, image).forEach((tensor, at) => {
      expect([title, relativeError(tensor.dataSync(), before[at]!.dataSync())]).toEqual([title, 0]);
    });
    model.dispose();
    loaded.dispose();
    weights.dispose();
  }
});

test.each(graphs)('folded for inference, %s stays the same and leaks nothing', (_title, graph) => {
  const channels = graph.nodes[0]!.channels;
  const weights = variedWeights(graph);
  const image = tf.tensor4d(normalValues([2, 8, 12, channels], 1), [2, 8, 12, channels]);
  const expected = functionalOutputs(graph, weights, image).map((tensor) => tensor.dataSync());
  const before = tf.memory().numTensors;
  const network = prepareInference(graph, weights);
  const prepared = tf.memory().numTensors;
  for (let round = 0; round < 2; round++) {
    const outputs = [...network.forward(image).values()];
    expect(tf.memory().numTensors).toBe(prepared + outputs.length);
    outputs.forEach((tensor, at) => {
      expect(relativeError(tensor.dataSync(), expected[at]!)).toBeLessThan(1e-5);
    });
    tf.dispose(outputs);
  }
  network.dispose();
  expect(tf.memory().numTensors).toBe(before);
  weights.dispose();
});

test('inference frees every intermediate value', () => {
  const graph = buildUnet(2, 4);
  const network = buildFunctionalNetwork(graph);
  const weights = initialiseWeights(graph, new Random(1));
  const image = tf.zeros<tf.Rank.R4>([1, 16, 16, 3]);
  const before = tf.memory().numTensors;
  const { outputs } = network.forward(weights, image);
  expect(tf.memory().numTensors).toBe(before + outputs.size);
  outputs.get('mask')!.dispose();
});

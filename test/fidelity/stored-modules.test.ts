import { beforeAll, expect, test } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import * as tf from '../../src/runtime/tensorflow.js';
import { graphWeights, type WeightSpec } from '../../src/codegen/tfjs/weights.js';
import type { CompiledModel } from '../../src/compile.js';
import type { Graph } from '../../src/ir/graph.js';
import type { Op } from '../../src/ir/operations/ops.js';
import { startEngine } from '../../src/runtime/engines/start-engine.js';
import { withLogitHeads } from '../../src/runtime/losses/head.js';
import { buildFunctionalNetwork } from '../../src/runtime/network/functional.js';
import { weightsFromValues } from '../../src/runtime/network/weights.js';
import {
  compileSpec,
  referenceImage,
  valueAt,
  weightValues,
  type WeightKind,
} from '../networks/reference.js';
import { withoutDropout } from './ours.js';

/**
 * Numbers of emitted PyTorch modules that test/oracles keeps, against our functional
 * network: needs no Python.
 */

type Shape = readonly [number, number, number, number];

interface StoredModule {
  readonly spec: string;
  readonly set: Readonly<Record<string, string>>;
  /** [n, c, h, w] */
  readonly input: Shape;
  readonly outputs: readonly {
    readonly shape: Shape;
    readonly largest: number;
    /** How far one unit of rounding in weights and image moves it, relative to `largest`, where above 1e-5. */
    readonly rounding?: number;
    readonly samples: readonly (readonly [number, number])[];
  }[];
  /** Whether the step is that of the network with swish for rectifiers, whose corners no float32 can hold. */
  readonly smooth: boolean;
  /** How far some units of rounding in weights and image move a norm, as a share of it, where above 2.5e-4. */
  readonly moved?: number;
  readonly loss: number;
  /** Norms in the order of the texts of all names, 0 for running statistics. */
  readonly gradients: readonly number[];
}

const { modules } = JSON.parse(readFileSync('test/oracles/emitted-modules.json', 'utf8')) as {
  readonly modules: readonly StoredModule[];
};

beforeAll(() => startEngine('wasm'));

const roles: Readonly<Record<WeightSpec['role'], readonly [string, WeightKind]>> = {
  kernel: ['weight', 'weight'],
  bias: ['bias', 'bias'],
  gamma: ['weight', 'gamma'],
  beta: ['bias', 'bias'],
  alpha: ['weight', 'gamma'],
  moving_mean: ['running_mean', 'mean'],
  moving_variance: ['running_var', 'var'],
  table: ['table', 'weight'],
};

const torchName = ({ name, role }: WeightSpec): string =>
  `${name.slice(0, name.lastIndexOf('/')).replaceAll('/', '.')}.${roles[role][0]}`;

/** Names as Python sorts them. */
const sortedNames = (model: CompiledModel): readonly string[] =>
  graphWeights(model.graph)
    .map(torchName)
    .toSorted((a, b) => (a < b ? -1 : 1));

/** The values of the formula, from PyTorch's order of axes to ours. */
function valuesOf(spec: WeightSpec, model: CompiledModel, position: number): Float32Array {
  const kind = roles[spec.role][1];
  const { op } = model.graph.nodes.find(({ name }) => spec.name === `${name}/${spec.role}`)!;
  if (spec.shape.length !== 4) return weightValues(kind, spec.shape, null, position);
  const [h, w, a, b] = spec.shape as Shape;
  const isDepthwise = op.kind === 'depthwise_conv';
  const shape = isDepthwise ? [a, b, h, w] : [b, a, h, w];
  const fanIn = isDepthwise ? h * w : op.kind === 'conv_transpose' ? b : a * h * w;
  const values = weightValues(kind, shape, Math.sqrt(6 / fanIn), position);
  const order = isDepthwise ? [2, 3, 0, 1] : [2, 3, 1, 0];
  return tf.tidy(() => tf.transpose(tf.tensor(values, shape), order).dataSync<'float32'>().slice());
}

/** Summed with 64 bits: a sum of a million squares in 32 is off by a thousandth. */
const normOf = (tensor: tf.Tensor): number =>
  Math.sqrt(tensor.dataSync<'float32'>().reduce((sum, value) => sum + value * value, 0));

const isRectifier = (op: Op): boolean =>
  op.kind === 'activation' && ['relu', 'relu6', 'leaky_relu'].includes(op.function);

/** A graph with swish for its rectifiers. */
const smoothed = (graph: Graph): Graph => ({
  ...graph,
  nodes: graph.nodes.map((node) =>
    isRectifier(node.op) ? { ...node, op: { kind: 'activation', function: 'silu' } } : node,
  ),
});

test('all specs are held', () => {
  const specs = readdirSync('specs').filter((name) => name.endsWith('.unet'));
  const held = modules.map(({ spec }) => `${spec}.unet`);
  expect(held.toSorted()).toEqual(specs.toSorted());
});

test.each(modules)('$spec', (stored) => {
  const model = compileSpec(stored.spec, stored.set);
  const names = sortedNames(model);
  const specs = graphWeights(model.graph);
  const values = new Map(
    specs.map((spec) => [spec.name, valuesOf(spec, model, names.indexOf(torchName(spec)))]),
  );
  const weights = weightsFromValues(model.graph, values);
  const graph = withLogitHeads(withoutDropout(model.graph));
  const network = buildFunctionalNetwork(graph);
  const trained = stored.smooth ? buildFunctionalNetwork(smoothed(graph)) : network;
  const [n, c, h, w] = stored.input;
  const image = tf.tensor4d(referenceImage([n, c, h, w]), [n, h, w, c]);
  const outputs = [...network.forward(weights, image).outputs.values()];
  for (const [at, { shape, largest, rounding = 1e-5, samples }] of stored.outputs.entries()) {
    const found = outputs[at]!.dataSync();
    expect(outputs[at]!.shape).toEqual([shape[0], shape[2], shape[3], shape[1]]);
    for (const [flat, expected] of samples) {
      const off = Math.abs(valueAt(found, shape, flat) - expected);
      expect(off / largest).toBeLessThan(rounding);
    }
  }

  const variables = weights.trainable();
  const { value, grads } = tf.variableGrads(
    () =>
      [...trained.forward(weights, image, { training: true }).outputs.values()]
        .map((output) => {
          const first = tf.transpose(output, [0, 3, 1, 2]);
          const waves = Float32Array.from({ length: first.size }, (_, i) => Math.cos(i));
          return tf.mean(tf.mul(first, tf.tensor(waves, first.shape))) as tf.Scalar;
        })
        .reduce((sum, each) => tf.add(sum, each)),
    variables.map(({ variable }) => variable),
  );
  // A mean of values of both signs: they are what is summed.
  const scale = Math.max(1, ...stored.outputs.map(({ largest }) => largest));
  expect(Math.abs(value.dataSync()[0]! - stored.loss) / scale).toBeLessThan(1e-5);
  const most = Math.max(...stored.gradients);
  const share = Math.max(1e-3, 4 * (stored.moved ?? 0));
  const byName = new Map(specs.map((spec) => [spec.name, torchName(spec)]));
  const wrong = variables.flatMap(({ name, variable }) => {
    const expected = stored.gradients[names.indexOf(byName.get(name)!)]!;
    const norm = normOf(grads[variable.name]!);
    // Biases before norms have none: what is left of theirs is rounding.
    return Math.abs(norm - expected) < share * expected + 1e-6 * most
      ? []
      : [[name, norm, expected]];
  });
  expect(wrong).toEqual([]);
});

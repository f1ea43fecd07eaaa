import { beforeAll, expect, test } from '@jest/globals';
import { emitPyTorch } from '../../../src/codegen/pytorch/emit.js';
import type { OpKind } from '../../../src/ir/operations/ops.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { networkOf } from '../../fidelity/networks.js';
import { comparePyTorch } from '../../fidelity/pytorch.js';
import { findPython } from '../../python/find-python.js';

/**
 * Which activations of an emitted file write over what they read, and that outputs, losses and
 * gradients stay what they are.
 */

beforeAll(() => startEngine('wasm'));

/** A model of wires and heads, with blocks. */
const network = (wires: string, heads = 'head mask: last -> conv(1, 1)'): string => `
  model Net() {
    input image: [H, W, 4]
    wires {
      ${wires}
    }
    ${heads}
  }
  block inner = batch_norm -> conv(4, 3)
  block bends(c: int) = relu -> conv(c, 3)
  block gives = relu
  block around(other: tensor) = [in, other] -> add -> gives`;

/** An activation after each operation, and whether it writes over what that made. */
const operations: Readonly<Record<OpKind, readonly [wires: string, isInPlace: boolean]>> = {
  input: ['last = image -> relu', false],
  conv: ['last = image -> conv(4, 3, stride: 2) -> relu', true],
  depthwise_conv: ['last = image -> depthwise_conv(3, multiplier: 2) -> elu', true],
  conv_transpose: ['last = image -> conv_transpose(4, 3, padding: same) -> relu6', true],
  max_pool: ['last = image -> max_pool(3, stride: 2, padding: same) -> relu', true],
  avg_pool: ['last = image -> avg_pool(3, stride: 2, padding: same) -> selu', true],
  max_unpool: ['p = image -> max_pool(2)\n last = p -> conv(4, 3) -> max_unpool(p) -> relu', true],
  global_avg_pool: ['last = image -> conv(4, 3) -> global_avg_pool -> leaky_relu(0.3)', true],
  global_max_pool: ['last = image -> conv(4, 3) -> global_max_pool -> leaky_relu(0.3)', false],
  adaptive_avg_pool: ['last = image -> conv(4, 3) -> adaptive_avg_pool(3) -> relu', true],
  adaptive_max_pool: ['last = image -> conv(4, 3) -> adaptive_max_pool(3) -> relu', true],
  upsample: ['last = image -> conv(4, 3) -> bilinear(2, grid: legacy) -> relu', true],
  resize_to: [
    'a = image -> conv(4, 3) -> max_pool(2)\n last = a -> resize_to(image) -> relu',
    true,
  ],
  crop_to: ['a = image -> conv(4, 3)\n b = a -> crop(1)\n last = a -> crop_to(b) -> relu', false],
  pad_to: ['last = image -> conv(4, 3, padding: valid) -> pad_to(image) -> relu', true],
  crop: ['last = image -> conv(4, 3) -> crop(1) -> relu', false],
  pad: ['last = image -> conv(4, 3) -> pad(0) -> relu', false],
  pixel_shuffle: ['last = image -> conv(4, 3) -> pixel_shuffle(1) -> relu', false],
  batch_norm: ['last = image -> conv(4, 3) -> batch_norm -> leaky_relu', true],
  instance_norm: ['last = image -> conv(4, 3) -> instance_norm(affine: false) -> relu', true],
  group_norm: ['last = image -> conv(4, 3) -> group_norm(2) -> relu', true],
  layer_norm: ['last = image -> conv(4, 3) -> layer_norm -> relu', true],
  attention: ['last = image -> conv(4, 3) -> attention(image, image, 2) -> relu', false],
  positions: ['last = image -> conv(4, 3) -> adaptive_avg_pool(3) -> positions(3) -> relu', true],
  space_to_depth: ['last = image -> conv(4, 3) -> space_to_depth(1) -> relu', false],
  channel_mean: ['last = image -> conv(4, 3) -> channel_mean -> relu', true],
  channel_max: ['last = image -> conv(4, 3) -> channel_max -> relu', false],
  slice: ['last = image -> conv(4, 3) -> slice(0, 2) -> relu', false],
  split: ['last = image -> conv(4, 3) -> split(2, 1) -> relu', false],
  channel_shuffle: ['last = image -> conv(4, 3) -> channel_shuffle(2) -> relu', false],
  pad_channels: ['last = image -> conv(4, 3) -> pad_channels(4) -> relu', false],
  layer_scale: ['last = image -> conv(4, 3) -> layer_scale(0.5) -> relu', true],
  activation: ['last = image -> conv(4, 3) -> sigmoid -> elu', false],
  prelu: ['last = image -> conv(4, 3) -> prelu -> relu', true],
  softmax: ['last = image -> conv(4, 3) -> softmax -> relu', false],
  dropout: ['last = image -> conv(4, 3) -> dropout(0.5) -> relu', false],
  concat: ['last = [image, image -> conv(4, 3)] -> concat -> relu', true],
  add: ['last = [image, image -> conv(4, 3)] -> add -> relu', true],
  average: ['last = [image, image -> conv(4, 3)] -> average -> relu', true],
  subtract: ['last = [image, image -> conv(4, 3)] -> subtract -> relu', true],
  multiply: ['last = [image, image -> conv(1, 3)] -> multiply -> relu', true],
  is_largest: ['last = image -> conv(4, 3) -> is_largest(1) -> relu', true],
};

/** A tensor with another reader, or the memory of one that has some. */
const shared: Readonly<Record<string, string>> = {
  'a sum': network('t = image -> conv(4, 3)\n last = [t -> relu, t] -> add'),
  'a step before it': network('t = image -> conv(4, 3)\n last = [t, t -> relu] -> subtract'),
  'another activation': network('t = image -> conv(4, 3)\n last = [t -> elu, t -> relu] -> concat'),
  'one step twice': network('t = image -> conv(4, 3)\n last = [t -> relu, t, t] -> multiply'),
  'a gradient': network('t = image -> conv(4, 3)\n last = [t -> relu, t -> inner] -> add'),
  'a head': network('t = image -> conv(1, 3)', 'head mask: t\n head edge: t -> relu -> conv(1, 1)'),
  'the caller of a block': network('t = image -> inner\n last = [t -> relu, t] -> concat'),
  'what calls a block that bends it': network(
    't = image -> conv(4, 3)\n last = [t -> bends(4), t] -> add',
  ),
  'one who takes it for a merge of one': network(
    't = image -> conv(4, 3)\n last = [[t] -> concat -> relu, t] -> subtract',
  ),
  'one beside a part of it': network(
    't = image -> conv(4, 3)\n last = [t -> crop(1) -> relu -> pad(1), t] -> add',
  ),
  'one beside a dropout': network(
    't = image -> conv(4, 3)\n last = [t -> dropout(0.5) -> relu, t] -> add',
  ),
};

/** What flows into a block is its caller's; what it gives is the caller's, too. */
const blocks: Readonly<Record<string, readonly [text: string, isInPlace: boolean]>> = {
  gives: [network('last = image -> inner -> relu'), true],
  takes: [network('last = image -> around(image)'), false],
};

const textOf = (spec: string): string => {
  const { models, file, set } = networkOf('in place', spec)!;
  return emitPyTorch(models, { file, set }).value!.text;
};

const isInPlace = (spec: string): boolean => textOf(spec).includes('inplace=True');

test.each(Object.entries(operations))('after %s', (_kind, [wires, expected]) => {
  expect(isInPlace(network(wires))).toBe(expected);
});

test.each(Object.entries(shared))('never over what %s reads', (_name, spec) => {
  expect(textOf(spec)).toMatch(/F\.(relu|elu)\(/);
  expect(isInPlace(spec)).toBe(false);
});

test.each(Object.entries(blocks))('of what a block %s', (_name, [spec, expected]) => {
  expect(isInPlace(spec)).toBe(expected);
});

test('functions whose gradient PyTorch takes from what they read stay as they are', () => {
  const functions = ['silu', 'hard_swish', 'gelu', 'mish', 'softplus', 'sigmoid', 'tanh', 'abs'];
  const found = functions.filter((each) =>
    isInPlace(network(`last = image -> conv(4, 3) -> ${each}`)),
  );
  expect(found).toEqual([]);
});

const python = findPython();
const live = python === undefined ? test.skip : test;

live('in PyTorch outputs, losses and gradients are those of the spec', async () => {
  const specs = {
    ...Object.fromEntries(
      Object.entries(operations).map(([kind, [wires]]) => [kind, network(wires)] as const),
    ),
    ...shared,
    ...Object.fromEntries(Object.entries(blocks).map(([name, [spec]]) => [name, spec] as const)),
  };
  const networks = Object.entries(specs).map(([name, spec]) => networkOf(name, spec)!);
  expect(await comparePyTorch(python!, networks)).toEqual([]);
});

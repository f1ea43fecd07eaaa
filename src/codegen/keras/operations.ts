import {
  hasEdges,
  type ActivationFunction,
  type Op,
  type OpKind,
  type OpOf,
} from '../../ir/operations/ops.js';
import type { Operation } from '../program/body.js';
import type { FormulaScope } from '../python/formulas.js';
import type { LayerCall } from './layer-calls.js';
import { partName } from './layer-names.js';
import { pool, unpool, windowed } from './window-calls.js';
import { transposedPlacement } from './windows.js';
import { edgesText, Words, type OperationWriter, type Option, type Scope } from './words.js';

type Write<K extends OpKind> = (op: OpOf<K>, inputs: readonly string[], scope: Scope) => string;

/** A call without options. */
const plain =
  (of: LayerCall['of'], ...args: readonly string[]) =>
  ([x = '']: readonly string[], { writer, name }: Scope): string =>
    writer.write({ of, x, name, args, options: [] });

/** Several tensors as a list; one passes as it is. */
const merge =
  (of: LayerCall['of']) =>
  (_op: Op, inputs: readonly string[], scope: Scope): string =>
    inputs.length === 1
      ? plain('identity')(inputs, scope)
      : plain(of)([`[${inputs.join(', ')}]`], scope);

const withBias = (bias: boolean): Option => (bias ? [] : [['use_bias', 'False']]);

/** Every operation; one that is missing does not compile. */
const operations: { readonly [K in OpKind]: Write<K> } = {
  input: (_op, [x = '']) => x,
  conv: (op, [x = ''], scope) => {
    const { words } = scope;
    return windowed(op, x, scope, {
      of: 'conv',
      args: [words.whole('channels', op.channels), words.whole('kernel', op.kernel)],
      options: [
        ...words.wholeOption('groups', 'groups', op.groups),
        ...withBias(op.bias),
        ['kernel_initializer', `"${op.initializer}"`],
      ],
    });
  },
  depthwise_conv: (op, [x = ''], scope) => {
    const { words } = scope;
    return windowed(op, x, scope, {
      of: 'depthwise_conv',
      args: [words.whole('kernel', op.kernel)],
      options: [
        ...words.wholeOption('depth_multiplier', 'multiplier', op.multiplier),
        ...withBias(op.bias),
        ['kernel_initializer', `"${op.initializer}"`],
      ],
    });
  },
  conv_transpose: (op, [x = ''], { words, writer, name }) => {
    const { padding, crop } = transposedPlacement(op);
    const text = writer.write({
      of: 'conv_transpose',
      x,
      name,
      args: [
        words.whole('channels', op.channels),
        words.whole('kernel', op.kernel),
        words.whole('stride', op.stride),
      ],
      options: [
        ...(padding === 'same' ? [['padding', '"same"'] as const] : []),
        ...withBias(op.bias),
        ['kernel_initializer', `"${op.initializer}"`],
      ],
    });
    if (crop === undefined) return text;
    const after = { of: 'crop', x: text, name: partName(name, 'crop') } as const;
    return writer.write({ ...after, args: [edgesText(crop)], options: [] });
  },
  max_pool: pool,
  avg_pool: pool,
  max_unpool: unpool,
  global_avg_pool: (_op, inputs, scope) => plain('global_avg_pool')(inputs, scope),
  global_max_pool: (_op, inputs, scope) => plain('global_max_pool')(inputs, scope),
  adaptive_avg_pool: ({ size }, inputs, scope) =>
    plain('adaptive_avg_pool', scope.words.whole('size', size))(inputs, scope),
  adaptive_max_pool: ({ size }, inputs, scope) =>
    plain('adaptive_max_pool', scope.words.whole('size', size))(inputs, scope),
  upsample: ({ factor, method, coordinates }, [x = ''], { words, writer, name }) => {
    const args = [words.whole('factor', factor)];
    // On TensorFlow Keras' own "bilinear" fails at a second size of images.
    if (method === 'nearest' && coordinates !== 'align_corners') {
      return writer.write({ of: 'upsample', x, name, args, options: [] });
    }
    const options = samplingOf(method, coordinates);
    return writer.write({ of: 'resample', x, name, args, options });
  },
  resize_to: (op, inputs, { writer, name }) =>
    writer.write({
      of: 'resize_to',
      x: `[${inputs.join(', ')}]`,
      name,
      args: [],
      options: samplingOf(op.method, op.coordinates),
    }),
  crop_to: ({ rounding }, inputs, { writer, name }) =>
    writer.write({
      of: 'crop_to',
      x: `[${inputs.join(', ')}]`,
      name,
      args: [],
      options: rounding === 'half_even' ? [['half_even', 'True']] : [],
    }),
  pad_to: (_op, inputs, scope) => plain('pad_to')([`[${inputs.join(', ')}]`], scope),
  crop: ({ edges }, inputs, scope) => edged('crop', edges, inputs, scope),
  pad: ({ edges, mode }, inputs, scope) => edged(paddings[mode], edges, inputs, scope),
  pixel_shuffle: ({ factor, order }, [x = ''], { words, writer, name }) =>
    writer.write({
      of: 'pixel_shuffle',
      x,
      name,
      args: [words.whole('factor', factor)],
      options: [['order', `"${order}"`]],
    }),
  space_to_depth: ({ factor, order }, [x = ''], { words, writer, name }) =>
    writer.write({
      of: 'space_to_depth',
      x,
      name,
      args: [words.whole('factor', factor)],
      options: [['order', `"${order}"`]],
    }),
  channel_mean: (_op, inputs, scope) => plain('channel_mean')(inputs, scope),
  channel_max: (_op, inputs, scope) => plain('channel_max')(inputs, scope),
  attention: ({ heads, windows, position, scaled }, inputs, { words, writer, name }) =>
    writer.write({
      of: 'attention',
      x: `[${inputs.join(', ')}]`,
      name,
      args: [words.whole('heads', heads)],
      options: [
        ...(windows === undefined ? [] : [['window', String(windows.size)] as const]),
        ...(windows === undefined || windows.shift === 0
          ? []
          : [['shift', String(windows.shift)] as const]),
        ...(position === 'none' ? [] : [['relative', 'True'] as const]),
        ...(scaled ? [] : [['scaled', 'False'] as const]),
      ],
    }),
  positions: ({ size }, inputs, scope) =>
    plain('positions', scope.words.whole('size', size))(inputs, scope),
  slice: ({ from, to }, inputs, scope) => plain('slice', String(from), String(to))(inputs, scope),
  split: ({ parts, part }, inputs, scope) =>
    plain('split', String(parts), String(part))(inputs, scope),
  channel_shuffle: ({ groups }, inputs, scope) =>
    plain('channel_shuffle', scope.words.whole('groups', groups))(inputs, scope),
  pad_channels: ({ channels }, inputs, scope) =>
    plain('pad_channels', scope.words.whole('channels', channels))(inputs, scope),
  batch_norm: ({ epsilon, running, scale, shift }, [x = ''], { words, writer, name }) =>
    writer.write({
      of: 'batch_norm',
      x,
      name,
      args: [],
      options: [
        ...words.numberOption('momentum', 'running.keep', running.keep, '0.99'),
        ...epsilonOf(words, epsilon),
        ...(shift ? [] : [['center', 'False'] as const]),
        ...(scale ? [] : [['scale', 'False'] as const]),
      ],
    }),
  instance_norm: (op, inputs, scope) => normalise('instance_norm', [], op, inputs, scope),
  group_norm: (op, inputs, scope) =>
    normalise('group_norm', [scope.words.whole('groups', op.groups)], op, inputs, scope),
  layer_norm: (op, inputs, scope) => normalise('layer_norm', [], op, inputs, scope),
  activation: (op, inputs, scope) =>
    op.function === 'leaky_relu'
      ? plain('leaky_relu', scope.words.number('alpha', op.alpha))(inputs, scope)
      : plain(activations[op.function])(inputs, scope),
  layer_scale: ({ start }, inputs, scope) =>
    plain('layer_scale', scope.words.number('start', start))(inputs, scope),
  prelu: ({ start, shared }, [x = ''], { words, writer, name }) =>
    writer.write({
      ...{ of: 'prelu', x, name, args: [words.number('start', start)] },
      options: [['shared_axes', shared ? '(1, 2, 3)' : '(1, 2)']],
    }),
  softmax: (_op, inputs, scope) => plain('softmax')(inputs, scope),
  dropout: ({ rate, drops }, inputs, scope) =>
    scope.isFrozen
      ? plain('identity')(inputs, scope)
      : plain(dropouts[drops], scope.words.number('rate', rate))(inputs, scope),
  concat: merge('concat'),
  add: merge('add'),
  average: merge('average'),
  multiply: merge('multiply'),
  subtract: (op, inputs, scope) => {
    const [first = '', ...others] = inputs;
    if (others.length < 2) return merge('subtract')(op, inputs, scope);
    // Keras subtracts one tensor.
    const name = partName(scope.name, 'others');
    const sum = plain('add')([`[${others.join(', ')}]`], { ...scope, name });
    return plain('subtract')([`[${first}, ${sum}]`], scope);
  },
  is_largest: ({ channel }, inputs, scope) => plain('is_largest', String(channel))(inputs, scope),
};

const paddings = {
  zero: 'pad',
  reflect: 'reflect',
  replicate: 'replicate',
  circular: 'wrap',
} as const satisfies Readonly<Record<OpOf<'pad'>['mode'], LayerCall['of']>>;

const dropouts = {
  values: 'dropout',
  channels: 'spatial_dropout',
  images: 'drop_path',
} as const satisfies Readonly<Record<OpOf<'dropout'>['drops'], LayerCall['of']>>;

const activations = {
  relu: 'relu',
  relu6: 'relu6',
  elu: 'elu',
  selu: 'selu',
  silu: 'silu',
  hard_swish: 'hard_swish',
  gelu: 'gelu',
  mish: 'mish',
  softplus: 'softplus',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  abs: 'abs',
} as const satisfies Readonly<Record<Exclude<ActivationFunction, 'leaky_relu'>, LayerCall['of']>>;

/** The expression that makes the tensor of an operation. */
export function writeOperation(
  operation: Operation,
  inputs: readonly string[],
  name: string,
  formulas: FormulaScope,
  writer: OperationWriter,
): string {
  const { op, isFrozen } = operation.node;
  const write = operations[op.kind] as (op: Op, inputs: readonly string[], scope: Scope) => string;
  return write(op, inputs, { words: new Words(operation, formulas), writer, name, isFrozen });
}

function edged(
  of: LayerCall['of'],
  edges: OpOf<'crop'>['edges'],
  inputs: readonly string[],
  scope: Scope,
): string {
  return hasEdges(edges)
    ? plain(of, edgesText(edges))(inputs, scope)
    : plain('identity')(inputs, scope);
}

const samplingOf = (method: string, coordinates: string): Option => [
  ['interpolation', `"${method}"`],
  ['coordinates', `"${coordinates}"`],
];

const epsilonOf = (words: Words, epsilon: number): Option =>
  words.numberOption('epsilon', 'epsilon', epsilon, '0.001');

function normalise(
  of: LayerCall['of'],
  args: readonly string[],
  { epsilon, affine }: { readonly epsilon: number; readonly affine: boolean },
  [x = '']: readonly string[],
  { words, writer, name }: Scope,
): string {
  const fixed: Option = affine
    ? []
    : [
        ['center', 'False'],
        ['scale', 'False'],
      ];
  return writer.write({ of, x, name, args, options: [...epsilonOf(words, epsilon), ...fixed] });
}

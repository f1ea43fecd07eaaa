import { attention, positions } from './attention.js';
import { activations } from './activations.js';
import {
  hasEdges,
  type BatchNormOp,
  type Edges,
  type Op,
  type OpKind,
  type OpOf,
  type Pair,
} from '../../ir/operations/ops.js';
import type { Operation } from '../program/body.js';
import { atom, binary } from './expressions.js';
import { printFormula, printNumber } from '../python/formulas.js';
import { cropText, edgesText, isZero, pairText } from './pairs.js';
import { gridHelper, modeOf } from './sampling.js';
import { pool, unpool, windows } from './windows.js';
import {
  number,
  plain,
  times,
  Words,
  type OperationScope,
  type WrittenOperation,
} from './words.js';

/** `words` are those of the constructor, `here` those of `forward`. */
type Write<K extends OpKind> = (op: OpOf<K>, words: Words, here: Words) => WrittenOperation;

/** Every operation; one that is missing does not compile. */
const operations: { readonly [K in OpKind]: Write<K> } = {
  input: () => plain((x) => x),
  conv: (op, words, here) => {
    const { own, before } = windows(op, words, here);
    const args = [
      words.whole(words.scope.channelsIn),
      words.number('channels', op.channels),
      words.pair('kernel', op.kernel),
      ...words.option('stride', 'stride', op.stride),
      ...own,
      ...words.option('dilation', 'dilation', op.dilation),
      ...words.option('groups', 'groups', op.groups),
      ...(op.bias ? [] : ['bias=False']),
    ];
    return {
      module: { className: 'nn.Conv2d', args },
      value: ([x = ''], self) => `${self}(${before(x)})`,
    };
  },
  depthwise_conv: (op, words, here) => {
    const { own, before } = windows(op, words, here);
    const channels = words.whole(words.scope.channelsIn);
    const multiplier = words.operation.formulas['multiplier'] ?? number(op.multiplier);
    const made = times(words.scope.channelsIn, multiplier);
    const args = [
      channels,
      words.whole(made),
      words.pair('kernel', op.kernel),
      ...words.option('stride', 'stride', op.stride),
      ...own,
      ...words.option('dilation', 'dilation', op.dilation),
      `groups=${channels}`,
      ...(op.bias ? [] : ['bias=False']),
    ];
    return {
      module: { className: 'nn.Conv2d', args },
      value: ([x = ''], self) => `${self}(${before(x)})`,
    };
  },
  conv_transpose: (op, words) => {
    const { edges, outputPadding } = op;
    const padding: Pair = [Math.min(edges.top, edges.bottom), Math.min(edges.left, edges.right)];
    const rest: Edges = {
      top: edges.top - padding[0],
      bottom: edges.bottom - padding[0],
      left: edges.left - padding[1],
      right: edges.right - padding[1],
    };
    const args = [
      words.whole(words.scope.channelsIn),
      words.number('channels', op.channels),
      words.pair('kernel', op.kernel),
      ...words.option('stride', 'stride', op.stride),
      ...(isZero(padding) ? [] : [`padding=${pairText(padding)}`]),
      ...(isZero(outputPadding) ? [] : [`output_padding=${pairText(outputPadding)}`]),
      ...(op.bias ? [] : ['bias=False']),
    ];
    return {
      module: { className: 'nn.ConvTranspose2d', args },
      value: ([x = ''], self) =>
        hasEdges(rest) ? cropText(`${self}(${x})`, rest) : `${self}(${x})`,
    };
  },
  max_pool: pool,
  avg_pool: pool,
  max_unpool: unpool,
  global_avg_pool: () => plain((x) => `${atom(x)}.mean((2, 3), keepdim=True)`),
  global_max_pool: () => plain((x) => `${atom(x)}.amax((2, 3), keepdim=True)`),
  adaptive_avg_pool: ({ size }, _words, here) =>
    plain((x) => `F.adaptive_avg_pool2d(${x}, ${here.pair('size', size)})`),
  adaptive_max_pool: ({ size }, _words, here) => {
    const written = here.pair('size', size);
    return plain((x) => `F.adaptive_max_pool2d(${x}, ${written})`);
  },
  upsample: (op, words, here) => {
    const { formulas } = words.operation;
    const factor =
      formulas['factor'] === undefined ? pairText(op.factor) : here.pair('factor', op.factor);
    const mode = modeOf(op);
    if (mode !== undefined) {
      return plain((x) => `F.interpolate(${x}, scale_factor=${factor}, ${mode})`);
    }
    return {
      value: ([x = '']) => {
        const [vertical, horizontal] = op.factor;
        const size = `(${vertical} * ${atom(x)}.shape[2], ${horizontal} * ${atom(x)}.shape[3])`;
        return `${words.scope.helper(gridHelper(op))}(${x}, ${size})`;
      },
    };
  },
  resize_to: (op, words) => {
    const mode = modeOf(op);
    return {
      value: ([x = '', like = '']) => {
        const size = `${atom(like)}.shape[2:]`;
        return mode === undefined
          ? `${words.scope.helper(gridHelper(op))}(${x}, ${size})`
          : `F.interpolate(${x}, size=${size}, ${mode})`;
      },
    };
  },
  crop_to: ({ rounding }, words) => ({
    value: ([x = '', like = '']) =>
      `${words.scope.helper('crop_to')}(${x}, ${like}${rounding === 'half_even' ? ', half_even=True' : ''})`,
  }),
  pad_to: (_op, words) => ({
    value: ([x = '', like = '']) => `${words.scope.helper('pad_to')}(${x}, ${like})`,
  }),
  crop: ({ edges }) => plain((x) => (hasEdges(edges) ? cropText(x, edges) : x)),
  pad: ({ edges, mode }) =>
    plain((x) =>
      hasEdges(edges)
        ? `F.pad(${x}, ${edgesText(edges)}${mode === 'zero' ? '' : `, mode="${mode}"`})`
        : x,
    ),
  pixel_shuffle: ({ factor, order }, words, here) => {
    const written = here.number('factor', factor);
    return plain((x) =>
      order === 'channels_first'
        ? `F.pixel_shuffle(${x}, ${written})`
        : `${words.scope.helper('shuffle_channels_last')}(${x}, ${written})`,
    );
  },
  space_to_depth: ({ factor, order }, words, here) => {
    const written = here.number('factor', factor);
    return plain((x) =>
      order === 'channels_first'
        ? `F.pixel_unshuffle(${x}, ${written})`
        : `${words.scope.helper('unshuffle_channels_last')}(${x}, ${written})`,
    );
  },
  channel_mean: () => plain((x) => `${atom(x)}.mean(1, keepdim=True)`),
  channel_max: () => plain((x) => `${atom(x)}.amax(1, keepdim=True)`),
  attention,
  positions,
  slice: ({ from, to }) => plain((x) => `${atom(x)}[:, ${from === 0 ? '' : from}:${to}]`),
  split: ({ parts, part }) => plain((x) => `${atom(x)}.chunk(${parts}, 1)[${part}]`),
  channel_shuffle: ({ groups }, words, here) => {
    const written = here.number('groups', groups);
    return plain((x) => `${words.scope.helper('shuffle_channels')}(${x}, ${written})`);
  },
  pad_channels: ({ channels }, words, here) => {
    const written = here.number('channels', channels);
    return plain((x) => `${words.scope.helper('pad_channels')}(${x}, ${written})`);
  },
  batch_norm: (op, words) => {
    const { scale, shift } = op;
    const affine = scale || shift ? [] : ['affine=False'];
    const args = [words.whole(words.scope.channelsIn), ...statistics(op, words), ...affine];
    const form = scale === shift ? 'whole' : scale ? 'unshifted' : 'unscaled';
    const className = batchNorms[op.running.variance][form](words.scope.helper);
    return { module: { className, args }, value: ([x = ''], self) => `${self}(${x})` };
  },
  instance_norm: (op, words, here) => {
    if (!op.affine) {
      const epsilon = here.epsilon(op.epsilon);
      return plain((x) => `F.instance_norm(${[x, ...epsilon].join(', ')})`);
    }
    const channels = words.whole(words.scope.channelsIn);
    const epsilon = words.epsilon(op.epsilon);
    return {
      module: { className: 'nn.InstanceNorm2d', args: [channels, ...epsilon, 'affine=True'] },
      value: ([x = ''], self) => `${self}(${x})`,
    };
  },
  group_norm: (op, words, here) => {
    if (!op.affine) {
      const args = [here.number('groups', op.groups), ...here.epsilon(op.epsilon)];
      return plain((x) => `F.group_norm(${[x, ...args].join(', ')})`);
    }
    const epsilon = words.epsilon(op.epsilon);
    const args = [
      words.number('groups', op.groups),
      words.whole(words.scope.channelsIn),
      ...epsilon,
    ];
    return {
      module: { className: 'nn.GroupNorm', args },
      value: ([x = ''], self) => `${self}(${x})`,
    };
  },
  layer_norm: (op, words, here) => {
    if (!op.affine) {
      const channels = here.whole(here.scope.channelsIn);
      const epsilon = here.epsilon(op.epsilon);
      return plain((x) => {
        const last = `${atom(x)}.movedim(1, -1)`;
        return `F.layer_norm(${[last, `(${channels},)`, ...epsilon].join(', ')}).movedim(-1, 1)`;
      });
    }
    const args = [words.whole(words.scope.channelsIn), ...words.epsilon(op.epsilon)];
    return {
      module: { className: words.scope.helper('ChannelNorm'), args },
      value: ([x = ''], self) => `${self}(${x})`,
    };
  },
  layer_scale: ({ start }, words) => {
    const args = [words.whole(words.scope.channelsIn), words.number('start', start)];
    return {
      module: { className: words.scope.helper('ChannelScale'), args },
      value: ([x = ''], self) => `${self}(${x})`,
    };
  },
  activation: (op, { scope }, here) => {
    const { name, hasInPlace } = activations[op.function];
    const args = [
      ...(op.function === 'leaky_relu' ? [here.number('alpha', op.alpha)] : []),
      ...(hasInPlace && scope.mayOverwrite ? ['inplace=True'] : []),
    ];
    return plain((x) => `${name}(${[x, ...args].join(', ')})`);
  },
  prelu: ({ start, shared }, words) => {
    const written = words.number('start', start);
    const init = written === '0.25' ? [] : [`init=${written}`];
    const args = [...(shared ? [] : [words.whole(words.scope.channelsIn)]), ...init];
    return { module: { className: 'nn.PReLU', args }, value: ([x = ''], self) => `${self}(${x})` };
  },
  softmax: () => plain((x) => `${atom(x)}.softmax(1)`),
  dropout: ({ rate, drops }, { scope }, here) => {
    const written = here.number('rate', rate);
    const name = dropouts[drops](scope.helper);
    return plain((x) => `${name}(${x}, ${written}, self.training)`);
  },
  concat: () => ({
    value: (inputs) => (inputs.length === 1 ? inputs[0]! : `torch.cat([${inputs.join(', ')}], 1)`),
  }),
  add: () => ({ value: (inputs) => binary('+', inputs) }),
  average: () => ({
    value: (inputs) =>
      inputs.length === 1 ? inputs[0]! : `(${binary('+', inputs)}) / ${inputs.length}`,
  }),
  subtract: () => ({ value: (inputs) => binary('-', inputs) }),
  multiply: () => ({ value: (inputs) => binary('*', inputs) }),
  is_largest: ({ channel }, words) =>
    plain((x) => `${words.scope.helper('is_largest')}(${x}, ${channel})`),
};

type Helper = OperationScope['helper'];

const dropouts: Readonly<Record<OpOf<'dropout'>['drops'], (helper: Helper) => string>> = {
  values: () => 'F.dropout',
  channels: () => 'F.dropout2d',
  images: (helper) => helper('drop_path'),
};

/** The classes of batch norms; PyTorch's own has both weights or none. */
const batchNorms: Readonly<
  Record<
    BatchNormOp['running']['variance'],
    Readonly<Record<'whole' | 'unscaled' | 'unshifted', (helper: Helper) => string>>
  >
> = {
  unbiased: {
    whole: () => 'nn.BatchNorm2d',
    unscaled: (helper) => helper('UnscaledNorm'),
    unshifted: (helper) => helper('UnshiftedNorm'),
  },
  biased: {
    whole: (helper) => helper('BatchNorm'),
    unscaled: (helper) => helper('UnscaledBatchNorm'),
    unshifted: (helper) => helper('UnshiftedBatchNorm'),
  },
};

/** How an operation is written in a module. */
export function writeOperation(operation: Operation, scope: OperationScope): WrittenOperation {
  const { op } = operation.node;
  const write = operations[op.kind] as (op: Op, words: Words, here: Words) => WrittenOperation;
  const here = new Words(operation, { ...scope, formulas: scope.forward });
  return write(op, new Words(operation, scope), here);
}

function statistics({ epsilon, running }: BatchNormOp, words: Words): readonly string[] {
  const { formulas } = words.operation;
  const keep = formulas['running.keep'];
  const momentum =
    keep === undefined
      ? printNumber(Number((1 - running.keep).toPrecision(12)))
      : printFormula(
          { kind: 'binary', operator: '-', left: number(1), right: keep },
          words.scope.formulas,
        );
  return [...words.epsilon(epsilon), ...(momentum === '0.1' ? [] : [`momentum=${momentum}`])];
}

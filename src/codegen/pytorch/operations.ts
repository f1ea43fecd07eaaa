import type { Formula } from '../../ir/formula.js';
import {
  hasEdges,
  isSame,
  kernelReach,
  type ActivationFunction,
  type Edges,
  type OpOf,
  type Pair,
} from '../../ir/operations/ops.js';
import type { Op, OpKind, Sampling } from '../../ir/operations/ops.js';
import type { Operation } from '../program/body.js';
import type { Target } from '../program/target.js';
import type { BatchNormOp } from '../../ir/operations/ops.js';
import { atom, binary } from './expressions.js';
import { printFormula, printNumber, printWhole, type FormulaScope } from './formulas.js';

/** What an operation is written with. */
export interface OperationScope {
  /** In the constructor of its module. */
  readonly formulas: FormulaScope;
  /** In `forward`. */
  readonly forward: FormulaScope;
  /** The channels of its first input. */
  readonly channelsIn: Formula;
  /** What the file calls a helper of `helpers.ts`. */
  readonly helper: (name: HelperName) => string;
}

/** The helpers that operations may need; `helpers.ts` has them. */
export type HelperName =
  | 'BatchNorm'
  | 'ChannelNorm'
  | 'crop_to'
  | 'is_largest'
  | 'pad_same'
  | 'pad_to'
  | 'pad_windows'
  | 'padded_mean'
  | 'resize_asymmetric'
  | 'resize_nearest_corners'
  | 'shuffle_channels_last';

/** How an operation is written. */
export interface WrittenOperation {
  /** The module that holds its weights. */
  readonly module?: { readonly className: string; readonly args: readonly string[] };
  /** Its value; `self` is how its module is called. */
  readonly value: (inputs: readonly string[], self: string) => string;
}

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
  global_avg_pool: () => plain((x) => `${atom(x)}.mean((2, 3), keepdim=True)`),
  global_max_pool: () => plain((x) => `${atom(x)}.amax((2, 3), keepdim=True)`),
  adaptive_avg_pool: ({ size }, _words, here) =>
    plain((x) => `F.adaptive_avg_pool2d(${x}, ${here.pair('size', size)})`),
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
        ? `F.pad(${x}, ${edgesText(edges)}${mode === 'reflect' ? ', mode="reflect"' : ''})`
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
  batch_norm: (op, words) => {
    const args = [words.whole(words.scope.channelsIn), ...statistics(op, words)];
    const className =
      op.running.variance === 'unbiased' ? 'nn.BatchNorm2d' : words.scope.helper('BatchNorm');
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
  activation: (op, _words, here) => {
    const alpha = op.function === 'leaky_relu' ? `, ${here.number('alpha', op.alpha)}` : '';
    return plain((x) => `${activations[op.function]}(${x}${alpha})`);
  },
  prelu: ({ start }, words) => {
    const written = words.number('start', start);
    const init = written === '0.25' ? [] : [`init=${written}`];
    const args = [words.whole(words.scope.channelsIn), ...init];
    return { module: { className: 'nn.PReLU', args }, value: ([x = ''], self) => `${self}(${x})` };
  },
  softmax: () => plain((x) => `${atom(x)}.softmax(1)`),
  dropout: ({ rate, spatial }, _words, here) => {
    const written = here.number('rate', rate);
    const name = spatial ? 'F.dropout2d' : 'F.dropout';
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

const activations: Readonly<Record<ActivationFunction, string>> = {
  relu: 'F.relu',
  relu6: 'F.relu6',
  leaky_relu: 'F.leaky_relu',
  elu: 'F.elu',
  selu: 'F.selu',
  silu: 'F.silu',
  hard_swish: 'F.hardswish',
  gelu: 'F.gelu',
  mish: 'F.mish',
  softplus: 'F.softplus',
  sigmoid: 'torch.sigmoid',
  tanh: 'torch.tanh',
};

/** How an operation is written in a module. */
export function writeOperation(operation: Operation, scope: OperationScope): WrittenOperation {
  const { op } = operation.node;
  const write = operations[op.kind] as (op: Op, words: Words, here: Words) => WrittenOperation;
  const here = new Words(operation, { ...scope, formulas: scope.forward });
  return write(op, new Words(operation, scope), here);
}

/** Attributes that stand as formulas where they are some. */
const writtenAttributes: ReadonlySet<string> = new Set([
  ...['channels', 'kernel', 'stride', 'dilation', 'groups', 'multiplier', 'size', 'factor'],
  ...['rate', 'alpha', 'start', 'epsilon', 'running.keep'],
]);

/** What PyTorch carries of operations. */
export const pytorchTarget: Target = {
  takesForeignNames: false,
  writes: ({ node: { op }, formulas }) =>
    Object.keys(formulas).filter((name) => writtenAttributes.has(name) && !isByGrid(op, name)),
  keyOf: ({ node: { op } }) => {
    switch (op.kind) {
      case 'conv':
      case 'depthwise_conv':
        return JSON.stringify(isSameWindows(op) ? 'same' : op.padding);
      case 'conv_transpose':
        return JSON.stringify([op.edges, op.outputPadding]);
      case 'max_pool':
      case 'avg_pool':
        return JSON.stringify(op.padding);
      default:
        return '';
    }
  },
};

/** Whether a helper of ours takes the factor as a number. */
const isByGrid = (op: Op, attribute: string): boolean =>
  op.kind === 'upsample' && attribute === 'factor' && modeOf(op) === undefined;

/** The words of one operation: its formulas, or else its values. */
class Words {
  constructor(
    readonly operation: Operation,
    readonly scope: OperationScope,
  ) {}

  whole(formula: Formula): string {
    return printWhole(formula, this.scope.formulas);
  }

  /** One number. */
  number(attribute: string, value: number): string {
    const formula = this.operation.formulas[attribute];
    if (formula === undefined) return printNumber(value);
    return wholeAttributes.has(attribute)
      ? this.whole(formula)
      : printFormula(formula, this.scope.formulas);
  }

  /** A pair, as one number where both are equal. */
  pair(attribute: string, value: Pair): string {
    const formula = this.operation.formulas[attribute];
    return formula === undefined ? pairText(value) : this.whole(formula);
  }

  /** What is written only where it is not 1. */
  option(attribute: string, name: string, value: Pair | number): readonly string[] {
    const formula = this.operation.formulas[attribute];
    if (formula !== undefined) return [`${name}=${this.whole(formula)}`];
    const text = typeof value === 'number' ? String(value) : pairText(value);
    return text === '1' ? [] : [`${name}=${text}`];
  }

  /** Left out where it is PyTorch's own. */
  epsilon(value: number): readonly string[] {
    const text = this.number('epsilon', value);
    return text === '1e-5' ? [] : [`eps=${text}`];
  }
}

const wholeAttributes: ReadonlySet<string> = new Set([
  ...['channels', 'kernel', 'stride', 'dilation', 'groups', 'multiplier', 'size', 'factor'],
]);

const plain = (value: (x: string) => string): WrittenOperation => ({
  value: ([x = '']) => value(x),
});

const number = (value: number): Formula => ({ kind: 'number', value });

function times(left: Formula, right: Formula): Formula {
  if (right.kind === 'number' && right.value === 1) return left;
  if (left.kind === 'number' && right.kind === 'number') return number(left.value * right.value);
  return { kind: 'binary', operator: '*', left, right };
}

type Windowed = OpOf<'conv' | 'depthwise_conv'>;

/** Whether there are ceil(in / stride) windows, the odd pixel below and right. */
const isSameWindows = (op: Windowed): boolean =>
  isSame(op.padding, [kernelReach(op, 0), kernelReach(op, 1)], op.stride);

/** What a convolution says of its padding, and what is padded before it. */
function windows(
  op: Windowed,
  words: Words,
  here: Words,
): { readonly own: readonly string[]; readonly before: (x: string) => string } {
  const { kernel, stride, dilation, padding } = op;
  const unpadded = (x: string): string => x;
  const { formulas } = words.operation;
  const isOpen = ['kernel', 'stride', 'dilation'].some((name) => formulas[name] !== undefined);
  const isOneByOne = isOne(stride) && formulas['stride'] === undefined;
  if (padding === 'same' || (isOpen && isSameWindows(op))) {
    // PyTorch's word is for steps of one.
    if (isOneByOne) return { own: ['padding="same"'], before: unpadded };
    const args = [here.pair('kernel', kernel), here.pair('stride', stride)];
    const isDense = isOne(dilation) && formulas['dilation'] === undefined;
    if (!isDense) args.push(`dilation=${here.pair('dilation', dilation)}`);
    return {
      own: [],
      before: (x) => `${words.scope.helper('pad_same')}(${[x, ...args].join(', ')})`,
    };
  }
  if (isEven(padding)) {
    return {
      own: hasEdges(padding) ? [`padding=${pairText([padding.top, padding.left])}`] : [],
      before: unpadded,
    };
  }
  if (isOneByOne && isSameWindows(op)) return { own: ['padding="same"'], before: unpadded };
  return { own: [], before: (x) => `F.pad(${x}, ${edgesText(padding)})` };
}

function pool(op: OpOf<'max_pool' | 'avg_pool'>, words: Words, here: Words): WrittenOperation {
  const size = here.pair('size', op.size);
  const stride = here.pair('stride', op.stride);
  const step = stride === size ? [] : [`stride=${stride}`];
  const isMax = op.kind === 'max_pool';
  const name = isMax ? 'F.max_pool2d' : 'F.avg_pool2d';
  const ceil = op.rounding === 'ceil' && op.padding !== 'same' ? ['ceil_mode=True'] : [];
  const { padding } = op;
  const isOwn =
    padding !== 'same' &&
    isEven(padding) &&
    2 * padding.top <= op.size[0] &&
    2 * padding.left <= op.size[1];
  if (isOwn) {
    const isPadded = hasEdges(padding);
    const args = [
      ...step,
      ...(isPadded ? [`padding=${pairText([padding.top, padding.left])}`] : []),
      ...ceil,
      ...(isPadded && !isMax ? ['count_include_pad=False'] : []),
    ];
    return plain((x) => `${name}(${[x, size, ...args].join(', ')})`);
  }
  const edges = padding === 'same' ? [] : [edgesText(padding)];
  const isCeil = ceil.length > 0 ? ['ceil=True'] : [];
  if (!isMax) {
    const args = padding === 'same' ? ['None'] : edges;
    return plain(
      (x) =>
        `${words.scope.helper('padded_mean')}(${[x, pairAlways(op.size), pairAlways(op.stride), ...args, ...isCeil].join(', ')})`,
    );
  }
  if (padding === 'same') {
    return plain((x) => {
      const padded = `${words.scope.helper('pad_same')}(${x}, ${size}, ${stride}, value=float("-inf"))`;
      return `${name}(${[padded, size, ...step].join(', ')})`;
    });
  }
  return plain((x) => {
    const padded =
      ceil.length > 0
        ? `${words.scope.helper('pad_windows')}(${[x, pairAlways(op.size), pairAlways(op.stride), ...edges].join(', ')})`
        : `F.pad(${x}, ${edgesText(padding)}, value=float("-inf"))`;
    return `${name}(${[padded, size, ...step].join(', ')})`;
  });
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

/** PyTorch's own way to sample; undefined where it has none. */
function modeOf(op: Sampling): string | undefined {
  switch (op.method) {
    case 'bilinear':
      return op.coordinates === 'asymmetric'
        ? undefined
        : `mode="bilinear", align_corners=${op.coordinates === 'align_corners' ? 'True' : 'False'}`;
    case 'nearest':
      if (op.coordinates === 'align_corners') return undefined;
      return op.coordinates === 'asymmetric' ? 'mode="nearest"' : 'mode="nearest-exact"';
  }
}

const gridHelper = ({ method }: Sampling): HelperName =>
  method === 'bilinear' ? 'resize_asymmetric' : 'resize_nearest_corners';

const isOne = ([vertical, horizontal]: Pair): boolean => vertical === 1 && horizontal === 1;
const isZero = ([vertical, horizontal]: Pair): boolean => vertical === 0 && horizontal === 0;
const isEven = ({ top, bottom, left, right }: Edges): boolean => top === bottom && left === right;
const pairText = (pair: Pair): string => (pair[0] === pair[1] ? String(pair[0]) : pairAlways(pair));
const pairAlways = ([vertical, horizontal]: Pair): string => `(${vertical}, ${horizontal})`;
/** As `F.pad` takes edges. */
const edgesText = ({ left, right, top, bottom }: Edges): string =>
  `(${left}, ${right}, ${top}, ${bottom})`;

/** Rows and columns taken off, as slices. */
function cropText(x: string, { top, bottom, left, right }: Edges): string {
  const slice = (before: number, after: number): string =>
    `${before === 0 ? '' : before}:${after === 0 ? '' : -after}`;
  return `${atom(x)}[:, :, ${slice(top, bottom)}, ${slice(left, right)}]`;
}

import { hasEdges, isPadded, isSame, kernelReach, type OpOf } from '../../ir/operations/ops.js';
import { edgesText, isEven, isOne, pairAlways, pairText } from './pairs.js';
import { plain, type Words, type WrittenOperation } from './words.js';

export type Windowed = OpOf<'conv' | 'depthwise_conv'>;

/** Whether there are ceil(in / stride) windows, the odd pixel below and right. */
export const isSameWindows = (op: Windowed): boolean =>
  isSame(op.padding, [kernelReach(op, 0), kernelReach(op, 1)], op.stride);

/** What a convolution says of its padding, and what is padded before it. */
export function windows(
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

/** Puts x where the windows of an image have their maxima. */
export function unpool(op: OpOf<'max_unpool'>, { scope }: Words): WrittenOperation {
  const { size, stride, padding, rounding } = op;
  return {
    value: ([x = '', image = '']) => {
      if (!isPadded(op)) {
        const steps = size[0] === stride[0] && size[1] === stride[1] ? [] : [pairAlways(stride)];
        return `${scope.helper('max_unpool')}(${[x, image, pairAlways(size), ...steps].join(', ')})`;
      }
      const args = [
        ...[x, image, pairAlways(size), pairAlways(stride)],
        padding === 'same' ? 'None' : edgesText(padding),
        ...(padding === 'same' || rounding === 'ceil' ? [] : ['ceil=False']),
      ];
      return `${scope.helper('max_unpool_padded')}(${args.join(', ')})`;
    },
  };
}

export function pool(
  op: OpOf<'max_pool' | 'avg_pool'>,
  words: Words,
  here: Words,
): WrittenOperation {
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

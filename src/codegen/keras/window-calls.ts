import { hasEdges, kernelReach, type OpOf, type PoolOp } from '../../ir/operations/ops.js';
import type { LayerCall } from './layer-calls.js';
import { partName } from './layer-names.js';
import { placementOf, poolPlacement, type Windowed } from './windows.js';
import { edgesText, type Option, type Scope } from './words.js';

/** A convolution with what stands before and behind it. */
export function windowed(
  op: Windowed,
  x: string,
  { words, writer, name }: Scope,
  call: Pick<LayerCall, 'of' | 'args' | 'options'>,
): string {
  const { padding, isPicked } = placementOf(op);
  const strides = words.whole('stride', op.stride);
  const kernel = words.whole('kernel', op.kernel);
  const dilation = words.whole('dilation', op.dilation);
  const isSame = padding === 'same' && !isPicked;
  const isPoint =
    kernelReach(op, 0) === 1 && kernelReach(op, 1) === 1 && !words.isOpen('kernel') && isSame;
  const options: Option = [
    ...(isPicked || strides === '1' ? [] : [['strides', strides] as const]),
    ...(isSame && !isPoint ? [['padding', '"same"'] as const] : []),
    ...(dilation === '1' ? [] : [['dilation_rate', dilation] as const]),
    ...call.options,
  ];
  const part = (of: LayerCall['of'], input: string, args: readonly string[]): string =>
    writer.write({ of, x: input, name: partName(name, of), args, options: [] });
  const padded =
    typeof padding === 'object'
      ? part('pad', x, [edgesText(padding)])
      : padding === 'same' && isPicked
        ? part('pad_same', x, [kernel, strides, dilation])
        : x;
  const free = isPoint ? ['padding'] : [];
  const text = writer.write({ ...call, x: padded, name, options, free });
  return isPicked ? part('pick', text, [strides]) : text;
}

/** A pool, by Keras' layer where that counts only pixels that exist. */
export function pool(
  op: OpOf<'max_pool' | 'avg_pool'>,
  [x = '']: readonly string[],
  { words, writer, name }: Scope,
): string {
  const size = words.whole('size', op.size);
  const stride = words.whole('stride', op.stride);
  const strides: Option = stride === size ? [] : [['strides', stride]];
  const placement = poolPlacement(op);
  if (placement !== 'own') {
    const padding: Option = placement === 'same' ? [['padding', '"same"']] : [];
    return writer.write({ of: op.kind, x, name, args: [size], options: [...strides, ...padding] });
  }
  const edges = edgesOf(op);
  const isCeil = op.rounding === 'ceil' && op.padding !== 'same';
  const ceil: Option = isCeil ? [['ceil', 'True']] : [];
  const of = op.kind === 'max_pool' ? 'padded_max_pool' : 'padded_avg_pool';
  return writer.write({ of, x, name, args: [size], options: [...strides, ...edges, ...ceil] });
}

/** A pool that is undone: Keras has none, and of its windows needs where they begin. */
export function unpool(
  op: OpOf<'max_unpool'>,
  inputs: readonly string[],
  { words, writer, name }: Scope,
): string {
  const size = words.whole('size', op.size);
  const stride = words.whole('stride', op.stride);
  const strides: Option = stride === size ? [] : [['strides', stride]];
  const options = [...strides, ...edgesOf(op)];
  return writer.write({
    of: 'max_unpool',
    x: `[${inputs.join(', ')}]`,
    name,
    args: [size],
    options,
  });
}

function edgesOf({ padding }: Pick<PoolOp, 'padding'>): Option {
  if (padding === 'same') return [['edges', '"same"']];
  return hasEdges(padding) ? [['edges', edgesText(padding)]] : [];
}

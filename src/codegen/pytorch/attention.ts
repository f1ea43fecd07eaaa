import type { OpOf } from '../../ir/operations/ops.js';
import { printNumber } from '../python/formulas.js';
import type { Words, WrittenOperation } from './words.js';

/** Attention: of PyTorch's own function, in windows by a helper, with a table by a module. */
export function attention(
  { heads, windows, position, scaled }: OpOf<'attention'>,
  { scope: { helper } }: Words,
): WrittenOperation {
  const scale = scaled ? [] : ['scale=1.0'];
  const shift = windows === undefined || windows.shift === 0 ? [] : [`shift=${windows.shift}`];
  const args =
    windows === undefined ? [String(heads)] : [String(heads), String(windows.size), ...shift];
  if (position === 'relative') {
    return {
      module: { className: helper('WindowAttention'), args: [...args, ...scale] },
      value: (inputs, self) => `${self}(${inputs.join(', ')})`,
    };
  }
  const name = windows === undefined ? 'attention' : 'window_attention';
  return { value: (inputs) => `${helper(name)}(${[...inputs, ...args, ...scale].join(', ')})` };
}

/** A table of places. */
export function positions({ size }: OpOf<'positions'>, words: Words): WrittenOperation {
  const args = [words.whole(words.scope.channelsIn), ...size.map(printNumber)];
  return {
    module: { className: words.scope.helper('PositionTable'), args },
    value: ([x = ''], self) => `${self}(${x})`,
  };
}

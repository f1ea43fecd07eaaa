import type { Op } from '../../ir/operations/ops.js';
import type { Target } from '../program/target.js';
import { modeOf } from './sampling.js';
import { isSameWindows } from './windows.js';

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

import type { Target } from '../program/target.js';
import { placementOf, poolPlacement, transposedPlacement } from './windows.js';

/** Attributes that stand as formulas where they are some. */
const writtenAttributes: ReadonlySet<string> = new Set([
  ...['channels', 'kernel', 'stride', 'dilation', 'groups', 'multiplier', 'size', 'factor'],
  ...['rate', 'alpha', 'start', 'epsilon', 'running.keep'],
]);

/** What Keras carries of operations. */
export const kerasTarget: Target = {
  takesForeignNames: true,
  makesLayersFirst: true,
  writes: ({ formulas }) => Object.keys(formulas).filter((name) => writtenAttributes.has(name)),
  keyOf: ({ node: { op, isFrozen } }) => {
    switch (op.kind) {
      case 'conv':
      case 'depthwise_conv':
        return JSON.stringify(placementOf(op));
      case 'conv_transpose':
        return JSON.stringify(transposedPlacement(op));
      case 'max_pool':
      case 'avg_pool':
        return JSON.stringify([op.padding, poolPlacement(op)]);
      case 'max_unpool':
        return JSON.stringify(op.padding);
      case 'dropout':
        // What is frozen runs as in prediction.
        return isFrozen ? 'frozen' : '';
      default:
        return '';
    }
  },
};

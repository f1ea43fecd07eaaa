import type { Op } from './ops.js';

/** An operation as specs write it: `relu`, `bilinear`, else its kind. */
export function operationWord(op: Op): string {
  if (op.kind === 'activation') return op.function;
  return op.kind === 'upsample' ? op.method : op.kind;
}

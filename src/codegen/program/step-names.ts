import type { Step } from './body.js';

/** The name that a block of the spec gives to a step's tensor: `h` of `/h`; undefined for what the compiler numbered (`/conv1`). */
export function specNameOf(step: Step): string | undefined {
  if (step.isWhole) return /^[A-Za-z_]\w*$/.exec(step.suffix)?.[0];
  const own = /^\/([A-Za-z_]\w*)$/.exec(step.suffix)?.[1];
  if (own === undefined) return undefined;
  const word = step.kind === 'call' ? step.block.block.name : step.operation.word;
  const isNumbered = own.startsWith(word) && /^\d+$/.test(own.slice(word.length));
  return isNumbered ? undefined : own;
}

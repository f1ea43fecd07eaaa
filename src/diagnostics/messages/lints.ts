import { warning } from './message.js';

/** Specs that work, but hardly as meant. */
export const lintMessages = {
  'unused-tensor': warning(
    'UNET5001',
    (p: { name: string; made: string }) =>
      `"${p.name}" (${p.made}) reaches no head; nothing uses it.`,
  ),
  'unused-block': warning('UNET5002', (p: { name: string }) => `Block "${p.name}" is never used.`),
  'unused-parameter': warning(
    'UNET5003',
    (p: { name: string; owner: string }) => `Parameter "${p.name}" of "${p.owner}" is never used.`,
  ),
  'unused-input': warning(
    'UNET5004',
    (p: { name: string }) => `Input "${p.name}" reaches no head.`,
  ),
  'loss-from-logits': warning(
    'UNET5005',
    (p: { loss: string; head: string }) =>
      `Head "${p.head}" gives logits; "${p.loss}" applies the ${'activation'} itself and prediction does too.`,
  ),
} as const;

import { warning } from './message.js';

/** Specs that work, but hardly as meant. */
export const lintMessages = {
  'unused-tensor': warning(
    'UNET5001',
    (p: { name: string }) => `"${p.name}" reaches no head; nothing uses it.`,
  ),
  'lost-skip': warning(
    'UNET5004',
    (p: { name: string; node: string }) =>
      `"${p.name}" is only made smaller: its skip into "${p.node}", which has its size, is missing.`,
  ),
  'unused-block': warning('UNET5002', (p: { name: string }) => `Block "${p.name}" is never used.`),
  'unused-parameter': warning(
    'UNET5003',
    (p: { name: string; owner: string }) => `Parameter "${p.name}" of "${p.owner}" is never used.`,
  ),
  'unused-field': warning(
    'UNET5006',
    (p: { name: string; where: string }) => `"${p.name}" of ${p.where} is never used.`,
  ),
  'unused-import': warning(
    'UNET5010',
    (p: { name: string }) => `"${p.name}" is imported and never used.`,
  ),
  'unused-encoder': warning(
    'UNET5011',
    (p: { name: string }) => `Encoder "${p.name}" is never used.`,
  ),
} as const;

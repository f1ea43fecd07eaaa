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
      `"${p.name}" is only downsampled: its skip to "${p.node}", which has the same size, is missing.`,
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
  'softmax-of-one-channel': warning(
    'UNET5012',
    (p: { name: string }) =>
      `"${p.name}" is a softmax over one channel: it is 1 everywhere, whatever its input.`,
  ),
  'activation-without-room': warning(
    'UNET5013',
    (p: { name: string; source: string; range: string; least: string; most: string }) =>
      `"${p.name}" gets "${p.source}", whose values are ${p.range}: its result is always between ${p.least} and ${p.most}.`,
  ),
  'activation-without-effect': warning(
    'UNET5015',
    (p: { name: string; before: string }) =>
      `"${p.name}" changes nothing here: "${p.before}" before it gives no value that it would change.`,
  ),
  'logits-cut-off': warning(
    'UNET5016',
    (p: { head: string; what: string }) =>
      `The logits of head "${p.head}" ${p.what}; losses and predictions expect any number.`,
  ),
  'norm-of-one-value': warning(
    'UNET5017',
    (p: { name: string; norm: string; values: string }) =>
      `"${p.norm}" in "${p.name}" normalises a single value (${p.values}): nothing is left of it but the trained offset.`,
  ),
  'option-without-effect': warning(
    'UNET5018',
    (p: { owner: string; name: string; reason: string }) =>
      `"${p.name}" of "${p.owner}" has no effect here: ${p.reason}.`,
  ),
  'shared-never-called': warning(
    'UNET2213',
    (p: { name: string }) => `The shared instance "${p.name}" is never called.`,
  ),
  'shared-called-once': warning(
    'UNET2214',
    (p: { name: string }) =>
      `The shared instance "${p.name}" is called once: it shares its weights with nothing.`,
  ),
  'ignored-input': warning(
    'UNET5023',
    (p: { block: string; input: string }) =>
      `Block "${p.block}" never reads its input: "${p.input}" is lost there.`,
  ),
  'weights-scaling': warning(
    'UNET5030',
    (p: { file: string; scaling: string; expected: string }) =>
      `The weights "${p.file}" expect another scaling than "${p.scaling}": ${p.expected}.`,
  ),
} as const;

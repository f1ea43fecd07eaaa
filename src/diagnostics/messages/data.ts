import { error, warning } from './message.js';

/** Data sets, images, masks and training runs. */
export const dataMessages = {
  'data-folder-missing': error(
    'UNET6001',
    (p: { folder: string; expected: string }) =>
      `The folder "${p.folder}" does not exist; expected ${p.expected}.`,
  ),
} as const;
void warning;

import { warning } from './message.js';

/** Reports of runs. */
export const reportMessages = {
  'report-without-evaluation': warning(
    'UNET6400',
    (p: { folder: string; reason: string }) =>
      `The report of "${p.folder}" does not show what its weights do on the validation images: ${p.reason}.`,
  ),
  'report-not-written': warning(
    'UNET6401',
    (p: { file: string; reason: string }) => `"${p.file}" was not written: ${p.reason}.`,
  ),
  'report-not-served': warning(
    'UNET6402',
    (p: { port: number; reason: string }) =>
      `The training cannot be watched at port ${p.port}: ${p.reason}.`,
  ),
} as const;

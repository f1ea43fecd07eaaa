import { error, warning } from './message.js';

/** Packages of trained networks. */
export const packageMessages = {
  'package-folder-taken': error(
    'UNET7360',
    (p: { folder: string; reason: string }) => `"${p.folder}" is not replaced: ${p.reason}.`,
  ),
  'package-not-written': error(
    'UNET7361',
    (p: { file: string; reason: string }) =>
      `"${p.file}" was not written, and the package is not whole: ${p.reason}.`,
  ),
  'package-page-missing': error(
    'UNET7362',
    (p: { file: string }) => `The page that packages bring is not there: "${p.file}" is missing.`,
  ),
  'package-without-license': warning(
    'UNET7363',
    () => 'The package states no licence; expected "--license" with its name.',
  ),
} as const;

import { error, warning } from './message.js';

/** What a recipe asks for, beside what the network and its weights give. */
export const recipeMessages = {
  'window-size-not-legal': error(
    'UNET6040',
    (p: { policy: string; axis: string; size: number; legal: string }) =>
      `The ${p.axis} ${p.size} of "${p.policy}" is not a legal input size of the network; expected ${p.legal}.`,
  ),
  'image-size-not-covered': error(
    'UNET6041',
    (p: { axis: string; size: number }) =>
      `No legal input size of the network covers an image of ${p.axis} ${p.size}.`,
  ),
  'overlap-too-large': error(
    'UNET6042',
    (p: { overlap: number; cover: number; axis: string }) =>
      `The overlap ${p.overlap} leaves no step between tiles; expected less than ${p.cover}, the ${p.axis} that one tile gives.`,
  ),
  'metric-needs-pixels': error(
    'UNET6044',
    (p: { metric: string; head: string }) =>
      `The metric "${p.metric}" looks at places in masks; head "${p.head}" classifies whole images and gives none.`,
  ),
  'frozen-at-random': warning(
    'UNET6045',
    (p: { missing: number; all: number }) =>
      `${p.missing} of the ${p.all} weights of the frozen encoder come from no file: they start at random numbers and are never trained.`,
  ),
  'data-path-part': error(
    'UNET6080',
    (p: { field: string; path: string; found: string; why: string }) =>
      `"${p.field}" is "${p.path}", ${p.found} "{part}"; ${p.why}.`,
  ),
  'data-path-outside': error(
    'UNET6081',
    (p: { field: string; path: string }) =>
      `"${p.field}" names "${p.path}"; expected a path inside the data folder, with "/" between folders.`,
  ),
  'data-field-unused': error(
    'UNET6082',
    (p: { field: string; reason: string }) => `"${p.field}" has no meaning here: ${p.reason}.`,
  ),
  'pairs-alike': error(
    'UNET6083',
    (p: { folder: string }) =>
      `Images and masks both lie in "${p.folder}" with names of one kind; expected something that tells them apart.`,
  ),
  'fold-missing': error(
    'UNET6084',
    (p: { fold: number; count: number; last: number }) =>
      `There is no fold ${p.fold} of ${p.count} folds; expected one from 0 to ${p.last}.`,
  ),
  'split-does-not-fit': error(
    'UNET6085',
    (p: { split: string; needs: string }) => `The split "${p.split}" needs ${p.needs}.`,
  ),
  'split-parts-alike': error(
    'UNET6086',
    (p: { split: string; both: string }) =>
      `Both parts of the split "${p.split}" are "${p.both}"; expected one for training and another for validation.`,
  ),
  'post-step-unfit': error(
    'UNET6160',
    (p: { step: string; field: string; reason: string }) =>
      `"${p.step}" in "${p.field}" has no place here: ${p.reason}.`,
  ),
  'post-threshold-differs': error(
    'UNET6161',
    (p: { metric: string; own: number; painted: string }) =>
      `The metric "${p.metric}" has the threshold ${p.own}, and "post" makes a mask at the threshold ${p.painted}; expected one threshold, since metrics measure that mask.`,
  ),
  'threshold-not-found': warning(
    'UNET6162',
    (p: { folder: string; checkpoint: string; usual: number }) =>
      `The threshold that the recipe of "${p.folder}" has found was not found for the weights of "${p.checkpoint}": ${p.usual} is taken.`,
  ),
  'threshold-search-failed': warning(
    'UNET6163',
    (p: { folder: string; reason: string }) =>
      `The best threshold of "${p.folder}" was not found: ${p.reason}.`,
  ),
  'border-width-unfit': error(
    'UNET6166',
    (p: { reason: string }) => `"border_width" has no place here: ${p.reason}.`,
  ),
  'objects-too-many': error(
    'UNET6165',
    (p: { image: string; count: number; most: number }) =>
      `"${p.image}" has ${p.count} objects; expected at most ${p.most}, which a picture of 16 bits numbers.`,
  ),
  'post-image-too-large': error(
    'UNET6164',
    (p: { image: string; width: number; height: number; limit: number }) =>
      `The image "${p.image}" has ${p.width} x ${p.height} pixels; expected at most ${p.limit} in all where the recipe's "post" looks at whole masks.`,
  ),
} as const;

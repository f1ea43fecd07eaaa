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
      `The metric "${p.metric}" measures outlines in masks; head "${p.head}" classifies whole images and gives none.`,
  ),
  'frozen-at-random': warning(
    'UNET6045',
    (p: { missing: number; all: number }) =>
      `${p.missing} of the ${p.all} weights of the frozen encoder come from no file: they start at random numbers and are never trained.`,
  ),
} as const;

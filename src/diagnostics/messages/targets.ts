import { counted } from '../counted.js';
import { error } from './message.js';

/** Targets that heads have of their own, and the files that they are read from. */
export const targetMessages = {
  'target-does-not-fit': error(
    'UNET2200',
    (p: { target: string; head: string; reason: string }) =>
      `Target "${p.target}" does not fit head "${p.head}": ${p.reason}.`,
  ),
  'target-without-masks': error(
    'UNET2201',
    () =>
      'Every head that gives something for each pixel has a target of its own; expected one that learns the class masks.',
  ),
  'metric-of-no-head': error(
    'UNET2202',
    (p: { metric: string; measures: string }) =>
      `The metric "${p.metric}" measures ${p.measures}; no head of the network gives any.`,
  ),
  'target-size-differs': error(
    'UNET6338',
    (p: { head: string; main: string }) =>
      `Head "${p.head}" has a target of its own and another size than "${p.main}"; expected the size of what is predicted.`,
  ),
  'target-file-missing': error(
    'UNET6330',
    (p: { image: string; folder: string; stem: string; head: string }) =>
      `The image "${p.image}" has no target for head "${p.head}"; expected a file named "${p.stem}" with any image extension in "${p.folder}".`,
  ),
  'target-size-wrong': error(
    'UNET6331',
    (p: { file: string; found: string; expected: string; head: string }) =>
      `The target "${p.file}" of head "${p.head}" has ${p.found} pixels; its image has ${p.expected}.`,
  ),
  'target-channels-wrong': error(
    'UNET6332',
    (p: { file: string; found: number; head: string; expected: number }) =>
      `The target "${p.file}" has ${counted(p.found, 'channel')}; head "${p.head}" has ${p.expected}.`,
  ),
  'target-out-of-range': error(
    'UNET6333',
    (p: { file: string; head: string; found: string; range: string }) =>
      `The target "${p.file}" holds ${p.found}; head "${p.head}" gives values ${p.range}.`,
  ),
  'target-without-values': error(
    'UNET6334',
    (p: { head: string; folder: string; files: number }) =>
      `No pixel of ${counted(p.files, 'training target')} of head "${p.head}" has a value: there is nothing to learn.`,
  ),
  'target-class-unknown': error(
    'UNET6335',
    (p: { file: string; head: string; value: number; classes: number; pixels: number }) =>
      `The target "${p.file}" holds ${p.value} in ${counted(p.pixels, 'pixel')}; head "${p.head}" knows classes from 0 to ${p.classes - 1}.`,
  ),
  'target-file-unfit': error(
    'UNET6336',
    (p: { file: string; found: string; expected: string }) =>
      `The target "${p.file}" is ${p.found}; expected ${p.expected}.`,
  ),
} as const;

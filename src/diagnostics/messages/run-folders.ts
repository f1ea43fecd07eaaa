import { counted } from '../counted.js';
import { error, warning } from './message.js';

/** Run folders: what is read back from them, who works in them, and going on with a run. */
export const runFolderMessages = {
  'run-file-unusable': error(
    'UNET6361',
    (p: { file: string; reason: string }) => `"${p.file}" cannot make its run again: ${p.reason}.`,
  ),
  'run-file-damaged': error(
    'UNET6130',
    (p: { file: string; reason: string }) =>
      `The file "${p.file}" of the run is damaged: ${p.reason}.`,
  ),
  'run-parts-differ': error(
    'UNET6131',
    (p: { first: string; second: string; reason: string }) =>
      `"${p.first}" and "${p.second}" do not belong together: ${p.reason}.`,
  ),
  'run-spec-edited': warning(
    'UNET6132',
    (p: { file: string }) =>
      `"${p.file}" differs from the spec that was trained; the one inside the checkpoint counts.`,
  ),
  'log-lines-dropped': warning(
    'UNET6133',
    (p: { file: string; lines: string }) =>
      `The log "${p.file}" has lines that are no entries (${p.lines}); they were dropped.`,
  ),
  'run-in-use': error(
    'UNET6134',
    (p: { folder: string; who: string }) => `The run "${p.folder}" is in use by ${p.who}.`,
  ),
  'run-went-on': error(
    'UNET6135',
    (p: { folder: string }) =>
      `The run "${p.folder}" went on in another process after its checkpoint was read.`,
  ),
  'resume-needs-weights': error(
    'UNET6136',
    (p: { folder: string; weights: string }) =>
      `The run "${p.folder}" was started from the weights "${p.weights}" and ended before its first checkpoint; expected these weights again.`,
  ),
  'resume-changed': error(
    'UNET6137',
    (p: { folder: string; what: string; stored: string; given: string }) =>
      `The run "${p.folder}" was trained with ${p.what} ${p.stored}, found ${p.given}: the result would not be that of an unbroken run.`,
  ),
  'resume-data-changed': error(
    'UNET6138',
    (p: { folder: string; changes: string }) =>
      `The data of the run "${p.folder}" changed: ${p.changes}. The result would not be that of an unbroken run.`,
  ),
  'schedule-stretched': warning(
    'UNET6139',
    (p: { schedule: string; stored: number; given: number }) =>
      `The schedule "${p.schedule}" spreads over all epochs, ${p.stored} before and ${p.given} now: the result is not that of an unbroken run of ${counted(p.given, 'epoch')}.`,
  ),
  'weights-not-finite': error(
    'UNET6141',
    (p: { weight: string; epoch: number; step: number }) =>
      `The weight "${p.weight}" has values that are infinite or no numbers after step ${p.step}, in epoch ${p.epoch}; training stopped.`,
  ),
  'run-folder-gone': error(
    'UNET6142',
    (p: { folder: string; step: number }) =>
      `The run folder "${p.folder}" was deleted or moved while it was trained; training stopped after step ${p.step}.`,
  ),
  'pair-changed': error(
    'UNET6143',
    (p: { file: string }) =>
      `The file "${p.file}" changed while it was in use: it has other values than at the start.`,
  ),
} as const;

import { counted } from '../counted.js';
import { error, warning, type NoParameters } from './message.js';

/** Sweeps, trainings of one spec with several values of its parameters, and runs that predict together. */
export const sweepMessages = {
  'sweep-of-one': error(
    'UNET7330',
    (_: NoParameters) =>
      'Nothing varies in this sweep; expected several values, as "--set base=8,16", or "--folds".',
  ),
  'sweep-value-twice': error(
    'UNET7331',
    (p: { name: string; value: string }) =>
      `The parameter "${p.name}" is given the value "${p.value}" twice; expected different values.`,
  ),
  'split-without-folds': error(
    'UNET7332',
    (p: { model: string; split: string }) =>
      `The recipe of "${p.model}" divides its data by "${p.split}"; expected folds, as "split: folds(5)".`,
  ),
  'sweep-members-failed': error(
    'UNET7333',
    (p: { failed: number; members: number; names: string }) =>
      `${p.failed} of ${counted(p.members, 'member')} failed: ${p.names}.`,
  ),
  'sweep-folder-exists': error(
    'UNET7334',
    (p: { folder: string }) =>
      `The folder "${p.folder}" has content already; expected a new or an empty folder.`,
  ),
  'sweep-missing': error(
    'UNET7335',
    (p: { folder: string }) =>
      `"${p.folder}" is not a sweep; expected a folder that "unetc sweep" has made.`,
  ),
  'sweep-too-large': error(
    'UNET7336',
    (p: { members: number; limit: number }) =>
      `The sweep has ${p.members} members; expected at most ${p.limit}.`,
  ),
  'ensemble-differs': error(
    'UNET7340',
    (p: { first: string; second: string; what: string }) =>
      `"${p.first}" and "${p.second}" cannot predict together: their ${p.what} differ.`,
  ),
  'ensemble-of-runs': error(
    'UNET7341',
    (p: { option: string }) =>
      `"${p.option}" goes with one network; several that predict together are runs of trainings.`,
  ),
  'sweep-without-runs': error(
    'UNET7342',
    (p: { folder: string; members: number }) =>
      `No one of ${counted(p.members, 'member')} of the sweep "${p.folder}" is complete.`,
  ),
  'ensemble-saw-images': warning(
    'UNET7343',
    (p: { seen: number; images: number }) =>
      `${p.seen} of ${counted(p.images, 'image')} measured here were trained on by one of the runs: what is measured is better than on new images.`,
  ),
  'rate-search-elsewhere': error(
    'UNET7350',
    (p: { engine: string }) =>
      `"unetc find-lr" does not run on the engine "${p.engine}"; expected one of this process, as "--engine wasm".`,
  ),
  'rate-range-empty': error(
    'UNET7351',
    (p: { from: number; to: number }) =>
      `A learning rate cannot grow from ${p.from} to ${p.to}; expected a larger end.`,
  ),
  'rate-not-found': warning(
    'UNET7352',
    (p: { from: string; to: string }) =>
      `The loss hardly falls at any learning rate from ${p.from} to ${p.to}; none is suggested.`,
  ),
  'batch-memory-unknown': error(
    'UNET7355',
    (p: { engine: string }) =>
      `What the engine "${p.engine}" has of memory is not known, so that "--batch largest" cannot be told; expected a number.`,
  ),
} as const;

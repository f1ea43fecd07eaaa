import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { isTemporary, kindOf, listFolder, removeFile } from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import { checkpointNames } from './checkpoint.js';
import { dataFile, storeListing, type DataListing } from './data-listing.js';
import { evaluationFile } from './evaluation-file.js';
import { runFile, storeDescription, type RunDescription } from './run-description.js';
import { clearLeftOvers } from './left-overs.js';
import { isLockFile } from './run-lock.js';
import { thresholdFile } from './threshold-file.js';
import { modelFile, notWritten, readStored, type WriteFile } from './stored-file.js';

/** The spec of a run as it was trained. */
export const specFile = 'spec.unet';
/** The log of a run: one JSON object a line. */
export const logFile = 'log.jsonl';

/**
 * What a folder is to a new run: `free` where it is missing, empty, or holds the
 * beginning of a run that trained nothing; `trained` with a checkpoint; `logged`
 * with a log of steps whose checkpoints are gone; `foreign` with other content.
 */
export type FolderUse = 'free' | 'trained' | 'logged' | 'foreign';

/** Tells what a folder holds. Throws `FileError`. */
export async function inspectRunFolder(folder: string): Promise<FolderUse> {
  const names = kindOf(folder) === 'missing' ? [] : listFolder(folder);
  const models = checkpointNames.map((name) => kindOf(join(folder, name, modelFile)));
  if (models.some((kind) => kind !== 'missing')) return 'trained';
  if (names.some((name) => !isOurs(name))) return 'foreign';
  const log = await readStored(folder, logFile, 'log');
  return log.kind === 'missing' || (log.kind === 'read' && log.bytes.length === 0)
    ? 'free'
    : 'logged';
}

/** The folder with what trains the run in Python, where that is its engine. */
export const codeFolder = 'python';
/** The report of a run, a page for people. */
export const reportFile = 'report.html';
/** The folder with the files that TensorBoard reads. */
export const tensorboardFolder = 'tensorboard';

const ownNames: readonly string[] = [
  specFile,
  runFile,
  dataFile,
  logFile,
  codeFolder,
  evaluationFile,
  thresholdFile,
  reportFile,
  tensorboardFolder,
  ...checkpointNames,
];

function isOurs(name: string): boolean {
  return ownNames.includes(name) || isLockFile(name) || isTemporary(name);
}

/** Reports a run folder that cannot be started in; `again` where a run of it was asked for by `--resume`. */
export async function checkNewRunFolder(
  folder: string,
  again: boolean,
): Promise<readonly Diagnostic[]> {
  let use: FolderUse;
  try {
    use = await inspectRunFolder(folder);
  } catch (error) {
    return [notWritten(folder, error)];
  }
  const isFree = use === 'free' || (again && use === 'logged');
  if (isFree) return [];
  const resume: Readonly<Record<Exclude<FolderUse, 'free'>, string>> = {
    trained: 'Go on with that run by "--resume", or choose another folder with "--out".',
    logged:
      'Its checkpoints are gone; "--resume" starts it from the start, another folder ("--out") keeps its log.',
    foreign: 'Choose another folder with "--out".',
  };
  const help = [resume[use as Exclude<FolderUse, 'free'>]];
  return [createDiagnostic('run-folder-exists', { folder }, { at: atFile(folder), help })];
}

/** What a run folder says of its run as a whole. */
export interface FolderContent {
  /** The text of the spec. */
  readonly spec: string;
  readonly listing: DataListing;
  readonly description: RunDescription;
}

/**
 * Brings the folder of a run that is about to be trained into order: deletes what is left
 * of writes that were not ended, and writes the files that are missing; of a run that is
 * new, all. A failure is returned.
 */
export async function prepareRunFolder(
  folder: string,
  isNew: boolean,
  content: FolderContent,
  write: WriteFile,
): Promise<readonly Diagnostic[]> {
  const untidy = await clearLeftOvers(folder);
  if (untidy.length > 0) return untidy;
  try {
    if (isNew) clearRunFolder(folder);
    const problems = await completeRunFolder(folder, content, write);
    // What tells nobody anything goes.
    if (problems.length > 0 && isNew) clearRunFolder(folder);
    return problems;
  } catch (error) {
    return [notWritten(folder, error)];
  }
}

async function completeRunFolder(
  folder: string,
  { spec, listing, description }: FolderContent,
  write: WriteFile,
): Promise<readonly Diagnostic[]> {
  // `run.json` comes last: where it is, the others are.
  const files: readonly (readonly [string, Buffer])[] = [
    [specFile, Buffer.from(spec)],
    [dataFile, storeListing(listing)],
    [runFile, storeDescription(description)],
  ];
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    if ((await readStored(folder, name)).kind === 'read') continue;
    try {
      await write(path, bytes);
    } catch (error) {
      return [notWritten(path, error)];
    }
  }
  return [];
}

/**
 * Writes the list of the data anew where it is another, behind a checkpoint that was trained
 * on them: until then it can say what has changed. Throws what the system throws.
 */
export async function renewListing(
  folder: string,
  listing: DataListing,
  write: WriteFile,
): Promise<void> {
  const bytes = storeListing(listing);
  const stored = await readStored(folder, dataFile);
  if (stored.kind === 'read' && stored.bytes.equals(bytes)) return;
  await write(join(folder, dataFile), bytes);
}

/** Deletes what a run that trained nothing has left. Throws `FileError`. */
function clearRunFolder(folder: string): void {
  const made = [specFile, runFile, dataFile, logFile, evaluationFile, thresholdFile, reportFile];
  for (const name of made) removeFile(join(folder, name));
}

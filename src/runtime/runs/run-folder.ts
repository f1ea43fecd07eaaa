import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import {
  describeSystemError,
  FileError,
  kindOf,
  listFolder,
  makeFolder,
  removeEmptyFolder,
  removeFile,
} from '../../files/index.js';
import { version } from '../../version.js';
import { atFile } from '../data/at-file.js';
import type { LoadSummary } from '../pretrained/load-weights.js';
import type { RunSpec } from '../training/run-spec.js';
import type { WriteFile } from './write-checkpoint.js';

/** The file that describes a run. */
export const runFile = 'run.json';
/** The spec of a run as it was trained. */
export const specFile = 'spec.unet';
/** The log of a run: one JSON object a line. */
export const logFile = 'log.jsonl';

/** The content of `run.json`: how the run was called, for people and for tools. */
export interface RunDescription {
  readonly kind: 'unetc-run';
  readonly unetc: string;
  readonly spec: string;
  readonly model: string;
  readonly set: Readonly<Record<string, string>>;
  readonly settings: RunSpec['settings'];
  readonly data: string;
  readonly engine: string;
  /** The file of weights that it started from. */
  readonly weights?: LoadSummary;
}

/** Reports a run folder that cannot be started in: one with content. Nothing is written. */
export async function checkNewRunFolder(folder: string): Promise<readonly Diagnostic[]> {
  const reporter = new Reporter();
  try {
    if (kindOf(folder) === 'missing') return [];
    const content = listFolder(folder);
    if (content.length > 0) {
      const help = content.includes(runFile)
        ? ['Go on with that run by "--resume", or choose another folder with "--out".']
        : ['Choose another folder with "--out".'];
      reporter.report('run-folder-exists', { folder }, { at: atFile(folder), help });
    }
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return [notWritten(folder, error)];
  }
  return reporter.diagnostics;
}

/** Makes a run folder with its spec and description. A failure is returned, and an empty folder removed. */
export async function createRunFolder(
  folder: string,
  spec: RunSpec,
  called: Pick<RunDescription, 'spec' | 'data' | 'engine' | 'weights'>,
  write: WriteFile,
): Promise<readonly Diagnostic[]> {
  const description: RunDescription = {
    kind: 'unetc-run',
    unetc: version,
    spec: called.spec,
    model: spec.model,
    set: spec.set,
    settings: spec.settings,
    data: called.data,
    engine: called.engine,
    ...(called.weights === undefined ? {} : { weights: called.weights }),
  };
  let file = folder;
  try {
    makeFolder(folder);
    file = join(folder, specFile);
    await write(file, Buffer.from(spec.text));
    file = join(folder, runFile);
    await write(file, Buffer.from(`${JSON.stringify(description, null, 2)}\n`));
    return [];
  } catch (error) {
    // What tells nobody anything goes; a folder with other content stays.
    try {
      removeFile(join(folder, specFile));
      removeEmptyFolder(folder);
    } catch (problem) {
      if (!(problem instanceof FileError)) throw problem;
    }
    return [notWritten(file, error)];
  }
}

/** The diagnostic for a file of a run that could not be written. */
export function notWritten(file: string, error: unknown): Diagnostic {
  const { code } = error as NodeJS.ErrnoException;
  const isFull = code === 'ENOSPC' || code === 'EDQUOT';
  const help = isFull
    ? ['Make room and go on with "--resume"; the checkpoints written before are whole.']
    : [];
  const reason = describeSystemError(error);
  return createDiagnostic('run-not-written', { file, reason }, { at: atFile(file), help });
}

import { join } from 'node:path';
import { hasErrors, type Diagnostic, type Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import type { ScheduleName } from '../../ir/recipe.js';
import { FileError, isFolder, shellWord } from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import type { Checkpoint, RunConditions } from '../runs/checkpoint.js';
import { describeDataChanges } from '../runs/data-changes.js';
import { fingerprintOf, readListing, type DataListing } from '../runs/data-listing.js';
import { readCheckpoint } from '../runs/read-checkpoint.js';
import { inspectRunFolder, type FolderUse } from '../runs/run-folder.js';
import { checkBest, checkSurroundings } from '../runs/run-parts.js';
import { openSealedJson } from '../runs/sealed-json.js';
import { modelFile, readStored } from '../runs/stored-file.js';
import { isOutOfPatience } from './patience.js';
import type { CompiledRun, RunSpec } from './run-spec.js';

/**
 * What a run goes on from: its last checkpoint, or `again` where it has none and
 * is to be started from the start. Undefined where there is no run.
 */
export async function readLast(folder: string): Promise<Result<Checkpoint | 'again' | undefined>> {
  const at = atFile(folder);
  if (!isFolder(folder)) {
    const help = ['Without "--resume" a new run is started.'];
    const problem = createDiagnostic('run-missing', { folder }, { at, help });
    return { value: undefined, diagnostics: [problem] };
  }
  let use: FolderUse;
  try {
    use = await inspectRunFolder(folder);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const parameters = { path: folder, reason: error.message };
    const problem = createDiagnostic('file-unreadable', parameters, { at });
    return { value: undefined, diagnostics: [problem] };
  }
  if (use === 'free' || use === 'logged') return { value: 'again', diagnostics: [] };
  return readCheckpoint(folder, 'last');
}

/** Schedules whose factors depend on the number of epochs. */
const spread: ReadonlySet<ScheduleName> = new Set(['cosine', 'poly', 'one_cycle']);

/** Whether a checkpoint is that of the last epoch asked for, or of the one that training ends early after. */
export const isComplete = (
  { progress, best }: Pick<Checkpoint, 'progress' | 'best'>,
  { recipe }: Pick<CompiledRun, 'recipe'>,
): boolean => progress.epoch >= recipe.epochs || isOutOfPatience(recipe, progress.epoch, best);

/** Reports where a run is asked for that is another than the one to go on with. */
export function checkSameRun(
  folder: string,
  { spec: stored, progress, best }: Checkpoint,
  { spec: requested, recipe }: CompiledRun,
): readonly Diagnostic[] {
  const reporter = new Reporter();
  const at = atFile(folder);
  const differ = (what: string, before: string, now: string): void => {
    if (before === now) return;
    const help = ['Ask for the same again, or start a new run in another folder.'];
    const parameters = { folder, what, stored: before, given: now };
    reporter.report('resume-differs', parameters, { at, help });
  };
  const texts = (spec: RunSpec): string => JSON.stringify([spec.text, spec.imports ?? {}]);
  if (texts(stored) !== texts(requested)) differ('another text of', 'the spec', 'a changed spec');
  differ('the model', `"${stored.model}"`, `"${requested.model}"`);
  differ('the parameters', JSON.stringify(stored.set), JSON.stringify(requested.set));
  differ('the batch size', String(stored.settings.batch), String(requested.settings.batch));
  differ('the seed', String(stored.settings.seed), String(requested.settings.seed));
  const foldOf = ({ settings: { fold } }: RunSpec): string => String(fold ?? 'of the recipe');
  differ('the fold', foldOf(stored), foldOf(requested));
  if (reporter.hasErrors) return reporter.diagnostics;
  const { epochs } = requested.settings;
  const { name } = recipe.schedule;
  if (progress.epoch < epochs && isComplete({ progress, best }, { recipe })) {
    const help = [`Start a new run from its weights: "--weights ${shellWord(folder)}".`];
    const parameters = { folder, epochs: progress.epoch, best: best!.epoch };
    reporter.report('run-ended-early', parameters, { at, help });
  } else if (isComplete({ progress, best }, { recipe })) {
    const help = ['Ask for more with "--epochs".'];
    const done = { folder, epochs: progress.epoch };
    reporter.report('run-is-complete', done, { at, help });
  } else if (spread.has(name) && stored.settings.epochs !== epochs) {
    const parameters = { schedule: name, stored: stored.settings.epochs, given: epochs };
    reporter.report('schedule-stretched', parameters, { at: recipe.schedule.origin });
  }
  return reporter.diagnostics;
}

/** What lies beside the last checkpoint of a run. */
export interface RunParts {
  /** The checkpoint "best", where it is the one that "last" speaks of, or newer. */
  readonly best: Checkpoint | undefined;
  readonly problems: readonly Diagnostic[];
  /** Those of "best" alone: without it a run can go on, and look for the best epoch anew. */
  readonly bestProblems: readonly Diagnostic[];
}

/** Checks whether all parts of a run are there and of one run; the folder is locked. */
export async function checkRunParts(folder: string, last: Checkpoint): Promise<RunParts> {
  const model = await readStored(join(folder, 'last'), modelFile);
  const opened = model.kind === 'read' ? openSealedJson(model.bytes) : undefined;
  if (opened === undefined || 'problem' in opened || opened.seal !== last.seal) {
    const context = { at: atFile(folder), help: ['Call it again.'] };
    const problem = createDiagnostic('run-went-on', { folder }, context);
    return { best: undefined, problems: [problem], bestProblems: [] };
  }
  const problems = await checkSurroundings(folder, 'last', last);
  const found = await checkBest(folder, last);
  return { best: found.best, problems, bestProblems: found.problems };
}

/** How the conditions of a run have changed since its last checkpoint. */
export interface ConditionChanges {
  /** In words, for the log. */
  readonly what: readonly string[];
  readonly problems: readonly Diagnostic[];
}

/** Compares the conditions that a run would go on under with those of its last checkpoint. */
export async function compareConditions(
  folder: string,
  before: RunConditions,
  now: RunConditions,
  listing: DataListing,
): Promise<ConditionChanges> {
  const reporter = new Reporter();
  const at = atFile(folder);
  const help = ['"--allow-changes" goes on all the same.'];
  const what: string[] = [];
  const compare = (key: Exclude<keyof RunConditions, 'data'>, name: string): void => {
    if (before[key] === now[key]) return;
    const parameters = { folder, what: name, stored: before[key], given: now[key] };
    reporter.report('resume-changed', parameters, { at, help });
    what.push(`${name} ${before[key]}, now ${now[key]}`);
  };
  compare('engine', 'the engine');
  compare('unetc', 'unetc');
  compare('tensorflow', 'TensorFlow.js');
  if (before.data !== now.data) {
    const stored = await readListing(folder);
    const isOwn = stored !== undefined && fingerprintOf(stored) === before.data;
    const reported = isOwn ? describeDataChanges(stored, listing) : '';
    const changes = reported || 'which files is not known, for "data.json" is not that of the run';
    reporter.report('resume-data-changed', { folder, changes }, { at, help });
    what.push(`data: ${changes}`);
  }
  return { what, problems: reporter.diagnostics };
}

/** The same problems as warnings, for a person who wants to go on with them. */
export function allowed(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  return hasErrors(problems)
    ? problems.map((problem) => ({ ...problem, severity: 'warning', help: [] }))
    : problems;
}

import { join } from 'node:path';
import { hasErrors, type Diagnostic, type Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { FileError, replaceFile } from '../../files/index.js';
import { atFile } from '../data/at-file.js';
import type { RateSearch } from '../training/rate-search.js';
import { evaluationFile, readEvaluation, storeEvaluation } from '../runs/evaluation-file.js';
import { readCheckpoint } from '../runs/read-checkpoint.js';
import { reportFile } from '../runs/run-folder.js';
import { openRun } from '../prediction/open-run.js';
import { describeFailure } from '../engines/describe-failure.js';
import { gatherRun } from './gather/gather-run.js';
import { evaluateRun, isEvaluationOf, type EvaluateRunOptions } from './measure/evaluate-run.js';
import { chartLibrary } from './render/chart-library.js';
import { renderComparison } from './render/render-comparison.js';
import { renderRates, type RatesPage } from './render/render-rates.js';
import { renderRun } from './render/render-run.js';

/**
 * Evaluates the best weights of a run on the validation images of a folder and writes what they
 * do beside them, as `evaluation.json`. What keeps it from that is returned.
 */
export async function storeRunEvaluation(
  folder: string,
  data: string,
  options: EvaluateRunOptions = {},
): Promise<readonly Diagnostic[]> {
  const opened = await openRun(folder, 'best');
  if (opened.value === undefined) return opened.diagnostics;
  try {
    const { value, diagnostics } = await evaluateRun(opened.value, data, options);
    if (value !== undefined) {
      await replaceFile(join(folder, evaluationFile), storeEvaluation(value));
    }
    return diagnostics;
  } catch (error) {
    const failure = error instanceof FileError ? notWritten(error) : describeFailure(error);
    if (failure === undefined) throw error;
    return [failure];
  }
}

/** Whether a run has best weights that were not evaluated, or not under the conditions of now. */
export async function needsEvaluation(folder: string): Promise<boolean> {
  const { value: best } = await readCheckpoint(folder, 'best');
  if (best === undefined || best.progress.step === 0) return false;
  const stored = await readEvaluation(folder);
  return stored === undefined || !isEvaluationOf(stored, best);
}

/**
 * Writes the report of a run from what its folder holds; into the folder itself, as
 * `report.html`, unless another file is given. The value is the file.
 */
export async function writeReport(
  folder: string,
  file: string = join(folder, reportFile),
): Promise<Result<string | undefined>> {
  const { value: run, diagnostics } = await gatherRun(folder);
  if (run === undefined) return { value: undefined, diagnostics };
  return write(file, renderRun(run, await chartLibrary()));
}

/** Writes a page that compares runs. The value is the file. */
export async function writeComparison(
  folders: readonly string[],
  file: string,
): Promise<Result<string | undefined>> {
  const gathered = [];
  for (const folder of folders) gathered.push(await gatherRun(folder));
  const diagnostics = gathered.flatMap((each) => each.diagnostics);
  const runs = gathered.flatMap(({ value }) => value ?? []);
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics };
  return write(file, renderComparison(runs, await chartLibrary()));
}

/** Writes the page of a search for a learning rate. The value is the file. */
export async function writeRates(
  search: RateSearch,
  about: RatesPage,
  file: string,
): Promise<Result<string | undefined>> {
  return write(file, renderRates(search, about, await chartLibrary()));
}

async function write(file: string, text: string): Promise<Result<string | undefined>> {
  try {
    await replaceFile(file, text);
    return { value: file, diagnostics: [] };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { value: undefined, diagnostics: [notWritten(error)] };
  }
}

function notWritten({ path: file, message: reason }: FileError): Diagnostic {
  return createDiagnostic('report-not-written', { file, reason }, { at: atFile(file) });
}

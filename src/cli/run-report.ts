import { join, resolve } from 'node:path';
import { hasErrors, type Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic } from '../diagnostics/report.js';
import { isFolder } from '../files/index.js';
import type { PredictionEngine } from '../runtime/prediction/window-network.js';
import type { TrainingOutcome } from '../runtime/training/events.js';
import type { CompiledRun } from '../runtime/training/run-spec.js';
import type { CommandContext } from './context.js';
import {
  startPredictionEngine,
  type PredictionEngineWishes,
  type TrainingEngine,
} from './engine-options.js';
import { displayedPath, reportDiagnostics, wholeFile } from './report.js';

/** What predicts for an evaluation: one that runs already, or as the call wishes. */
export type EvaluationEngine =
  | { readonly kind: 'running' }
  | { readonly kind: 'start'; readonly wishes: PredictionEngineWishes };

/** What a report is made of. */
export interface ReportWishes {
  /** The folder of the data; that which the run was trained on unless given. */
  readonly data?: string | undefined;
  readonly engine: EvaluationEngine;
  /** Ends an evaluation early; the report is then without it. */
  readonly signal?: AbortSignal | undefined;
}

/** Evaluates the best weights of a run where that is still to be done; what keeps it from that is a warning. */
export async function completeEvaluation(
  folder: string,
  wishes: ReportWishes,
  context: CommandContext,
): Promise<void> {
  const { needsEvaluation } = await import('../runtime/report/write-report.js');
  if (!(await needsEvaluation(folder))) return;
  const problems = await evaluate(folder, wishes, context);
  if (wishes.signal?.aborted === true || !hasErrors(problems)) return;
  const [first] = problems.filter(({ severity }) => severity === 'error');
  warnWithout(folder, first!.message, context);
}

async function evaluate(
  folder: string,
  { data: given, engine, signal }: ReportWishes,
  context: CommandContext,
): Promise<readonly Diagnostic[]> {
  const { readDescription } = await import('../runtime/runs/run-description.js');
  const { storeRunEvaluation } = await import('../runtime/report/write-report.js');
  const read = await readDescription(folder);
  const data = given ?? (read.kind === 'read' ? read.description.data : undefined);
  if (data === undefined || !isFolder(data)) {
    const where = data === undefined ? 'of its data' : `"${displayedPath(data, context.folder)}"`;
    warnWithout(folder, `there is no folder ${where}`, context);
    return [];
  }
  const started = await startForRun(folder, engine, context);
  if (started === undefined) return [];
  const { stderr } = context;
  const problems = await storeRunEvaluation(folder, data, {
    ...started,
    signal,
    onImage: (done, total) => stderr.status(`report: ${done}/${total} validation images`),
  });
  stderr.status('');
  return problems;
}

async function startForRun(
  folder: string,
  engine: EvaluationEngine,
  context: CommandContext,
): Promise<EnginePart | undefined> {
  if (engine.kind === 'running') return {};
  const { openRun } = await import('../runtime/prediction/open-run.js');
  const { value } = await openRun(folder, 'best');
  return value && startEvaluationEngine(value.run, engine, context);
}

/** What predicts; the engine of TensorFlow.js that runs already where there is none. */
interface EnginePart {
  readonly engine?: PredictionEngine;
}

/** Starts what evaluates a run, unless it runs already; undefined when that failed and was reported. */
export async function startEvaluationEngine(
  run: CompiledRun,
  engine: EvaluationEngine,
  context: CommandContext,
): Promise<EnginePart | undefined> {
  if (engine.kind === 'running') return {};
  const started = await startPredictionEngine(run, engine.wishes, context);
  if (started?.engineName !== 'onnx') return started;
  const { startChosenEngine } = await import('./engine-options.js');
  // Losses are computed where networks train.
  const losses = await startChosenEngine({ engine: 'wasm', threads: undefined }, context);
  return losses && started;
}

function warnWithout(folder: string, reason: string, context: CommandContext): void {
  const parameters = {
    folder: displayedPath(folder, context.folder),
    reason: reason.replace(/\.$/, ''),
  };
  const help = ['Make it again where the images are: "unetc report RUN --data DIR".'];
  const at = wholeFile(folder);
  reportDiagnostics(
    [createDiagnostic('report-without-evaluation', parameters, { at, help })],
    context,
  );
}

/** What a training knows that has ended. */
export interface EndedTraining extends Pick<ReportWishes, 'signal'> {
  /** The folder of the data. */
  readonly data: string;
  /** What trained. */
  readonly trained: TrainingEngine;
}

/** What evaluates the best weights of a training: the engine that trained, after PyTorch the fastest of ours. */
export function engineAfter(trained: TrainingEngine): EvaluationEngine {
  return trained === 'pytorch'
    ? { kind: 'start', wishes: { engine: undefined, threads: undefined } }
    : { kind: 'running' };
}

/**
 * Makes the report of a training that has ended, as far as there is something to show.
 * Nothing that goes wrong here makes the training fail.
 */
export async function reportOutcome(
  outcome: TrainingOutcome | undefined,
  folder: string,
  { trained, ...given }: EndedTraining,
  context: CommandContext,
): Promise<void> {
  if (outcome === undefined || outcome.kind === 'failed' || outcome.kind === 'not-begun') return;
  const wishes: ReportWishes = { ...given, engine: engineAfter(trained) };
  try {
    const { writeReport } = await import('../runtime/report/write-report.js');
    if (wishes.signal?.aborted !== true) await completeEvaluation(folder, wishes, context);
    const { value: file, diagnostics } = await writeReport(folder);
    if (diagnostics.length > 0) reportDiagnostics(diagnostics.map(asWarning), context);
    if (file !== undefined) context.stderr.line(`report: ${displayedPath(file, context.folder)}`);
  } catch (error) {
    const file = join(resolve(context.folder, folder), 'report.html');
    const reason = error instanceof Error ? error.message : String(error);
    const problem = createDiagnostic(
      'report-not-written',
      { file, reason },
      { at: wholeFile(file) },
    );
    reportDiagnostics([problem], context);
  }
}

const asWarning = (problem: Diagnostic): Diagnostic => ({ ...problem, severity: 'warning' });

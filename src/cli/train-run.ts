import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { createDiagnostic } from '../diagnostics/report.js';
import type { SourceFile } from '../diagnostics/source.js';
import { shellWord } from '../files/index.js';
import type { WeightSource } from '../runtime/pretrained/weight-source.js';
import type { FoundPython } from '../runtime/python/find-python.js';
import type { Checkpoint } from '../runtime/runs/checkpoint.js';
import type { TrainingOutcome } from '../runtime/training/events.js';
import type { CompiledRun } from '../runtime/training/run-spec.js';
import type { TrainOptions } from '../runtime/training/train-options.js';
import type { CommandContext, Interruption } from './context.js';
import { startChosenEngine, tellEngine } from './engine-options.js';
import type { TrainingChoice } from './engines/training-engine.js';
import type { PythonStart } from './python-engine.js';
import { nowhere, reportDiagnostics } from './report.js';
import { createWatcher } from './training-output.js';
import type { TrainingWatcher } from './training-watchers.js';

/** What trains, started: our own network on an engine, or PyTorch in another process. */
export interface StartedTrainer extends Pick<TrainOptions, 'engine' | 'check' | 'open' | 'adopt'> {
  /** The Python of PyTorch, for the starts that follow. */
  readonly found?: FoundPython;
}

/** Starts what a run is to be trained with; undefined when that failed and was reported. */
export async function startTrainer(
  { name, reason, threads }: TrainingChoice,
  run: CompiledRun,
  wishes: PythonStart,
  context: CommandContext,
): Promise<StartedTrainer | undefined> {
  if (name === 'pytorch') {
    const { startPythonEngine } = await import('./python-engine.js');
    return startPythonEngine(run, wishes, context);
  }
  const engine = await startChosenEngine(
    { engine: name, threads: wishes.threads ?? threads },
    context,
  );
  if (engine !== undefined && reason !== undefined) tellEngine(engine, reason, context);
  return engine && { engine };
}

/** A wish to end, for as long as something trains. */
export interface AwaitedInterruption {
  readonly signal: AbortSignal;
  /** What asked for it, once the signal is aborted. */
  readonly cause: () => Interruption;
  /** Lets later signals end the process again. */
  readonly forget: () => void;
}

/** Takes a wish to end as one to stop after the step under way. */
export function awaitInterruption(context: CommandContext): AwaitedInterruption {
  const controller = new AbortController();
  let interruption: Interruption = 'SIGINT';
  const forget = context.onInterrupt((signal) => {
    interruption = signal;
    const again = signal === 'SIGINT' ? '; press Ctrl-C again to stop at once' : '';
    context.stderr.write(`\nstopping when the step under way is written down${again}\n`);
    controller.abort();
  });
  return { signal: controller.signal, cause: () => interruption, forget };
}

/** A run to train, with all that was decided for it. */
export interface RunCall extends Pick<TrainOptions, 'resume' | 'allowChanges'> {
  readonly run: CompiledRun;
  /** Show the places of diagnostics. */
  readonly sources: readonly SourceFile[];
  readonly specPath: string;
  /** The folders of the data and of the run. */
  readonly data: string;
  readonly out: string;
  readonly weights: WeightSource | undefined;
  readonly trainer: StartedTrainer;
  readonly watchers: readonly TrainingWatcher[];
  readonly signal: AbortSignal;
}

/** How a run ended, and what was reported of it. */
export interface EndedRun {
  readonly outcome: TrainingOutcome | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

/** Trains a run, finds its threshold where the recipe wants one, and makes its report; tells all that happens. */
export async function trainRun(call: RunCall, context: CommandContext): Promise<EndedRun> {
  const { run, sources, data, out, trainer, watchers, signal } = call;
  const { train } = await import('../runtime/training/train.js');
  const watch = createWatcher(context.stderr);
  const reported = new Set<Diagnostic>();
  const { value: outcome, diagnostics } = await train({
    ...{ run, data, out, signal, specPath: call.specPath, weights: call.weights },
    ...{ resume: call.resume, allowChanges: call.allowChanges === true },
    ...trainer,
    onEvent: (event) => {
      for (const watcher of watchers) watcher.tell(event);
      if (event.kind !== 'warnings') watch(event);
      else {
        for (const each of event.diagnostics) reported.add(each);
        reportDiagnostics(event.diagnostics, context, { sources });
      }
    },
  });
  const unreported = diagnostics.filter((each) => !reported.has(each));
  if (unreported.length > 0) reportDiagnostics(unreported, context, { sources });
  await finishRun(outcome, call, context);
  return { outcome, diagnostics };
}

/** Finds the threshold of a run whose training has ended, where its recipe wants one, and makes its report. */
export async function finishRun(
  outcome: TrainingOutcome | undefined,
  { run, data, out, trainer, signal }: RunCall,
  context: CommandContext,
): Promise<void> {
  const ended = { data, signal, trained: trainer.engine.name };
  if (run.recipe.post.threshold === 'found') {
    const { findThreshold } = await import('./find-threshold.js');
    await findThreshold(outcome, out, ended, context);
  }
  const { reportOutcome } = await import('./run-report.js');
  await reportOutcome(outcome, out, ended, context);
}

/** What keeps an engine from going on with a run of another kind of engine. */
export function checkEngineKind(
  folder: string,
  last: Checkpoint | 'again' | undefined,
  given: string,
): readonly Diagnostic[] {
  if (typeof last !== 'object') return [];
  const stored = last.conditions.engine;
  if ((stored === 'pytorch') === (given === 'pytorch')) return [];
  const help = [
    `Give "--engine ${stored}", or start a new run from its weights: "--weights ${shellWord(folder)}".`,
  ];
  const parameters = { folder, stored, given };
  return [createDiagnostic('resume-by-other-kind', parameters, { at: nowhere, help })];
}

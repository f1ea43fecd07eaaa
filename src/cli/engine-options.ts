import { createDiagnostic } from '../diagnostics/report.js';
import {
  engineNames,
  EngineError,
  type Engine,
  type EngineName,
} from '../runtime/engines/engine.js';
import type { PredictionEngine } from '../runtime/prediction/window-network.js';
import type { CompiledRun } from '../runtime/training/run-spec.js';
import type { OptionDescription } from './command.js';
import type { CommandContext } from './context.js';
import type { ChosenEngine } from './engines/choose-engine.js';
import { nowhere, reportDiagnostics } from './report.js';

/** What can predict: the engines, and ONNX Runtime; "auto" is the fastest of those that are here. */
export type PredictionEngineChoice = 'auto' | EngineName | 'onnx';

/** The option that chooses what predicts. */
export const predictionEngineOption = {
  kind: 'choice',
  choices: ['auto', ...engineNames, 'onnx'] as readonly PredictionEngineChoice[],
  help: 'what computes; auto, the fastest here, unless given',
} as const satisfies OptionDescription;

/** What can train: the engines, and PyTorch in a process of its own. */
export type TrainingEngine = EngineName | 'pytorch';

/** What a call can ask for; "auto" is the fastest of the engines that are here. */
export type EngineChoice = 'auto' | TrainingEngine;

/** The option that chooses what trains. */
export const trainingEngineOption = {
  kind: 'choice',
  choices: ['auto', ...engineNames, 'pytorch'] as readonly EngineChoice[],
  help: 'what computes; auto, the fastest here, unless given',
} as const satisfies OptionDescription;

/** The option for the threads of engines that take a number. */
export const threadsOption = {
  kind: 'integer',
  value: 'N',
  minimum: 1,
  help: 'threads of the engine, 1 unless given',
} as const satisfies OptionDescription;

/** The same for what predicts. */
export const predictionThreadsOption = {
  ...threadsOption,
  help: 'threads; 1 unless given, of onnx one for each core',
} as const satisfies OptionDescription;

/** Starts an engine; undefined when that failed and was reported. */
export async function startChosenEngine(
  options: { readonly engine: EngineName; readonly threads: number | undefined },
  context: CommandContext,
): Promise<Engine | undefined> {
  const { startEngine } = await import('../runtime/engines/start-engine.js');
  const { engine, threads = 1 } = options;
  return reportingFailure(() => startEngine(engine, { threads }), context);
}

/** What predicts, started. */
export interface StartedPrediction {
  readonly engine: PredictionEngine;
  readonly engineName: EngineName | 'onnx';
}

/** Starts what predicts; undefined when that failed and was reported. */
export async function startPredictionEngine(
  run: CompiledRun,
  { engine = 'auto', threads }: PredictionEngineWishes,
  context: CommandContext,
): Promise<StartedPrediction | undefined> {
  const chosen = engine === 'auto' ? await choose(run, context) : { name: engine };
  if (chosen.name !== 'onnx') {
    const wanted = { engine: chosen.name, threads };
    const started = await startChosenEngine(wanted, context);
    if (started === undefined) return undefined;
    if ('reason' in chosen) tellEngine(started, chosen.reason, context);
    const { functionalEngine } = await import('../runtime/prediction/functional-engine.js');
    return { engine: functionalEngine, engineName: chosen.name };
  }
  const { startOnnx } = await import('../runtime/onnx/start-onnx.js');
  const tell = (line: string): void => context.stderr.line(line);
  const onnx = await reportingFailure(() => startOnnx({ threads, tell }), context);
  return onnx && { engine: onnx, engineName: 'onnx' };
}

async function choose(run: CompiledRun, context: CommandContext): Promise<ChosenEngine> {
  const { chooseEngine } = await import('./engines/choose-engine.js');
  const { workOfRun } = await import('./engines/work-of-run.js');
  return chooseEngine(workOfRun(run, 'prediction'), context);
}

/** Tells in one line what computes, and why it was chosen. */
export function tellEngine(
  { name, description }: Engine,
  reason: string,
  { stderr }: CommandContext,
): void {
  stderr.line(`engine ${name}: ${description}; ${reason}`);
}

/** What a call says of the engine that predicts. */
export interface PredictionEngineWishes {
  readonly engine: PredictionEngineChoice | undefined;
  readonly threads: number | undefined;
}

/** An engine that cannot start is reported, and undefined. */
async function reportingFailure<T>(
  start: () => Promise<T>,
  context: CommandContext,
): Promise<T | undefined> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    const reason = error.message.replace(/\.$/, '');
    const help = ['"unetc engines" tells what is here, and what is missing.'];
    reportDiagnostics(
      [createDiagnostic('engine-unavailable', { reason }, { at: nowhere, help })],
      context,
    );
    return undefined;
  }
}

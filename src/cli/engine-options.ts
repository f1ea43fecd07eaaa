import { createDiagnostic } from '../diagnostics/report.js';
import { engineNames, EngineError, type Engine } from '../runtime/engines/engine.js';
import type { PredictionEngine } from '../runtime/prediction/window-network.js';
import type { OptionDescription } from './command.js';
import type { CommandContext } from './context.js';
import { nowhere, reportDiagnostics } from './report.js';

/** What can predict: the engines, and ONNX Runtime. */
export type PredictionEngineChoice = (typeof engineNames)[number] | 'onnx';

/** The option that chooses what predicts. */
export const predictionEngineOption = {
  kind: 'choice',
  choices: [...engineNames, 'onnx'] as readonly PredictionEngineChoice[],
  help: 'what computes; wasm unless given',
} as const satisfies OptionDescription;

/** What can train: the engines, and PyTorch in a process of its own. */
export type EngineChoice = (typeof engineNames)[number] | 'pytorch';

/** The option that chooses what trains. */
export const trainingEngineOption = {
  kind: 'choice',
  choices: [...engineNames, 'pytorch'] as readonly EngineChoice[],
  help: 'what computes; wasm unless given',
} as const satisfies OptionDescription;

/** The option for the threads of engines that take a number. */
export const threadsOption = {
  kind: 'integer',
  value: 'N',
  minimum: 1,
  help: 'threads of the wasm engine, 1 unless given',
} as const satisfies OptionDescription;

/** The same for what predicts. */
export const predictionThreadsOption = {
  ...threadsOption,
  help: 'threads; wasm takes 1 unless given, onnx one for each core',
} as const satisfies OptionDescription;

/** Starts the engine that a call asks for; undefined when that failed and was reported. */
export async function startChosenEngine(
  options: {
    readonly engine: (typeof engineNames)[number] | undefined;
    readonly threads: number | undefined;
  },
  context: CommandContext,
): Promise<Engine | undefined> {
  const { startEngine } = await import('../runtime/engines/start-engine.js');
  return reportingFailure(
    () => startEngine(options.engine ?? 'wasm', { threads: options.threads ?? 1 }),
    context,
  );
}

/** Starts what predicts; undefined when that failed and was reported. */
export async function startPredictionEngine(
  { engine, threads }: PredictionEngineWishes,
  context: CommandContext,
): Promise<PredictionEngine | undefined> {
  if (engine !== 'onnx') {
    const started = await startChosenEngine({ engine, threads }, context);
    if (started === undefined) return undefined;
    return (await import('../runtime/prediction/functional-windows.js')).functionalEngine;
  }
  const { startOnnx } = await import('../runtime/onnx/start-onnx.js');
  const tell = (line: string): void => context.stderr.line(line);
  return reportingFailure(() => startOnnx({ threads, tell }), context);
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
    const help = ['"unetc engines" lists what is installed.'];
    reportDiagnostics(
      [createDiagnostic('engine-unavailable', { reason }, { at: nowhere, help })],
      context,
    );
    return undefined;
  }
}

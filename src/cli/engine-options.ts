import { createDiagnostic } from '../diagnostics/report.js';
import { engineNames, EngineError, type Engine } from '../runtime/engines/engine.js';
import type { OptionDescription } from './command.js';
import type { CommandContext } from './context.js';
import { nowhere, reportDiagnostics } from './report.js';

/** The option that chooses an engine. */
export const engineOption = {
  kind: 'choice',
  choices: engineNames,
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

/** The option for the threads of the WebAssembly engine. */
export const threadsOption = {
  kind: 'integer',
  value: 'N',
  minimum: 1,
  help: 'threads of the wasm engine, 1 unless given',
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
  try {
    return await startEngine(options.engine ?? 'wasm', { threads: options.threads ?? 1 });
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

import { resolve } from 'node:path';
import type { TrainedRun } from '../runtime/prediction/open-run.js';
import type { ArgumentDescription, OptionDescription } from './command.js';
import type { CommandContext } from './context.js';
import { startChosenEngine } from './engine-options.js';
import { reportDiagnostics } from './report.js';

/** The argument of commands that use a trained network. */
export const runArgument = {
  name: 'RUN',
  help: 'the folder that "unetc train" has made',
} as const satisfies ArgumentDescription;

/** The option that chooses between the checkpoints of a run. */
export const checkpointOption = {
  kind: 'choice',
  choices: ['best', 'last'],
  help: 'which weights to take; those of the best epoch unless given',
} as const satisfies OptionDescription;

/** Starts an engine and opens a run; undefined when a failure was reported. */
export async function openTrainedRun(
  folder: string,
  options: {
    readonly checkpoint: 'best' | 'last' | undefined;
    readonly engine: Parameters<typeof startChosenEngine>[0]['engine'];
    readonly threads: number | undefined;
  },
  context: CommandContext,
): Promise<TrainedRun | undefined> {
  const { openRun } = await import('../runtime/prediction/open-run.js');
  const path = resolve(context.folder, folder);
  const { value, diagnostics } = await openRun(path, options.checkpoint ?? 'best');
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
  if (value === undefined) return undefined;
  const engine = await startChosenEngine(options, context);
  return engine === undefined ? undefined : value;
}

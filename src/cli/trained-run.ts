import { resolve } from 'node:path';
import { createDiagnostic } from '../diagnostics/report.js';
import type { TrainedRun } from '../runtime/prediction/open-run.js';
import type { ArgumentDescription, OptionDescription } from './command.js';
import type { CommandContext } from './context.js';
import { startChosenEngine } from './engine-options.js';
import { reportDiagnostics, wholeFile } from './report.js';

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

/** The option that takes other weights for the network of a run. */
export const otherWeightsOption = {
  kind: 'text',
  value: 'FILE',
  help: 'weights for the network of the run, in place of its own',
} as const satisfies OptionDescription;

/** Starts an engine and opens a run; undefined when a failure was reported. */
export async function openTrainedRun(
  folder: string,
  options: {
    readonly checkpoint: 'best' | 'last' | undefined;
    readonly weights: string | undefined;
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
  if (engine === undefined) return undefined;
  return options.weights === undefined ? value : withOtherWeights(value, options.weights, context);
}

/** The network of a run with the weights of a file; undefined when they do not fit, which was reported. */
async function withOtherWeights(
  trained: TrainedRun,
  file: string,
  context: CommandContext,
): Promise<TrainedRun | undefined> {
  const { describeLoad, loadWeights } = await import('../runtime/pretrained/load-weights.js');
  const { checkWeightFacts } = await import('../runtime/training/weight-facts.js');
  const at = wholeFile(file);
  const path = resolve(context.folder, file);
  const source = { path, shown: file, at, encoderOnly: false, isPartial: false };
  const { model } = trained.run;
  const { value, diagnostics } = await loadWeights(model, source);
  const all = value
    ? [...diagnostics, ...checkWeightFacts(model, value, source, 'model')]
    : diagnostics;
  if (all.length > 0) reportDiagnostics(all, context);
  if (value === undefined) return undefined;
  context.stderr.line(describeLoad(value.summary));
  const lacking = trained.checkpoint.weights.size - value.values.size;
  if (lacking > 0) {
    const parameters = { file, count: lacking, names: value.summary.names };
    const help = ['An encoder alone predicts nothing: start a training from it.'];
    reportDiagnostics([createDiagnostic('weights-missing', parameters, { at, help })], context);
    return undefined;
  }
  return trained.withWeights(value.values);
}

import { resolve } from 'node:path';
import { hasErrors, type Diagnostic, type Result } from '../diagnostics/diagnostic.js';
import { Reporter } from '../diagnostics/report.js';
import { isFile, isFolder } from '../files/index.js';
import { createResolver } from '../project/imports.js';
import type { TrainedRun } from '../runtime/prediction/open-run.js';
import type { WeightedNetwork } from '../runtime/prediction/open-weights.js';
import type { TrainedNetwork } from '../runtime/prediction/trained-network.js';
import type { WeightSource } from '../runtime/pretrained/weight-source.js';
import type { CompiledRun } from '../runtime/training/run-spec.js';
import type { ArgumentDescription, OptionDescription } from './command.js';
import type { CommandContext } from './context.js';
import {
  predictionEngineOption,
  predictionThreadsOption,
  startPredictionEngine,
  type StartedPrediction,
  type PredictionEngineWishes,
} from './engine-options.js';
import { parseSettings, setOption } from './one-model.js';
import { nowhere, reportDiagnostics, wholeFile } from './report.js';
import { readSpecs, specExtension } from './specs.js';

/** The argument of commands that use a trained network. */
export const networkArgument = {
  name: 'RUN',
  help: 'the folder that "unetc train" has made, or a spec with --weights; of several runs, or of a sweep, the mean',
} as const satisfies ArgumentDescription;

/** The option that chooses between the checkpoints of a run. */
export const checkpointOption = {
  kind: 'choice',
  choices: ['best', 'last'],
  help: 'which weights to take; those of the best epoch unless given',
} as const satisfies OptionDescription;

/** The options of commands that use a trained network. */
export const networkOptions = {
  checkpoint: checkpointOption,
  weights: {
    kind: 'text',
    value: 'FILE',
    help: 'weights of the network of a spec, or in place of those of a run',
  },
  set: { ...setOption, help: 'of a spec: the value of a parameter' },
  model: { kind: 'text', value: 'NAME', help: 'of a spec: the model when it holds several' },
  tta: {
    kind: 'choice',
    choices: ['flips'],
    help: 'test-time augmentation: the mean over the image and its mirror images',
  },
  engine: predictionEngineOption,
  threads: predictionThreadsOption,
} as const satisfies Readonly<Record<string, OptionDescription>>;

/** What a call says of the network. */
export interface NetworkWishes extends PredictionEngineWishes {
  readonly checkpoint: 'best' | 'last' | undefined;
  readonly weights: string | undefined;
  readonly set: readonly string[];
  readonly model: string | undefined;
}

/** A network with weights, where it is from, and what it predicts on. */
export interface OpenedNetwork extends StartedPrediction {
  readonly trained: TrainedNetwork;
  /** What `--json` says of it. */
  readonly origin: Readonly<Record<string, unknown>>;
}

/** Whether an argument names a spec; what is none, and missing files, are taken as runs. */
const isSpec = (given: string, { folder }: CommandContext): boolean => {
  const path = resolve(folder, given);
  return given === '-' || (given.endsWith(specExtension) ? !isFolder(path) : isFile(path));
};

/** Reports options that do not go with what the argument names. */
export function checkNetworkWishes(
  given: string,
  { checkpoint, weights, set, model }: NetworkWishes,
  context: CommandContext,
): readonly Diagnostic[] {
  const reporter = new Reporter();
  const wrong = (option: string, expected: string): void =>
    reporter.report('option-of-other-network', { option, given, expected }, { at: nowhere });
  if (!isSpec(given, context)) {
    if (set.length > 0) wrong('--set', 'a spec');
    if (model !== undefined) wrong('--model', 'a spec');
    return reporter.diagnostics;
  }
  if (checkpoint !== undefined) wrong('--checkpoint', 'the run of a training');
  if (weights === undefined) reporter.report('network-without-weights', { given }, { at: nowhere });
  const settings = parseSettings(set);
  return 'diagnostics' in settings
    ? [...reporter.diagnostics, ...settings.diagnostics]
    : reporter.diagnostics;
}

/** Starts an engine and opens a network, its wishes checked; undefined when a failure was reported. */
export async function openNetwork(
  given: string,
  wishes: NetworkWishes,
  context: CommandContext,
): Promise<OpenedNetwork | undefined> {
  const { weights } = wishes;
  if (isSpec(given, context)) {
    const run = await compileSpec(given, wishes, context);
    const engine = run && (await startPredictionEngine(run, wishes, context));
    if (run === undefined || engine === undefined) return undefined;
    const { openWeights } = await import('../runtime/prediction/open-weights.js');
    const opened = await openWeights(run, weightSource(weights!, context));
    const trained = await tellWeights(opened, context);
    return trained && { trained, ...engine, origin: { spec: given, weights: weights! } };
  }
  const opened = await openRunFolder(resolve(context.folder, given), wishes, context);
  const engine = opened && (await startPredictionEngine(opened.run, wishes, context));
  if (opened === undefined || engine === undefined) return undefined;
  const { folder } = opened;
  if (weights === undefined) {
    return { trained: opened, ...engine, origin: originOf(opened) };
  }
  const { replaceWeights } = await import('../runtime/prediction/open-weights.js');
  const replaced = await replaceWeights(opened, weightSource(weights, context));
  const trained = await tellWeights(replaced, context);
  return trained && { trained, ...engine, origin: { run: folder, weights } };
}

/** What `--json` says of the weights of a run. */
export const originOf = ({ folder: run, checkpointName, checkpoint }: TrainedRun) => ({
  ...{ run, checkpoint: checkpointName, step: checkpoint.progress.step },
});

/** Opens the run of a folder; undefined when a failure was reported. */
export async function openRunFolder(
  folder: string,
  { checkpoint }: Pick<NetworkWishes, 'checkpoint'>,
  context: CommandContext,
): Promise<TrainedRun | undefined> {
  const { openRun } = await import('../runtime/prediction/open-run.js');
  const { value, diagnostics } = await openRun(folder, checkpoint ?? 'best');
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
  return value;
}

async function compileSpec(
  given: string,
  { set, model }: NetworkWishes,
  context: CommandContext,
): Promise<CompiledRun | undefined> {
  const settings = parseSettings(set);
  if ('diagnostics' in settings) throw new Error('settings are checked before');
  const found = await readSpecs([given], context);
  const [file] = found.sources;
  if (found.diagnostics.length > 0) reportDiagnostics(found.diagnostics, context);
  if (file === undefined || hasErrors(found.diagnostics)) return undefined;
  const { compileRun } = await import('../runtime/training/run-spec.js');
  const wishes = { set: settings.set, model, resolve: createResolver(file.path, context) };
  const { run, sources, diagnostics } = compileRun(file.path, file.text, wishes);
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context, { sources });
  return run;
}

const weightSource = (file: string, { folder }: CommandContext): WeightSource => ({
  path: resolve(folder, file),
  shown: file,
  at: wholeFile(file),
  encoderOnly: false,
  isPartial: false,
});

/** Tells what was read of a file of weights; undefined where it does not fit. */
async function tellWeights(
  { value, diagnostics }: Result<WeightedNetwork | undefined>,
  context: CommandContext,
): Promise<TrainedNetwork | undefined> {
  if (diagnostics.length > 0) reportDiagnostics(diagnostics, context);
  if (value === undefined) return undefined;
  const { describeLoad } = await import('../runtime/pretrained/load-weights.js');
  const { trained, loaded, taken } = value;
  context.stderr.line(describeLoad(loaded.summary));
  if (taken.length > 0) context.stderr.line(`${taken.join(' and ')} are those of the weights`);
  return trained;
}

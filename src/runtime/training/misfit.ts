import { join } from 'node:path';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { counted } from '../../diagnostics/counted.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { version } from '../../version.js';
import { atFile } from '../data/at-file.js';
import { describeNetwork as describeFacts } from '../exports/describe-network.js';
import { isLowerBetter, metricLabel } from '../../ir/metric-options.js';
import type {
  BestEpoch,
  Checkpoint,
  CheckpointModel,
  CheckpointName,
  RunConditions,
  TrainingProgress,
} from '../runs/checkpoint.js';
import { firstDifference } from '../runs/first-difference.js';
import { misfitOfPreprocessing } from '../runs/preprocessing.js';
import { modelFile } from '../runs/stored-file.js';
import { modelGenerator, tensorflowVersion } from '../tensorflow-version.js';
import { misfitOfOptimizer, misfitOfWeights } from './misfit-weights.js';
import type { CompiledRun } from './run-spec.js';
import type { NetworkInterface } from './network-interface.js';
import type { Topology } from './topology.js';

/** What the spec of a checkpoint compiles to. */
export interface SpecContent {
  readonly run: CompiledRun;
  readonly network: NetworkInterface;
  /** The layers model as it would be written now, where that is known. */
  readonly topology?: Topology | undefined;
}

/**
 * Compares what a checkpoint says with what its own spec gives: a checksum tells a
 * damaged file from a whole one, and nothing of a file that other hands have written.
 * Returns the first difference, or undefined.
 */
export function checkFits(
  file: string,
  stored: CheckpointModel,
  content: SpecContent,
): Diagnostic | undefined {
  const reason = describeMisfit(stored, content);
  return reason === undefined
    ? undefined
    : describeUnfit(file, reason, stored.userDefinedMetadata.unetc.conditions);
}

/** The diagnostic for a checkpoint that is not what its spec gives. */
export function describeUnfit(
  file: string,
  reason: string,
  { unetc: writtenBy }: RunConditions,
): Diagnostic {
  const help =
    writtenBy === version
      ? ['Use the other checkpoint of the run ("--checkpoint best" or "last"), or train anew.']
      : [`Use unetc ${writtenBy}, which wrote it.`];
  return createDiagnostic('checkpoint-unfit', { file, reason }, { at: atFile(file), help });
}

function describeMisfit(
  stored: CheckpointModel,
  { run, network, topology }: SpecContent,
): string | undefined {
  const { userDefinedMetadata, generatedBy, modelTopology, weightsManifest } = stored;
  const { unetc, network: facts } = userDefinedMetadata;
  const { spec, preprocessing, best, optimizer, conditions, progress } = unetc;
  const { model, recipe } = run;
  // Another version may describe the same network in other words.
  const isOwn = conditions.unetc === version && conditions.tensorflow === tensorflowVersion();
  // A run that goes on may have been asked for more epochs.
  const settings = { ...run.spec.settings, epochs: spec.settings.epochs };
  const checks: readonly (() => string | undefined)[] = [
    () => firstDifference(spec, { ...run.spec, settings }, 'spec'),
    () => misfitOfWeights(stored, model.graph),
    () => misfitOfPreprocessing(preprocessing, run, network),
    () => best && misfitOfBest(best, run, network),
    () => optimizer && misfitOfOptimizer(optimizer, recipe, model.graph),
    () => misfitOfSums(progress.outputLossSums, network),
    () => misfitOfPlateau(progress, recipe),
  ];
  const own: typeof checks = [
    () => firstDifference(generatedBy, modelGenerator(), 'generatedBy'),
    () =>
      facts === undefined
        ? undefined
        : firstDifference(facts, describeFacts({ ...model, recipe }), 'network'),
    () => topology && firstDifference(modelTopology, topology.modelTopology, 'modelTopology'),
    () =>
      topology &&
      firstDifference(weightsManifest[0]!.weights, topology.weightSpecs, 'weightsManifest.weights'),
    () => topology && firstDifference(unetc.weightNames, topology.weightNames, 'weightNames'),
  ];
  for (const check of isOwn ? [...checks, ...own] : checks) {
    const problem = check();
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** The checkpoints that a run goes on from, and what it goes on with. */
export interface ResumedParts {
  readonly last: Checkpoint;
  readonly best: Checkpoint | undefined;
  /** Steps of an epoch, where the data are those of before. */
  readonly batches: number | undefined;
}

/** `checkFits` for both checkpoints of a run that is to go on; those of "best" apart. */
export function checkResumed(
  folder: string,
  { last, best, batches }: ResumedParts,
  content: SpecContent,
): { readonly last: readonly Diagnostic[]; readonly best: readonly Diagnostic[] } {
  const check = (name: CheckpointName, checkpoint: Checkpoint | undefined) => {
    const file = join(folder, name, modelFile);
    const unfit = checkpoint && checkFits(file, checkpoint.stored, content);
    return unfit === undefined ? [] : [unfit];
  };
  const file = join(folder, 'last', modelFile);
  const { batch } = last.progress;
  const reason =
    last.optimizer === undefined && last.conditions.engine !== 'pytorch'
      ? 'the state of the optimizer is missing'
      : batches !== undefined && batch > batches
        ? `progress.batch is ${batch}; an epoch has ${counted(batches, 'step')}`
        : undefined;
  const unfit = reason === undefined ? [] : [describeUnfit(file, reason, last.conditions)];
  return { last: [...check('last', last), ...unfit], best: check('best', best) };
}

function misfitOfBest(
  { metric, value = 0, unpredicted }: BestEpoch,
  { recipe }: CompiledRun,
  { head }: NetworkInterface,
): string | undefined {
  const [first] = recipe.metrics;
  if (first === undefined) return 'best.metric names a metric; its spec gives none';
  const label = metricLabel(first);
  if (metric !== label) return firstDifference(metric, label, 'best.metric');
  // Distances have no upper bound; all others are parts of 1.
  const most = isLowerBetter(first.name) ? Infinity : 1;
  if (value < 0 || value > most) return `best.value is ${value}, which no ${label} is`;
  const odd = unpredicted.find((each) => each.class >= head.classCount);
  return odd && `best.unpredicted names class ${odd.class} of ${head.classCount}`;
}

function misfitOfPlateau(
  { plateau, epoch }: TrainingProgress,
  { schedule }: CompiledRun['recipe'],
): string | undefined {
  const isPlateau = schedule.name === 'plateau';
  if (plateau === undefined) {
    return isPlateau && epoch > 0 ? 'progress.plateau is missing' : undefined;
  }
  if (!isPlateau) return `progress.plateau is of a schedule; its spec has "${schedule.name}"`;
  const { factor } = plateau;
  return factor >= 0 && factor <= 1 ? undefined : `progress.plateau.factor is ${factor}`;
}

function misfitOfSums(
  sums: Readonly<Record<string, number>>,
  { outputs }: NetworkInterface,
): string | undefined {
  const names = outputs.map(({ head }) => head.name);
  const other = Object.keys(sums).find((name) => !names.includes(name));
  return other === undefined ? undefined : `its spec has no output "${other}"`;
}

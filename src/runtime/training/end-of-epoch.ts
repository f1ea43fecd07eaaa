import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { mainHead } from '../../ir/graph-heads.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import { isLowerBetter } from '../../ir/metric-options.js';
import {
  checkFound,
  unpredictedClasses,
  type EvaluatedClasses,
} from '../prediction/check-found.js';
import type { Evaluation } from '../prediction/evaluate.js';
import type {
  BestEpoch,
  Checkpoint,
  TrainingProgress,
  UnpredictedClass,
} from '../runs/checkpoint.js';
import { logMetrics, logTargets, type LoggedValidation, type LogEntry } from '../runs/log-entry.js';
import { isBetterEpoch } from './best-epoch.js';
import type { EpochLosses } from './epoch-losses.js';
import type { TrainingEvent } from './events.js';
import type { CompiledRun } from './run-spec.js';

/** An epoch whose steps are done and whose validation is over. */
export interface DoneEpoch {
  readonly recipe: TrainRecipe;
  /** What the metrics evaluate. */
  readonly evaluated: EvaluatedClasses;
  readonly losses: EpochLosses;
  /** As it was after the last step. */
  readonly progress: TrainingProgress;
  readonly validation: Evaluation;
  /** The best epoch before this one. */
  readonly best: BestEpoch | undefined;
  readonly imagesPerSecond: number;
  /** Of the epoch, validation included. */
  readonly seconds: number;
  /** Of the rest of the run. */
  readonly secondsLeft: number;
}

/** What an epoch leaves: the best one so far, a line of the log, and what watchers are told. */
export interface EpochReport {
  readonly best: BestEpoch | undefined;
  readonly isBest: boolean;
  readonly entry: LogEntry;
  readonly event: TrainingEvent;
}

/** Compares an epoch with the best one, and puts what is known of it together. */
export function reportEpoch(done: DoneEpoch): EpochReport {
  const { recipe, evaluated, losses, progress, validation, imagesPerSecond, secondsLeft } = done;
  const { step } = progress;
  const { loss, predicted } = losses;
  const { classes, epochs } = recipe;
  const epoch = progress.epoch + 1;
  const unpredicted = unpredictedClasses(validation.counts);
  const candidate = candidateOf(epoch, validation, unpredicted);
  const { name } = recipe.metrics[0] ?? {};
  const isBest =
    candidate !== undefined && isBetterEpoch(candidate, done.best, isLowerBetter(name!));
  const common = {
    kind: 'epoch',
    epoch,
    loss,
    isBest,
    imagesPerSecond: rounded(imagesPerSecond),
    seconds: rounded(done.seconds),
  } as const;
  const { loss: validationLoss, metrics } = validation;
  return {
    best: isBest ? candidate : done.best,
    isBest,
    entry: {
      ...common,
      ...(losses.losses && { losses: losses.losses }),
      step,
      validation: logged(validation, unpredicted, classes, predicted?.head),
    },
    event: {
      ...common,
      epochs,
      predicted,
      validationLoss,
      metrics,
      targets: validation.targets,
      unpredicted,
      evaluated,
      secondsLeft,
    },
  };
}

/** What is left where the best epoch so far was measured again, after `progress` of the run. */
export function reportMeasured(
  { recipe, model }: CompiledRun,
  { best: before, progress: { epoch: best } }: Checkpoint,
  { epoch, step }: TrainingProgress,
  validation: Evaluation,
): Pick<EpochReport, 'best' | 'entry' | 'event'> {
  const unpredicted = unpredictedClasses(validation.counts);
  const head = model.graph.outputs.length > 1 ? mainHead(model.graph).name : undefined;
  const [[metric, { mean: value }] = ['', { mean: undefined }]] = validation.metrics;
  return {
    best: candidateOf(best, validation, unpredicted),
    entry: {
      ...{ kind: 'measured', epoch: epoch + 1, step, best },
      validation: logged(validation, unpredicted, recipe.classes, head),
    },
    event: { kind: 'measured', best, metric, value, before: before?.value },
  };
}

function logged(
  { loss, metrics, targets }: Evaluation,
  unpredicted: readonly UnpredictedClass[],
  classes: readonly string[] | undefined,
  head: string | undefined,
): LoggedValidation {
  return {
    ...(head !== undefined && { head }),
    loss: loss ?? NaN,
    ...(classes && { classes }),
    metrics: logMetrics(metrics),
    ...logTargets(targets),
    ...(unpredicted.length === 0 ? {} : { unpredicted }),
  };
}

/** What an epoch would be remembered by, were it the best; undefined without a metric. */
function candidateOf(
  epoch: number,
  { metrics, loss }: Evaluation,
  unpredicted: readonly UnpredictedClass[],
): BestEpoch | undefined {
  const [first] = metrics;
  if (first === undefined) return undefined;
  const [metric, { mean }] = first;
  const value = mean !== undefined && Number.isFinite(mean) ? mean : undefined;
  const validationLoss = loss !== undefined && Number.isFinite(loss) ? loss : undefined;
  return { epoch, metric, value, validationLoss, unpredicted };
}

/** What there is to say of the best epoch when training is over. */
export function checkBest(
  out: string,
  best: BestEpoch | undefined,
  evaluated: EvaluatedClasses,
): readonly Diagnostic[] {
  return best === undefined ? [] : checkFound(out, best.unpredicted, evaluated);
}

/** Times and rates with three digits behind the point: more say nothing. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

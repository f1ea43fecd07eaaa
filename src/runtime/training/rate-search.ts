import { setImmediate } from 'node:timers/promises';
import { hasErrors, type Diagnostic, type Result } from '../../diagnostics/diagnostic.js';
import { DataError } from '../data/data-error.js';
import { describeFailure } from '../engines/describe-failure.js';
import { loadWeights } from '../pretrained/load-weights.js';
import type { WeightSource } from '../pretrained/weight-source.js';
import { checkOwnMemory } from './check-memory.js';
import { epochStart, noProgress } from './epoch-start.js';
import { describeNetwork } from './network-interface.js';
import type { CompiledRun } from './run-spec.js';
import { checkNetwork, openRunData } from './setup.js';
import {
  smoothRates,
  suggestRate,
  type RatePoint,
  type RateSuggestion,
  type SmoothedPoint,
} from './suggest-rate.js';
import { Trainer } from './trainer.js';

/** How a learning rate is searched. An engine must have been started. */
export interface RateSearchOptions {
  readonly run: CompiledRun;
  /** The folder of the data. */
  readonly data: string;
  /** A file of weights to start from. */
  readonly weights: WeightSource | undefined;
  /** Steps at most; at least 2. */
  readonly steps: number;
  /** The first rate and the last one. */
  readonly from: number;
  readonly to: number;
  /** Ends the search early; what was found until then counts. */
  readonly signal: AbortSignal;
  readonly onStep: (done: number, point: RatePoint) => void;
}

/** What a search has found. */
export interface RateSearch extends RateSuggestion {
  readonly points: readonly SmoothedPoint[];
  /** The rate that the loss grew beyond all bounds at; undefined where the last rate was reached. */
  readonly broken: number | undefined;
}

/** The loss is lost for good where its running mean is above the lowest one by so many times that one. */
const hopeless = 3;
/** The part that the running mean keeps in a step. */
const keep = 0.9;
/** Steps before the running mean is trusted. */
const trusted = 10;

/**
 * Trains a network for some steps of its real recipe, batches, augmentations and optimizer, while the
 * learning rate grows by a constant factor from step to step, until the loss breaks. Weights are
 * those that a training starts from; nothing is written, and what was trained is dropped.
 */
export async function searchRate(
  options: RateSearchOptions,
): Promise<Result<RateSearch | undefined>> {
  const { run, data, weights: source, steps, from, to, signal } = options;
  const diagnostics: Diagnostic[] = [...checkNetwork(run)];
  const failed = (): Result<undefined> => ({ value: undefined, diagnostics });
  if (hasErrors(diagnostics)) return failed();
  const loaded = source && (await loadWeights(run.model, source));
  diagnostics.push(...(loaded?.diagnostics ?? []));
  if (hasErrors(diagnostics)) return failed();
  const network = describeNetwork(run);
  const opened = await openRunData(data, run, network, undefined, signal);
  diagnostics.push(...opened.diagnostics);
  if (opened.value === undefined) return failed();
  diagnostics.push(...checkOwnMemory(run, network, opened.value));
  if (hasErrors(diagnostics)) return failed();
  const factor = (to / from) ** (1 / (steps - 1));
  const trainer = await Trainer.open(
    {
      ...{ run, network, data: opened.value, given: loaded?.value?.values, signal },
      rate: (step) => from * factor ** step,
      onEvent: () => undefined,
      turn: () => setImmediate(),
    },
    undefined,
  );
  try {
    const { points, isBroken } = await takeSteps(trainer, options);
    // A loss that is no number has no place in a curve.
    const known = points.filter(({ loss }) => Number.isFinite(loss));
    if (known.length === 0) return failed();
    const smoothed = smoothRates(known);
    const broken = isBroken ? points.at(-1)!.rate : undefined;
    return { value: { points: smoothed, ...suggestRate(smoothed), broken }, diagnostics };
  } catch (error) {
    const failure = describeFailure(error);
    const found = error instanceof DataError ? error.diagnostics : failure && [failure];
    if (found === undefined) throw error;
    diagnostics.push(...found);
    return failed();
  } finally {
    trainer.dispose();
  }
}

interface TakenSteps {
  readonly points: readonly RatePoint[];
  readonly isBroken: boolean;
}

async function takeSteps(
  trainer: Trainer,
  { steps, signal, onStep }: RateSearchOptions,
): Promise<TakenSteps> {
  const points: RatePoint[] = [];
  let progress = noProgress;
  let mean = 0;
  let lowest = Infinity;
  while (points.length < steps) {
    for await (const step of trainer.steps(progress)) {
      const { loss } = step;
      const rate = trainer.learningRate(progress);
      ({ progress } = step);
      points.push({ rate, loss });
      onStep(points.length, { rate, loss });
      if (!Number.isFinite(loss)) return { points, isBroken: true };
      mean = keep * mean + (1 - keep) * loss;
      // Without the zero that it began with (Kingma and Ba 2015, section 3).
      const running = mean / (1 - keep ** points.length);
      if (points.length > trusted && running > lowest + hopeless * Math.abs(lowest)) {
        return { points, isBroken: true };
      }
      if (points.length >= trusted) lowest = Math.min(lowest, running);
      if (signal.aborted || points.length >= steps) return { points, isBroken: false };
    }
    progress = epochStart({ ...progress, epoch: progress.epoch + 1 });
  }
  return { points, isBroken: false };
}

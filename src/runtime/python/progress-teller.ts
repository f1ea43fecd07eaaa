import type { MetricValues } from '../metrics/metric-set.js';
import { graphWeights } from '../../codegen/tfjs/weights.js';
import { evaluatedClasses } from '../prediction/check-found.js';
import type { TrainingProgress } from '../runs/checkpoint.js';
import type { LogEntry, LoggedValidation } from '../runs/log-entry.js';
import { RunClock } from '../training/clock.js';
import { epochLosses } from '../training/epoch-losses.js';
import type { RunOptions } from '../training/session.js';
import { countSteps, type Processes } from './run-python.js';

/** Makes of the lines of a log what a training tells whoever watches it. */
export class ProgressTeller {
  /** Steps of an epoch. */
  readonly batches: number;
  /** Values that are trained. */
  readonly parameters: number;
  readonly #options: RunOptions;
  readonly #clock: RunClock;
  #lossSum: number;
  #epochSeconds = 0;

  constructor(options: RunOptions, processes: Processes, { step, lossSum }: TrainingProgress) {
    const { run, data } = options;
    this.#options = options;
    this.batches = countSteps(data.training.pairs.length, run.recipe.batch, processes);
    this.parameters = graphWeights(run.model.graph)
      .filter(({ trainable }) => trainable)
      .reduce((sum, { shape }) => sum + shape.reduce((size, side) => size * side, 1), 0);
    this.#clock = new RunClock(step);
    this.#lossSum = lossSum;
  }

  tell(entry: LogEntry): void {
    const { run, network, onEvent } = this.#options;
    const { epochs } = run.recipe;
    const { batches } = this;
    if (entry.kind === 'step') {
      const batch = entry.step - (entry.epoch - 1) * batches;
      this.#lossSum += entry.loss;
      this.#clock.addStep(entry.images, entry.seconds);
      this.#epochSeconds += entry.seconds;
      onEvent({
        ...{ kind: 'step', epoch: entry.epoch, epochs, batch, batches },
        loss: this.#lossSum / batch,
        predicted: undefined,
        imagesPerSecond: this.#clock.imagesPerSecond,
        secondsLeft: this.#clock.secondsLeft(entry.step, batches, epochs),
      });
    } else if (entry.kind === 'epoch') {
      const { validation, losses = {} } = entry;
      this.#clock.addValidation(Math.max(0, entry.seconds - this.#epochSeconds));
      this.#lossSum = 0;
      this.#epochSeconds = 0;
      const sums = { epoch: 0, step: 0, batch: 1, lossSum: entry.loss, outputLossSums: losses };
      onEvent({
        ...{ kind: 'epoch', epoch: entry.epoch, epochs, loss: entry.loss, isBest: entry.isBest },
        predicted: epochLosses(sums, network, run).predicted,
        validationLoss: (validation.loss as number | null) ?? undefined,
        metrics: metricsOf(validation.metrics),
        targets: new Map(
          Object.entries(validation.targets ?? {}).map(([head, own]) => [head, metricsOf(own)]),
        ),
        unpredicted: validation.unpredicted ?? [],
        evaluated: evaluatedClasses(network.head, run.recipe),
        imagesPerSecond: entry.imagesPerSecond,
        seconds: entry.seconds,
        secondsLeft: this.#clock.secondsLeft(entry.step, batches, epochs),
      });
    } else if (entry.kind === 'ended') {
      const { kind, epoch, best } = entry;
      onEvent({ kind, epoch, epochs, best });
    }
  }
}

const metricsOf = (metrics: LoggedValidation['metrics']): MetricValues =>
  new Map(
    Object.entries(metrics).map(([name, { mean, classes }]) => [
      name,
      { mean: mean ?? undefined, classes: classes.map((value) => value ?? undefined) },
    ]),
  );

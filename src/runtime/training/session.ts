import { hasErrors, type Diagnostic, type Result } from '../../diagnostics/diagnostic.js';
import { weightsFromValues } from '../network/weights.js';
import { evaluatedClasses, type EvaluatedClasses } from '../prediction/check-found.js';
import type {
  BestEpoch,
  Checkpoint,
  CheckpointName,
  TrainingProgress,
} from '../runs/checkpoint.js';
import { RunClock } from './clock.js';
import { checkBest, reportEpoch, reportMeasured, rounded } from './end-of-epoch.js';
import { epochLosses } from './epoch-losses.js';
import { epochStart, noProgress } from './epoch-start.js';
import type { TrainingOutcome } from './events.js';
import { isOutOfPatience } from './patience.js';
import { plateauAfter } from './plateau.js';
import type { TrainingRecord } from './record.js';
import type { RecorderOptions } from './recorder.js';
import type { RunData } from './setup.js';
import type { Topology } from './topology.js';
import { Trainer, type TrainerOptions } from './trainer.js';
import { describeNotFinite } from './validate.js';

export interface SessionOptions extends TrainerOptions {
  /** What messages call the place of the run. */
  readonly out: string;
  readonly resume: ResumedRun | undefined;
  /** Whether it begins anew what ended before its first checkpoint. */
  readonly isAgain: boolean;
}

/** A run in a folder, as an engine gets it. */
export interface RunOptions extends RecorderOptions, SessionOptions {
  readonly data: RunData;
  /** How checkpoints describe the network. */
  readonly topology: Topology;
}

/** A run that is trained by some engine. */
export interface TrainingRun {
  /** Trains to the last epoch, or until the signal; a file that cannot be written ends it as `failed`. */
  run(): Promise<Result<TrainingOutcome>>;
  /** Frees what the run holds. */
  dispose(): void;
}

/** What a run goes on from. */
export interface ResumedRun {
  readonly last: Checkpoint;
  /** The best epoch before it. */
  readonly best: BestEpoch | undefined;
  /** The checkpoint of that epoch, where its values are of other conditions: they are measured anew. */
  readonly outdated: Checkpoint | undefined;
  /** What is no longer as it was, in words; the epoch under way starts anew where the data are. */
  readonly changes: readonly string[];
  readonly hasOtherData: boolean;
}

/** What stands in the way of a run: nothing where the list is empty. */
type Obstacle = readonly Diagnostic[] | 'stopped';

/** One training run while it is under way: what is done when, told and written. */
export class TrainingSession implements TrainingRun {
  readonly #options: SessionOptions;
  readonly #trainer: Trainer;
  readonly #record: TrainingRecord;
  readonly #clock: RunClock;
  #progress: TrainingProgress;
  #best: BestEpoch | undefined;
  /** What is to be told at the end. */
  readonly #diagnostics: Diagnostic[] = [];
  /** What the last validation warned of. */
  #warnings: readonly Diagnostic[] = [];

  private constructor(options: SessionOptions, record: TrainingRecord, trainer: Trainer) {
    const { resume } = options;
    this.#options = options;
    this.#trainer = trainer;
    this.#record = record;
    const progress = resume?.last.progress ?? noProgress;
    this.#progress = resume?.hasOtherData === true ? epochStart(progress) : progress;
    this.#best = resume?.best;
    this.#clock = new RunClock(this.#progress.step);
  }

  /** @param record keeps the log and the checkpoints. */
  static async open(options: SessionOptions, record: TrainingRecord): Promise<TrainingSession> {
    const trainer = await Trainer.open(options, options.resume?.last);
    return new TrainingSession(options, record, trainer);
  }

  /** Frees all tensors of the run. */
  dispose(): void {
    this.#trainer.dispose();
  }

  /** Trains to the last epoch, or until the signal; a file that cannot be written ends it as `failed`. */
  async run(): Promise<Result<TrainingOutcome>> {
    const { run, data } = this.#options;
    const { epochs } = run.recipe;
    const begun = await this.#begin();
    // The run on the disk is as it was.
    if (begun === 'stopped') return this.#end('not-begun', []);
    if (begun.length > 0) return this.#end('failed', begun);
    this.#options.onEvent({
      kind: 'start',
      trainingImages: data.training.pairs.length,
      validationImages: data.validation.pairs.length,
      epochs,
      batches: this.#trainer.batches,
      parameters: this.#trainer.parameters,
      step: this.#progress.step,
      isResumed: this.#options.resume !== undefined || this.#options.isAgain,
    });
    while (!this.#isOver()) {
      if (this.#isAborted()) return this.#stop();
      const started = this.#clock.seconds;
      const problems = await this.#trainEpoch();
      if (problems.length > 0) return this.#end('failed', problems);
      if (this.#isAborted()) return this.#stop();
      const finished = await this.#finishEpoch(started);
      if (finished === 'stopped') return this.#stop();
      if (finished.length > 0) return this.#end('failed', finished);
    }
    const evaluated = checkBest(this.#options.out, this.#best, this.#evaluated);
    return this.#end('finished', [...this.#warnings, ...evaluated]);
  }

  get #evaluated(): EvaluatedClasses {
    const { run, network } = this.#options;
    return evaluatedClasses(network.head, run.recipe);
  }

  #isOver(): boolean {
    const { recipe } = this.#options.run;
    const { epoch } = this.#progress;
    return epoch >= recipe.epochs || isOutOfPatience(recipe, epoch, this.#best);
  }

  #isAborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** Writes the first checkpoint, or brings log and best epoch to where the run goes on. */
  async #begin(): Promise<Obstacle> {
    const { resume } = this.#options;
    // From here on there is something to go on from, and the disk is known to take it.
    if (resume === undefined) return this.#save(['last']);
    const problems = await this.#record.rewind(this.#progress.step);
    if (hasErrors(problems)) return problems;
    this.#diagnostics.push(...problems);
    if (resume.changes.length > 0) {
      const { epoch, step } = this.#progress;
      this.#record.log({ kind: 'changed', epoch: epoch + 1, step, what: resume.changes });
    }
    return resume.outdated === undefined ? [] : this.#measureBest(resume.outdated);
  }

  /** Measures the best epoch under the conditions of now, so that others are compared with what is comparable. */
  async #measureBest(best: Checkpoint): Promise<Obstacle> {
    const { run, onEvent } = this.#options;
    const weights = weightsFromValues(run.model.graph, best.weights);
    try {
      const validation = await this.#trainer.validate(best.progress.epoch, weights);
      if (this.#isAborted()) return 'stopped';
      if (hasErrors(validation.diagnostics)) return validation.diagnostics;
      const measured = reportMeasured(run, best, this.#progress, validation);
      this.#best = measured.best;
      this.#record.log(measured.entry);
      onEvent(measured.event);
      const problems = await this.#record.saveMeasured(best, this.#best);
      return problems.length > 0 ? problems : await this.#save(['last']);
    } finally {
      weights.dispose();
    }
  }

  /** The batches of the epoch under way that are left; ends early on the signal. */
  async #trainEpoch(): Promise<readonly Diagnostic[]> {
    const { run } = this.#options;
    let before = this.#clock.seconds;
    for await (const { batch, loss, progress } of this.#trainer.steps(this.#progress)) {
      this.#progress = progress;
      const seconds = this.#clock.seconds - before;
      before += seconds;
      if (!Number.isFinite(loss)) return [describeNotFinite(loss, batch, progress, run)];
      this.#clock.addStep(batch.count, seconds);
      this.#reportStep(loss, batch.count, seconds);
      if (this.#isAborted()) break;
    }
    return [];
  }

  #reportStep(loss: number, images: number, seconds: number): void {
    const { run, network } = this.#options;
    const { epochs } = run.recipe;
    const { batches } = this.#trainer;
    const { step, batch } = this.#progress;
    const { loss: mean, predicted } = epochLosses(this.#progress, network, run);
    const epoch = this.#progress.epoch + 1;
    const learningRate = this.#trainer.learningRate({ ...this.#progress, step: step - 1 });
    this.#record.log({
      ...{ kind: 'step', epoch, step, loss, learningRate, images },
      seconds: rounded(seconds),
    });
    this.#options.onEvent({
      ...{ kind: 'step', epoch, epochs, batch, batches },
      loss: mean,
      predicted,
      imagesPerSecond: this.#clock.imagesPerSecond,
      secondsLeft: this.#clock.secondsLeft(step, batches, epochs),
    });
  }

  /** Validates, writes the log and the checkpoints. */
  async #finishEpoch(started: number): Promise<Obstacle> {
    const { run, network, onEvent } = this.#options;
    const before = this.#clock.seconds;
    const validation = await this.#trainer.validate(this.#progress.epoch + 1);
    if (this.#isAborted()) return 'stopped';
    this.#clock.addValidation(this.#clock.seconds - before);
    if (hasErrors(validation.diagnostics)) return validation.diagnostics;
    this.#warnings = validation.diagnostics;
    const { epoch, step } = this.#progress;
    const { best, isBest, entry, event } = reportEpoch({
      recipe: run.recipe,
      evaluated: this.#evaluated,
      losses: epochLosses(this.#progress, network, run),
      progress: this.#progress,
      validation,
      best: this.#best,
      imagesPerSecond: this.#clock.imagesPerSecond,
      seconds: this.#clock.seconds - started,
      secondsLeft: this.#clock.secondsLeft(step, this.#trainer.batches, run.recipe.epochs),
    });
    this.#best = best;
    const plateau = plateauAfter(run.recipe.schedule, this.#progress.plateau, isBest);
    this.#progress = epochStart({ ...this.#progress, epoch: epoch + 1, plateau });
    this.#record.log(entry);
    const { epochs } = run.recipe;
    const isEarly = epoch + 1 < epochs && isOutOfPatience(run.recipe, epoch + 1, best);
    const ended = isEarly && ({ kind: 'ended', epoch: epoch + 1, best: best!.epoch } as const);
    if (ended) this.#record.log({ ...ended, step });
    const problems = await this.#save(isBest ? ['best', 'last'] : ['last']);
    onEvent(event);
    if (ended) onEvent({ ...ended, epochs });
    return problems;
  }

  async #save(names: readonly CheckpointName[]): Promise<readonly Diagnostic[]> {
    const { validated: best, weights: last } = this.#trainer;
    const facts = { progress: this.#progress, best: this.#best };
    return this.#record.save(names, { best, last }, await this.#trainer.state(), facts);
  }

  async #stop(): Promise<Result<TrainingOutcome>> {
    const { epoch, step } = this.#progress;
    this.#record.log({ kind: 'stopped', epoch: epoch + 1, step });
    const problems = await this.#save(['last']);
    this.#options.onEvent({ kind: 'stopped', epoch: epoch + 1, step });
    return this.#end(problems.length > 0 ? 'failed' : 'stopped', problems);
  }

  async #end(
    kind: TrainingOutcome['kind'],
    diagnostics: readonly Diagnostic[],
  ): Promise<Result<TrainingOutcome>> {
    if (kind === 'failed') await this.#record.flush();
    const all = [...this.#diagnostics, ...diagnostics];
    return { value: { kind, best: this.#best }, diagnostics: all };
  }
}

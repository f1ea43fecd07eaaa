import { setImmediate } from 'node:timers/promises';
import { hasErrors, type Diagnostic, type Result } from '../../diagnostics/diagnostic.js';
import { buildAugmentation } from '../data/augment/build.js';
import { countBatches, iterateBatches } from '../data/batches.js';
import type { DataSplit } from '../data/dataset.js';
import { weightMapsOfAll } from '../losses/loss.js';
import { initialiseWeights, weightsFromValues, type WeightStore } from '../network/weights.js';
import { judgedClasses, type JudgedClasses } from '../prediction/check-found.js';
import type { Evaluation } from '../prediction/evaluate.js';
import { Random } from '../random.js';
import type {
  BestEpoch,
  Checkpoint,
  CheckpointName,
  TrainingProgress,
} from '../runs/checkpoint.js';
import { RunClock } from './clock.js';
import { judgeBest, reportEpoch, rounded } from './end-of-epoch.js';
import { epochLosses } from './epoch-losses.js';
import type { TrainingEvent, TrainingOutcome } from './events.js';
import { RunRecorder, type RecorderOptions } from './recorder.js';
import type { RunData } from './setup.js';
import { Stepper } from './stepper.js';
import type { Topology } from './topology.js';
import { describeNotFinite, validate } from './validate.js';
import { balanceOf, weightPlanes, withPlanes, type AddPlanes } from './weight-planes.js';

export interface SessionOptions extends RecorderOptions {
  readonly data: RunData;
  /** How checkpoints describe the network. */
  readonly topology: Topology;
  readonly resume: ResumedRun | undefined;
  /** Whether it begins anew what ended before its first checkpoint. */
  readonly isAgain: boolean;
  /** What new weights start at in place of random numbers, by name. */
  readonly given?: ReadonlyMap<string, Float32Array> | undefined;
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: TrainingEvent) => void;
}

/** What a run goes on from. */
export interface ResumedRun {
  readonly last: Checkpoint;
  /** The best epoch before it. */
  readonly best: BestEpoch | undefined;
  /** What is no longer as it was, in words; the epoch under way starts anew where the data are. */
  readonly changes: readonly string[];
  readonly hasOtherData: boolean;
}

/** What is made once a run. */
interface Parts {
  readonly training: DataSplit;
  readonly addPlanes: AddPlanes;
}

/** One training run while it is under way: weights, optimizer, counts. */
export class TrainingSession {
  readonly #options: SessionOptions;
  readonly #parts: Parts;
  readonly #weights: WeightStore;
  readonly #stepper: Stepper;
  readonly #batches: number;
  readonly #recorder: RunRecorder;
  readonly #clock: RunClock;
  #progress: TrainingProgress;
  #best: BestEpoch | undefined;
  /** What is to be told at the end. */
  readonly #diagnostics: Diagnostic[] = [];
  /** What the last validation warned of. */
  #warnings: readonly Diagnostic[] = [];

  private constructor(options: SessionOptions, parts: Parts) {
    const { run, resume, data } = options;
    const { recipe, model } = run;
    const root = new Random(recipe.seed);
    this.#options = options;
    this.#parts = parts;
    this.#weights =
      resume === undefined
        ? initialiseWeights(model.graph, root.fork('weights'), options.given)
        : weightsFromValues(model.graph, resume.last.weights);
    this.#batches = countBatches(data.training, recipe.batch);
    this.#stepper = new Stepper({
      graph: model.graph,
      recipe,
      outputs: options.network.outputs,
      weights: this.#weights,
      batches: this.#batches,
      random: root.fork('steps'),
    });
    if (resume?.last.optimizer !== undefined) {
      this.#stepper.optimizer.restore(resume.last.optimizer);
    }
    this.#recorder = new RunRecorder(options, options.topology);
    const progress = resume?.last.progress ?? noProgress;
    this.#progress = resume?.hasOtherData === true ? epochStart(progress) : progress;
    this.#best = resume?.best;
    this.#clock = new RunClock(this.#progress.step);
  }

  static async open(options: SessionOptions): Promise<TrainingSession> {
    const { run, network, data } = options;
    const maps = weightMapsOfAll(run.recipe.losses);
    const balance = await balanceOf(maps, data.training, network.head.classCount);
    return new TrainingSession(options, {
      training: withPlanes(data.training, weightPlanes(maps, balance)),
      addPlanes: weightPlanes(maps, balance),
    });
  }

  /** Frees all tensors of the run. */
  dispose(): void {
    this.#weights.dispose();
    this.#stepper.optimizer.dispose();
  }

  /** Trains to the last epoch, or until the signal; a file that cannot be written ends it as `failed`. */
  async run(): Promise<Result<TrainingOutcome>> {
    const { run, data, signal, resume } = this.#options;
    const { epochs } = run.recipe;
    const isAborted = (): boolean => signal?.aborted === true;
    if (resume === undefined) {
      // From here on there is something to go on from, and the disk is known to take it.
      const problems = await this.#save(['last']);
      if (problems.length > 0) return this.#end('failed', problems);
    } else {
      const problems = await this.#recorder.rewind(this.#progress.step);
      this.#diagnostics.push(...problems);
      if (hasErrors(problems)) return this.#end('failed', []);
      if (resume.changes.length > 0) this.#logChanges(resume.changes);
    }
    this.#options.onEvent({
      kind: 'start',
      trainingImages: data.training.pairs.length,
      validationImages: data.validation.pairs.length,
      epochs,
      batches: this.#batches,
      parameters: this.#weights.trainable().reduce((sum, { variable }) => sum + variable.size, 0),
      step: this.#progress.step,
      isResumed: resume !== undefined || this.#options.isAgain,
    });
    while (this.#progress.epoch < epochs) {
      if (isAborted()) return this.#stop();
      const started = this.#clock.seconds;
      const problems = await this.#trainEpoch();
      if (problems.length > 0) return this.#end('failed', problems);
      if (isAborted()) return this.#stop();
      const finished = await this.#finishEpoch(started);
      if (finished === 'stopped') return this.#stop();
      if (finished.length > 0) return this.#end('failed', finished);
    }
    const judged = judgeBest(this.#options.out, this.#best, this.#judged);
    return this.#end('finished', [...this.#warnings, ...judged]);
  }

  /** The batches of the epoch under way that are left; ends early on the signal. */
  async #trainEpoch(): Promise<readonly Diagnostic[]> {
    const { run, network, signal } = this.#options;
    const { recipe } = run;
    const batches = iterateBatches(this.#parts.training, {
      sizes: network.sizes,
      policy: network.policy,
      scaling: network.scaling,
      batch: recipe.batch,
      seed: recipe.seed,
      epoch: this.#progress.epoch,
      training: true,
      augmentations: recipe.augment.map(buildAugmentation),
      skip: this.#progress.batch,
    });
    let before = this.#clock.seconds;
    for await (const batch of batches) {
      const { loss, progress } = await this.#stepper.step(batch, this.#progress);
      this.#progress = progress;
      // Lets the system deliver a Ctrl-C; promises alone would never yield to it.
      await setImmediate();
      const seconds = this.#clock.seconds - before;
      before += seconds;
      const epoch = this.#progress.epoch + 1;
      if (!Number.isFinite(loss)) {
        return [describeNotFinite(loss, batch, this.#progress, run)];
      }
      this.#clock.addStep(batch.count, seconds);
      const { step, batch: done } = this.#progress;
      const { loss: mean, predicted } = epochLosses(this.#progress, network, run);
      const learningRate = this.#stepper.learningRate(step - 1);
      this.#recorder.log({
        kind: 'step',
        epoch,
        step,
        loss,
        learningRate,
        images: batch.count,
        seconds: rounded(seconds),
      });
      this.#options.onEvent({
        kind: 'step',
        epoch,
        epochs: recipe.epochs,
        batch: done,
        batches: this.#batches,
        loss: mean,
        predicted,
        imagesPerSecond: this.#clock.imagesPerSecond,
        secondsLeft: this.#clock.secondsLeft(step, this.#batches, recipe.epochs),
      });
      if (signal?.aborted === true) break;
    }
    return [];
  }

  /** Validates, writes the log and the checkpoints. */
  async #finishEpoch(started: number): Promise<readonly Diagnostic[] | 'stopped'> {
    const { run, signal, onEvent } = this.#options;
    const before = this.#clock.seconds;
    const validation = await this.#validate();
    if (signal?.aborted === true) return 'stopped';
    this.#clock.addValidation(this.#clock.seconds - before);
    if (hasErrors(validation.diagnostics)) return validation.diagnostics;
    this.#warnings = validation.diagnostics;
    const { epoch, step } = this.#progress;
    const losses = epochLosses(this.#progress, this.#options.network, run);
    const { best, isBest, entry, event } = reportEpoch({
      recipe: run.recipe,
      judged: this.#judged,
      losses,
      progress: this.#progress,
      validation,
      best: this.#best,
      imagesPerSecond: this.#clock.imagesPerSecond,
      seconds: this.#clock.seconds - started,
      secondsLeft: this.#clock.secondsLeft(step, this.#batches, run.recipe.epochs),
    });
    this.#best = best;
    this.#progress = epochStart({ ...this.#progress, epoch: epoch + 1 });
    this.#recorder.log(entry);
    const problems = await this.#save(isBest ? ['best', 'last'] : ['last']);
    onEvent(event);
    return problems;
  }

  #validate(): Promise<Evaluation> {
    const { run, network, data, signal, onEvent } = this.#options;
    const epoch = this.#progress.epoch + 1;
    const { epochs } = run.recipe;
    return validate({
      run,
      network,
      weights: this.#weights,
      split: data.validation,
      addPlanes: this.#parts.addPlanes,
      signal,
      onImage: (image, images) => onEvent({ kind: 'validation', epoch, epochs, image, images }),
    });
  }

  get #judged(): JudgedClasses {
    const { run, network } = this.#options;
    return judgedClasses(network.head, run.recipe);
  }

  #logChanges(what: readonly string[]): void {
    const { epoch, step } = this.#progress;
    this.#recorder.log({ kind: 'changed', epoch: epoch + 1, step, what });
  }

  #save(names: readonly CheckpointName[]): Promise<readonly Diagnostic[]> {
    const { optimizer } = this.#stepper;
    const state = { progress: this.#progress, best: this.#best };
    return this.#recorder.save(names, this.#weights, optimizer, state);
  }

  async #stop(): Promise<Result<TrainingOutcome>> {
    const { epoch, step } = this.#progress;
    this.#recorder.log({ kind: 'stopped', epoch: epoch + 1, step });
    const problems = await this.#save(['last']);
    this.#options.onEvent({ kind: 'stopped', epoch: epoch + 1, step });
    return this.#end(problems.length > 0 ? 'failed' : 'stopped', problems);
  }

  async #end(
    kind: TrainingOutcome['kind'],
    diagnostics: readonly Diagnostic[],
  ): Promise<Result<TrainingOutcome>> {
    if (kind === 'failed') await this.#recorder.flush();
    const all = [...this.#diagnostics, ...diagnostics];
    return { value: { kind, best: this.#best }, diagnostics: all };
  }
}

const noProgress: TrainingProgress = {
  ...{ epoch: 0, batch: 0, step: 0 },
  ...{ lossSum: 0, outputLossSums: {} },
};

function epochStart({ epoch, step }: TrainingProgress): TrainingProgress {
  return { ...noProgress, epoch, step };
}

import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs';
import { hasErrors, type Diagnostic, type Result } from '../../diagnostics/diagnostic.js';
import { buildAugmentation } from '../data/augment/build.js';
import { countBatches, iterateBatches, type Batch } from '../data/batches.js';
import type { DataSplit } from '../data/dataset.js';
import { readOutputs, withLogitHeads, type TrainedOutput } from '../losses/head.js';
import { lossOfOutputs, weightMapsOfAll } from '../losses/loss.js';
import { isLowerBetter } from '../metrics/metric-set.js';
import { buildFunctionalNetwork, type FunctionalNetwork } from '../network/functional.js';
import { trainingStep } from '../network/training-step.js';
import { initialiseWeights, weightsFromValues, type WeightStore } from '../network/weights.js';
import { checkFound, unpredictedClasses } from '../prediction/check-found.js';
import type { Evaluation } from '../prediction/evaluate.js';
import { Random } from '../random.js';
import { isBetterEpoch } from './best-epoch.js';
import { buildOptimizer, type BuiltOptimizer } from './build-optimizer.js';
import type {
  BestEpoch,
  Checkpoint,
  CheckpointName,
  TrainingProgress,
  UnpredictedClass,
} from '../runs/checkpoint.js';
import { RunClock } from './clock.js';
import type { TrainingEvent, TrainingOutcome } from './events.js';
import { logMetrics } from '../runs/log.js';
import { RunRecorder, type RecorderOptions } from './recorder.js';
import { buildSchedule, type Schedule } from './schedule.js';
import type { RunData } from './setup.js';
import { makeTargets } from './targets.js';
import { describeTopology, type Topology } from './topology.js';
import { describeNotFinite, validate } from './validate.js';
import { balanceOf, weightPlanes, withPlanes, type AddPlanes } from './weight-planes.js';

export interface SessionOptions extends RecorderOptions {
  readonly data: RunData;
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
  readonly topology: Topology;
  readonly training: DataSplit;
  readonly addPlanes: AddPlanes;
}

/** One training run while it is under way: weights, optimizer, counts. */
export class TrainingSession {
  readonly #options: SessionOptions;
  readonly #parts: Parts;
  readonly #network: FunctionalNetwork;
  /** Outputs as the network in training gives them: logits wherever that is possible. */
  readonly #outputs: readonly TrainedOutput[];
  readonly #weights: WeightStore;
  readonly #built: BuiltOptimizer;
  readonly #schedule: Schedule;
  readonly #batches: number;
  readonly #random: Random;
  readonly #recorder: RunRecorder;
  readonly #clock: RunClock;
  #progress: TrainingProgress;
  #best: BestEpoch | undefined;
  /** What is to be told at the end. */
  readonly #diagnostics: Diagnostic[] = [];
  /** What the best epoch found, where it was trained since this run was opened. */

  private constructor(options: SessionOptions, parts: Parts) {
    const { run, resume, data } = options;
    const { recipe, model } = run;
    const graph = withLogitHeads(model.graph);
    const root = new Random(recipe.seed);
    this.#options = options;
    this.#parts = parts;
    this.#network = buildFunctionalNetwork(graph);
    const given = readOutputs(graph, recipe.losses);
    this.#outputs = options.network.outputs.map((output, at) => ({
      ...output,
      head: { ...output.head, gives: given[at]!.head.gives },
    }));
    this.#weights =
      resume === undefined
        ? initialiseWeights(model.graph, root.fork('weights'), options.given)
        : weightsFromValues(model.graph, resume.last.weights);
    this.#built = buildOptimizer(recipe.optimizer);
    if (resume?.last.optimizer !== undefined) {
      this.#built.optimizer.restore(resume.last.optimizer);
    }
    this.#batches = countBatches(data.training, recipe.batch);
    this.#schedule = buildSchedule(recipe.schedule, recipe.epochs, this.#batches);
    this.#random = root.fork('steps');
    this.#recorder = new RunRecorder(options, parts.topology);
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
      topology: await describeTopology({ ...run.model, recipe: run.recipe }),
      training: withPlanes(data.training, weightPlanes(maps, balance)),
      addPlanes: weightPlanes(maps, balance),
    });
  }

  /** Frees all tensors of the run. */
  dispose(): void {
    this.#weights.dispose();
    this.#built.optimizer.dispose();
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
    return this.#end('finished', this.#judgeBest());
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
      const loss = await this.#step(batch);
      // Lets the system deliver a Ctrl-C; promises alone would never yield to it.
      await setImmediate();
      const seconds = this.#clock.seconds - before;
      before += seconds;
      const epoch = this.#progress.epoch + 1;
      if (!Number.isFinite(loss)) {
        return [describeNotFinite(loss, batch, this.#progress, run)];
      }
      this.#clock.addStep(batch.count, seconds);
      const { step, batch: done, lossSum } = this.#progress;
      const learningRate = this.#learningRate(step - 1);
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
        loss: lossSum / done,
        imagesPerSecond: this.#clock.imagesPerSecond,
        secondsLeft: this.#clock.secondsLeft(step, this.#batches, recipe.epochs),
      });
      if (signal?.aborted === true) break;
    }
    return [];
  }

  /** One step on a batch; returns its loss and counts it. */
  async #step(batch: Batch): Promise<number> {
    const { recipe } = this.#options.run;
    const image = tf.tensor4d(batch.images, [
      batch.count,
      batch.inputHeight,
      batch.inputWidth,
      batch.channels,
    ]);
    const { step } = this.#progress;
    const parts: (readonly [string, tf.Scalar])[] = [];
    const value = trainingStep(
      {
        network: this.#network,
        weights: this.#weights,
        optimizer: this.#built.optimizer,
        // The targets are made inside the step, which frees them.
        loss: (outputs) =>
          lossOfOutputs(
            this.#outputs,
            outputs,
            makeTargets(this.#outputs, recipe.losses, batch, outputs),
            (output, loss) => {
              if (this.#outputs.length > 1) parts.push([output, tf.keep(loss)]);
            },
          ),
      },
      {
        image,
        learningRate: this.#learningRate(step),
        random: this.#random.fork(`step ${step}`),
      },
    );
    const [loss = NaN] = await value.data<'float32'>();
    const { epoch, batch: done, lossSum, outputLossSums } = this.#progress;
    const sums = { ...outputLossSums };
    for (const [output, part] of parts) {
      sums[output] = (sums[output] ?? 0) + (await part.data<'float32'>())[0]!;
    }
    tf.dispose([value, image, ...parts.map(([, part]) => part)]);
    this.#progress = {
      epoch,
      batch: done + 1,
      step: step + 1,
      lossSum: lossSum + loss,
      outputLossSums: sums,
    };
    return loss;
  }

  #learningRate(step: number): number {
    return this.#built.learningRate * this.#schedule(step);
  }

  /** Validates, writes the log and the checkpoints. */
  async #finishEpoch(started: number): Promise<readonly Diagnostic[] | 'stopped'> {
    const { run, signal, onEvent } = this.#options;
    const before = this.#clock.seconds;
    const validation = await this.#validate();
    if (signal?.aborted === true) return 'stopped';
    this.#clock.addValidation(this.#clock.seconds - before);
    const { epoch: done, step, lossSum, outputLossSums } = this.#progress;
    const epoch = done + 1;
    const loss = lossSum / this.#batches;
    if (hasErrors(validation.diagnostics)) return validation.diagnostics;
    const unpredicted = unpredictedClasses(validation.counts);
    const isBest = this.#noteBest(epoch, validation, unpredicted);
    const losses = Object.entries(outputLossSums).map(([name, sum]) => [name, sum / this.#batches]);
    this.#progress = epochStart({ ...this.#progress, epoch });
    const common = {
      kind: 'epoch',
      epoch,
      loss,
      isBest,
      imagesPerSecond: rounded(this.#clock.imagesPerSecond),
      seconds: rounded(this.#clock.seconds - started),
    } as const;
    const metrics = logMetrics(validation.metrics);
    const { classes } = run.recipe;
    const outputs = losses.length === 0 ? {} : { losses: Object.fromEntries(losses) };
    this.#recorder.log({
      ...common,
      ...outputs,
      step,
      validation: {
        loss: validation.loss,
        ...(classes && { classes }),
        metrics,
        ...(unpredicted.length === 0 ? {} : { unpredicted }),
      },
    });
    const problems = await this.#save(isBest ? ['best', 'last'] : ['last']);
    onEvent({
      ...common,
      epochs: run.recipe.epochs,
      validationLoss: validation.loss,
      metrics: validation.metrics,
      unpredicted,
      classes: run.recipe.classes,
      secondsLeft: this.#clock.secondsLeft(step, this.#batches, run.recipe.epochs),
    });
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

  /** Remembers an epoch that is the best so far. */
  #noteBest(
    epoch: number,
    { metrics, loss }: Evaluation,
    unpredicted: readonly UnpredictedClass[],
  ): boolean {
    const [first] = metrics;
    if (first === undefined) return false;
    const [metric, { mean }] = first;
    const value = mean !== undefined && Number.isFinite(mean) ? mean : undefined;
    const validationLoss = Number.isFinite(loss) ? loss : undefined;
    const candidate: BestEpoch = { epoch, metric, value, validationLoss, unpredicted };
    const { name } = this.#options.run.recipe.metrics[0]!;
    if (!isBetterEpoch(candidate, this.#best, isLowerBetter(name))) return false;
    this.#best = candidate;
    return true;
  }

  /** What there is to say of the best epoch when training is over. */
  #judgeBest(): readonly Diagnostic[] {
    const { run, out } = this.#options;
    return this.#best === undefined
      ? []
      : checkFound(out, this.#best.unpredicted, run.recipe.classes);
  }

  #logChanges(what: readonly string[]): void {
    const { epoch, step } = this.#progress;
    this.#recorder.log({ kind: 'changed', epoch: epoch + 1, step, what });
  }

  #save(names: readonly CheckpointName[]): Promise<readonly Diagnostic[]> {
    const { optimizer } = this.#built;
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

/** Times and rates with three digits behind the point: more say nothing. */
function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

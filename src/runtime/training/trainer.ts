import { setImmediate } from 'node:timers/promises';
import { buildAugmentation } from '../data/augment/build.js';
import { countBatches, iterateBatches, type Batch } from '../data/batches.js';
import type { DataSplit } from '../data/dataset.js';
import { weightMapsOfAll } from '../losses/loss-terms.js';
import type { Optimizer } from '../network/optimizers/optimizer.js';
import { initialiseWeights, weightsFromValues, type WeightStore } from '../network/weights.js';
import type { Evaluation } from '../prediction/evaluate.js';
import { Random } from '../random.js';
import type { Checkpoint, TrainingProgress } from '../runs/checkpoint.js';
import type { TrainingEvent } from './events.js';
import type { CompiledRun } from './run-spec.js';
import type { NetworkInterface, RunData } from './setup.js';
import { Stepper } from './stepper.js';
import { validate } from './validate.js';
import { balanceOf, weightPlanes, withPlanes, type AddPlanes } from './weight-planes.js';

/** A network that is trained, and what it is trained on. */
export interface TrainerOptions {
  readonly run: CompiledRun;
  readonly network: NetworkInterface;
  readonly data: RunData;
  /** What new weights start at in place of random numbers, by name. */
  readonly given?: ReadonlyMap<string, Float32Array> | undefined;
  /** Ends validations early; what they give then is of no use. */
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: TrainingEvent) => void;
}

/** A step that is done. */
export interface DoneStep {
  readonly batch: Batch;
  readonly loss: number;
  /** With the step. */
  readonly progress: TrainingProgress;
}

/** The weights and the optimizer of a run: makes the steps of an epoch, and validates. */
export class Trainer {
  readonly weights: WeightStore;
  /** Steps of an epoch. */
  readonly batches: number;
  readonly #options: TrainerOptions;
  readonly #training: DataSplit;
  readonly #addPlanes: AddPlanes;
  readonly #stepper: Stepper;

  private constructor(
    options: TrainerOptions,
    last: Checkpoint | undefined,
    training: DataSplit,
    addPlanes: AddPlanes,
  ) {
    const { recipe, model } = options.run;
    const root = new Random(recipe.seed);
    this.#options = options;
    this.#training = training;
    this.#addPlanes = addPlanes;
    this.weights =
      last === undefined
        ? initialiseWeights(model.graph, root.fork('weights'), options.given)
        : weightsFromValues(model.graph, last.weights);
    this.batches = countBatches(options.data.training, recipe.batch);
    this.#stepper = new Stepper({
      graph: model.graph,
      recipe,
      outputs: options.network.outputs,
      weights: this.weights,
      batches: this.batches,
      random: root.fork('steps'),
    });
    if (last?.optimizer !== undefined) this.optimizer.restore(last.optimizer);
  }

  /** @param last where the run goes on from; it starts anew without. */
  static async open(options: TrainerOptions, last: Checkpoint | undefined): Promise<Trainer> {
    const { run, network, data } = options;
    const maps = weightMapsOfAll(run.recipe.losses);
    const balance = await balanceOf(maps, data.training, network.head.classCount);
    const training = withPlanes(data.training, weightPlanes(maps, balance));
    return new Trainer(options, last, training, weightPlanes(maps, balance));
  }

  get optimizer(): Optimizer {
    return this.#stepper.optimizer;
  }

  /** The number of values that are trained. */
  get parameters(): number {
    return this.weights.trainable().reduce((sum, { variable }) => sum + variable.size, 0);
  }

  /** The learning rate of the step that follows. */
  learningRate(progress: TrainingProgress): number {
    return this.#stepper.learningRate(progress);
  }

  /** Makes the steps of the epoch under way that are left, one by one. */
  async *steps(from: TrainingProgress): AsyncGenerator<DoneStep> {
    const { run, network } = this.#options;
    const { recipe } = run;
    const batches = iterateBatches(this.#training, {
      sizes: network.sizes,
      policy: network.policy,
      scaling: network.scaling,
      batch: recipe.batch,
      seed: recipe.seed,
      epoch: from.epoch,
      training: true,
      augmentations: recipe.augment.map(buildAugmentation),
      skip: from.batch,
    });
    let before = from;
    for await (const batch of batches) {
      const { loss, progress } = await this.#stepper.step(batch, before);
      before = progress;
      // Lets the system deliver a Ctrl-C; promises alone would never yield to it.
      await setImmediate();
      yield { batch, loss, progress };
    }
  }

  /** Measures the network on the validation images, with its own weights or those of an earlier epoch. */
  validate(epoch: number, weights: WeightStore = this.weights): Promise<Evaluation> {
    const { run, network, data, signal, onEvent } = this.#options;
    const { epochs } = run.recipe;
    return validate({
      run,
      network,
      weights,
      split: data.validation,
      addPlanes: this.#addPlanes,
      signal,
      onImage: (image, images) => onEvent({ kind: 'validation', epoch, epochs, image, images }),
    });
  }

  /** Frees all tensors. */
  dispose(): void {
    this.weights.dispose();
    this.optimizer.dispose();
  }
}

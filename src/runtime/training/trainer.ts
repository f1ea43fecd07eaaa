import { buildAugmentation } from '../data/augment/build.js';
import { countBatches, iterateBatches, type Batch } from '../data/batches.js';
import type { DataSplit } from '../data/dataset.js';
import { weightMapsOfAll } from '../losses/loss-terms.js';
import type { OptimizerState } from '../network/optimizers/optimizer.js';
import { averageSlot } from '../network/optimizers/slots.js';
import { WeightAverage } from '../network/weight-average.js';
import { initialiseWeights, weightsFromValues, type WeightStore } from '../network/weights.js';
import type { Evaluation } from '../prediction/evaluate.js';
import { Random } from '../random.js';
import type { Checkpoint, TrainingProgress } from '../runs/checkpoint.js';
import type { TrainingEvent } from './events.js';
import type { CompiledRun } from './run-spec.js';
import type { NetworkInterface } from './network-interface.js';
import type { RunData } from './setup.js';
import { Stepper } from './stepper.js';
import { validate } from './validate.js';
import { preparePairs } from './target-planes.js';
import { balanceOf, withPlanes, type AddPlanes } from './weight-planes.js';

/** A network that is trained, and what it is trained on. */
export interface TrainerOptions {
  readonly run: CompiledRun;
  readonly network: NetworkInterface;
  readonly data: Pick<RunData, 'training' | 'validation'>;
  /** What new weights start at in place of random numbers, by name. */
  readonly given?: ReadonlyMap<string, Float32Array> | undefined;
  /** The learning rate of a step, counted from 0, in place of the recipe's. */
  readonly rate?: ((step: number) => number) | undefined;
  /** Ends validations early; what they give then is of no use. */
  readonly signal: AbortSignal | undefined;
  readonly onEvent: (event: TrainingEvent) => void;
  /**
   * Waited for after each step and each validated image: lets what else waits have its turn, such
   * as a Ctrl-C, which promises alone would never yield to, or a person who pauses.
   */
  readonly turn: () => Promise<void>;
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
  readonly #average: WeightAverage | undefined;

  private constructor(
    options: TrainerOptions,
    last: Checkpoint | undefined,
    training: DataSplit,
    addPlanes: AddPlanes,
    weights: WeightStore,
    average: WeightAverage | undefined,
  ) {
    const { recipe, model } = options.run;
    this.#options = options;
    this.#training = training;
    this.#addPlanes = addPlanes;
    this.weights = weights;
    this.#average = average;
    this.batches = countBatches(options.data.training, recipe.batch);
    this.#stepper = new Stepper({
      graph: model.graph,
      recipe,
      outputs: options.network.outputs,
      weights: this.weights,
      batches: this.batches,
      random: new Random(recipe.seed).fork('steps'),
      rate: options.rate,
    });
    if (last?.optimizer !== undefined) this.#stepper.optimizer.restore(last.optimizer);
  }

  /** @param last where the run goes on from; it starts anew without. */
  static async open(options: TrainerOptions, last: Checkpoint | undefined): Promise<Trainer> {
    const { run, network, data } = options;
    const maps = weightMapsOfAll(run.recipe.losses);
    const balance = await balanceOf(maps, data.training, network.head.classCount);
    const training = withPlanes(data.training, preparePairs(run.recipe, balance));
    const { graph } = run.model;
    const weights =
      last === undefined
        ? initialiseWeights(graph, new Random(run.recipe.seed).fork('weights'), options.given)
        : weightsFromValues(graph, last.weights);
    const average = await openAverage(run, weights, last);
    const addPlanes = preparePairs(run.recipe, balance);
    return new Trainer(options, last, training, addPlanes, weights, average);
  }

  /** What is validated, and kept as the best: the average of the weights where the recipe has one. */
  get validated(): WeightStore {
    return this.#average?.weights ?? this.weights;
  }

  /** All that a run goes on from besides the weights. */
  async state(): Promise<OptimizerState> {
    const { step, slots } = await this.#stepper.optimizer.state();
    return { step, slots: new Map([...slots, ...((await this.#average?.state()) ?? [])]) };
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
      foreground: recipe.foreground,
      skip: from.batch,
    });
    let before = from;
    for await (const batch of batches) {
      const { loss, progress } = await this.#stepper.step(batch, before);
      this.#average?.update(this.weights, before.step);
      before = progress;
      await this.#options.turn();
      yield { batch, loss, progress };
    }
  }

  /** Measures the network on the validation images, as it is now or with the weights of an earlier epoch. */
  validate(epoch: number, weights: WeightStore = this.validated): Promise<Evaluation> {
    const { run, network, data, signal, onEvent, turn } = this.#options;
    const { epochs } = run.recipe;
    return validate({
      run,
      network,
      weights,
      split: data.validation,
      addPlanes: this.#addPlanes,
      signal,
      turn,
      onImage: (image, images) => onEvent({ kind: 'validation', epoch, epochs, image, images }),
    });
  }

  /** Frees all tensors. */
  dispose(): void {
    this.weights.dispose();
    this.#average?.weights.dispose();
    this.#stepper.optimizer.dispose();
  }
}

/** The average of the weights of a run, from its start or from where it goes on. */
async function openAverage(
  { recipe, model }: CompiledRun,
  weights: WeightStore,
  last: Checkpoint | undefined,
): Promise<WeightAverage | undefined> {
  if (recipe.ema === undefined) return undefined;
  const values = await weights.values();
  for (const name of values.keys()) {
    const kept = last?.optimizer?.slots.get(`${name}/${averageSlot}`);
    if (kept !== undefined) values.set(name, kept);
  }
  return new WeightAverage(model.graph, recipe.ema, values);
}

import * as tf from '../tensorflow.js';
import type { Graph } from '../../ir/graph.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import type { Batch } from '../data/batches.js';
import { readOutputs, withLogitHeads, type TrainedOutput } from '../losses/head.js';
import { lossOfOutputs } from '../losses/loss.js';
import { readLoss } from '../losses/read-loss.js';
import { buildFunctionalNetwork, type FunctionalNetwork } from '../network/functional.js';
import type { Optimizer } from '../network/optimizers/optimizer.js';
import type { ClipGradients } from '../network/clip-gradients.js';
import { splitBatch } from '../data/split-batch.js';
import { stepOfParts, type StepPart } from '../network/training-step.js';
import type { WeightStore } from '../network/weights.js';
import type { Random } from '../random.js';
import type { TrainingProgress } from '../runs/checkpoint.js';
import { buildClipping, buildOptimizer } from './build-optimizer.js';
import { buildSchedule, type Schedule } from './schedule.js';
import { makeTargets } from './targets.js';

export interface StepperOptions {
  readonly graph: Graph;
  readonly recipe: TrainRecipe;
  /** The outputs as the network's description has them. */
  readonly outputs: readonly TrainedOutput[];
  readonly weights: WeightStore;
  /** Steps of an epoch. */
  readonly batches: number;
  /** Split for each step by its number. */
  readonly random: Random;
  /** The learning rate of a step, counted from 0, in place of the recipe's. */
  readonly rate?: ((step: number) => number) | undefined;
}

/** Changes the weights of a run, one batch at a time. */
export class Stepper {
  readonly optimizer: Optimizer;
  readonly #recipe: TrainRecipe;
  readonly #weights: WeightStore;
  readonly #network: FunctionalNetwork;
  /** Outputs as the network in training gives them: logits wherever that is possible. */
  readonly #outputs: readonly TrainedOutput[];
  readonly #clip: ClipGradients | undefined;
  /** Before the schedule's factor. */
  readonly #fullRate: number;
  readonly #schedule: Schedule;
  readonly #random: Random;
  readonly #rate: StepperOptions['rate'];

  constructor({ graph, recipe, outputs, weights, batches, random, rate }: StepperOptions) {
    const trained = withLogitHeads(graph);
    const given = readOutputs(trained, recipe.losses);
    this.#recipe = recipe;
    this.#weights = weights;
    this.#network = buildFunctionalNetwork(trained);
    this.#outputs = outputs.map((output, at) => ({
      ...output,
      head: { ...output.head, gives: given[at]!.head.gives },
    }));
    const { optimizer, learningRate } = buildOptimizer(recipe.optimizer);
    this.optimizer = optimizer;
    this.#clip = recipe.clip && buildClipping(recipe.clip);
    this.#fullRate = learningRate;
    this.#schedule = buildSchedule(recipe.schedule, recipe.epochs, batches);
    this.#random = random;
    this.#rate = rate;
  }

  /** The learning rate of the step that follows. */
  learningRate({ step, plateau }: Pick<TrainingProgress, 'step' | 'plateau'>): number {
    return this.#rate?.(step) ?? this.#fullRate * this.#schedule(step) * (plateau?.factor ?? 1);
  }

  /** One step on a batch: its loss, and the counts with it. */
  async step(
    batch: Batch,
    before: TrainingProgress,
  ): Promise<{ readonly loss: number; readonly progress: TrainingProgress }> {
    const { batch: done, step, lossSum, outputLossSums } = before;
    const losses: OutputLoss[] = [];
    const parts = splitBatch(batch, this.#recipe.accumulate).map((part, at) =>
      this.#partOf(
        part,
        part.count / batch.count,
        at === 0 ? `step ${step}` : `step ${step}.${at}`,
        losses,
      ),
    );
    const value = stepOfParts(
      {
        network: this.#network,
        weights: this.#weights,
        optimizer: this.optimizer,
        clip: this.#clip,
      },
      parts,
      this.learningRate(before),
    );
    const loss = await readLoss(value);
    const sums = { ...outputLossSums };
    for (const { output, share, loss: part } of losses) {
      sums[output] = (sums[output] ?? 0) + share * (await readLoss(part));
    }
    for (const { image } of parts) image.dispose();
    return {
      loss,
      progress: {
        ...before,
        batch: done + 1,
        step: step + 1,
        lossSum: lossSum + loss,
        outputLossSums: sums,
      },
    };
  }

  /** @param losses takes those of the outputs, where there are several. */
  #partOf(batch: Batch, share: number, name: string, losses: OutputLoss[]): StepPart {
    const { count, inputHeight, inputWidth, channels } = batch;
    return {
      image: tf.tensor4d(batch.images, [count, inputHeight, inputWidth, channels]),
      share,
      random: this.#random.fork(name),
      // The targets are made inside the step, which frees them.
      loss: (outputs) =>
        lossOfOutputs(
          this.#outputs,
          outputs,
          makeTargets(this.#outputs, this.#recipe.losses, batch, outputs),
          (output, loss) => {
            if (this.#outputs.length > 1) losses.push({ output, share, loss: tf.keep(loss) });
          },
        ),
    };
  }
}

/** The loss of one output for a part of a batch. */
interface OutputLoss {
  readonly output: string;
  readonly share: number;
  readonly loss: tf.Scalar;
}

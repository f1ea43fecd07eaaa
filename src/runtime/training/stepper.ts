import * as tf from '../tensorflow.js';
import type { Graph } from '../../ir/graph.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import type { Batch } from '../data/batches.js';
import { readOutputs, withLogitHeads, type TrainedOutput } from '../losses/head.js';
import { lossOfOutputs } from '../losses/loss.js';
import { readLoss } from '../losses/read-loss.js';
import { buildFunctionalNetwork, type FunctionalNetwork } from '../network/functional.js';
import type { Optimizer } from '../network/optimizers/optimizer.js';
import { trainingStep } from '../network/training-step.js';
import type { WeightStore } from '../network/weights.js';
import type { Random } from '../random.js';
import type { TrainingProgress } from '../runs/checkpoint.js';
import { buildOptimizer } from './build-optimizer.js';
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
}

/** Changes the weights of a run, one batch at a time. */
export class Stepper {
  readonly optimizer: Optimizer;
  readonly #recipe: TrainRecipe;
  readonly #weights: WeightStore;
  readonly #network: FunctionalNetwork;
  /** Outputs as the network in training gives them: logits wherever that is possible. */
  readonly #outputs: readonly TrainedOutput[];
  /** Before the schedule's factor. */
  readonly #fullRate: number;
  readonly #schedule: Schedule;
  readonly #random: Random;

  constructor({ graph, recipe, outputs, weights, batches, random }: StepperOptions) {
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
    this.#fullRate = learningRate;
    this.#schedule = buildSchedule(recipe.schedule, recipe.epochs, batches);
    this.#random = random;
  }

  /** The learning rate of the step that follows. */
  learningRate({ step, plateau }: Pick<TrainingProgress, 'step' | 'plateau'>): number {
    return this.#fullRate * this.#schedule(step) * (plateau?.factor ?? 1);
  }

  /** One step on a batch: its loss, and the counts with it. */
  async step(
    batch: Batch,
    before: TrainingProgress,
  ): Promise<{ readonly loss: number; readonly progress: TrainingProgress }> {
    const { batch: done, step, lossSum, outputLossSums } = before;
    const { count, inputHeight, inputWidth, channels } = batch;
    const image = tf.tensor4d(batch.images, [count, inputHeight, inputWidth, channels]);
    const parts: (readonly [string, tf.Scalar])[] = [];
    const value = trainingStep(
      {
        network: this.#network,
        weights: this.#weights,
        optimizer: this.optimizer,
        // The targets are made inside the step, which frees them.
        loss: (outputs) =>
          lossOfOutputs(
            this.#outputs,
            outputs,
            makeTargets(this.#outputs, this.#recipe.losses, batch, outputs),
            (output, loss) => {
              if (this.#outputs.length > 1) parts.push([output, tf.keep(loss)]);
            },
          ),
      },
      {
        image,
        learningRate: this.learningRate(before),
        random: this.#random.fork(`step ${step}`),
      },
    );
    const loss = await readLoss(value);
    const sums = { ...outputLossSums };
    for (const [output, part] of parts) {
      sums[output] = (sums[output] ?? 0) + (await readLoss(part));
    }
    image.dispose();
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
}

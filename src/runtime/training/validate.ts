import * as tf from '../tensorflow.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { Batch } from '../data/batches.js';
import type { DataSplit } from '../data/dataset.js';
import { memoryLimits } from '../memory/limits.js';
import type { WeightStore } from '../network/weights.js';
import { evaluate, type Evaluation } from '../prediction/evaluate.js';
import { functionalWindows } from '../prediction/functional-windows.js';
import { graphToPredict } from '../prediction/predicted-graph.js';
import { createPredictor } from '../prediction/predictor.js';
import { tilingRules } from '../prediction/tiling.js';
import type { TrainingProgress } from '../runs/checkpoint.js';
import type { CompiledRun } from './run-spec.js';
import type { NetworkInterface } from './network-interface.js';
import type { AddPlanes } from './weight-planes.js';

export interface ValidateOptions {
  readonly run: CompiledRun;
  readonly network: NetworkInterface;
  readonly weights: WeightStore;
  readonly split: DataSplit;
  readonly addPlanes: AddPlanes;
  /** Ends the validation early; what it returns then is of no use. */
  readonly signal: AbortSignal | undefined;
  readonly onImage: (done: number, total: number) => void;
  /** As of `TrainerOptions`. */
  readonly turn: () => Promise<void>;
}

/** Predicts the validation images with the weights as they are and compares them with their masks. */
export async function validate(validation: ValidateOptions): Promise<Evaluation> {
  const { run, network, weights, split, addPlanes, signal, onImage, turn } = validation;
  const { sizes, policy, scaling } = network;
  const { recipe, model } = run;
  const predicted = graphToPredict(model, recipe);
  const { graph } = predicted;
  const limits = memoryLimits(tf.getBackend(), tf.memory().numBytes);
  const tiling = tilingRules({ graph, sizes: model.sizes, limits });
  const windows = functionalWindows(graph, weights);
  const options = { ...predicted, network: windows, sizes, policy, scaling, tiling };
  const predictor = createPredictor(options);
  try {
    return await evaluate(predictor, split, {
      recipe,
      prepare: addPlanes,
      onImage: async (done, total) => {
        onImage(done, total);
        await turn();
        return signal?.aborted === true;
      },
    });
  } finally {
    predictor.dispose();
  }
}

/** The message for a loss that is infinite or no number. */
export function describeNotFinite(
  loss: number,
  batch: Batch,
  { epoch, batch: step }: TrainingProgress,
  { recipe }: CompiledRun,
): Diagnostic {
  const images = batch.names.map((name) => `"${name}"`).join(', ');
  const help = [
    'A lower learning rate, or warmup in the schedule, is the usual remedy; the checkpoints written before are whole.',
  ];
  const parameters = { loss: String(loss), epoch: epoch + 1, step, images };
  return createDiagnostic('loss-not-finite', parameters, { at: recipe.optimizer.origin, help });
}

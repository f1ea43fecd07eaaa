import { mainHead } from '../../ir/graph-heads.js';
import type { CompiledRun } from './run-spec.js';
import type { TrainingProgress } from '../runs/checkpoint.js';
import type { NetworkInterface } from './network-interface.js';

/** The loss of what is predicted. */
export interface PredictedLoss {
  /** The head that is predicted. */
  readonly head: string;
  readonly loss: number;
}

/** Losses of an epoch: means over its batches so far. */
export interface EpochLosses {
  /** What is minimised: the sum of the losses of all heads. */
  readonly loss: number;
  /** By output, unweighted, where there are several. */
  readonly losses: Readonly<Record<string, number>> | undefined;
  /**
   * Where there are several outputs, that of what is predicted, to compare with the
   * validation loss: of the main output of the head, or, where the mean of all its outputs
   * is predicted, the weighted mean of their losses.
   */
  readonly predicted: PredictedLoss | undefined;
}

/** Takes the means after `batch` batches of an epoch. */
export function epochLosses(
  { batch, lossSum, outputLossSums }: TrainingProgress,
  { outputs, head }: Pick<NetworkInterface, 'outputs' | 'head'>,
  { model }: Pick<CompiledRun, 'model'>,
): EpochLosses {
  const sums = Object.entries(outputLossSums);
  if (sums.length === 0) return { loss: lossSum / batch, losses: undefined, predicted: undefined };
  const losses = Object.fromEntries(sums.map(([output, sum]) => [output, sum / batch]));
  const main = mainHead(model.graph);
  const own = outputs.filter(({ owner }) => owner === main.name);
  const loss =
    main.prediction === 'average'
      ? own.reduce((sum, output) => sum + output.weight * losses[output.head.name]!, 0)
      : losses[head.name]!;
  return { loss: lossSum / batch, losses, predicted: { head: main.name, loss } };
}

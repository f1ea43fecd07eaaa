import type { TrainingProgress } from '../runs/checkpoint.js';

/** The progress of a run that has not begun. */
export const noProgress: TrainingProgress = {
  ...{ epoch: 0, batch: 0, step: 0 },
  ...{ lossSum: 0, outputLossSums: {} },
};

/** The start of the epoch under way: its batches are still to be done, what follows from earlier epochs stays. */
export function epochStart({ epoch, step, plateau }: TrainingProgress): TrainingProgress {
  return { ...noProgress, epoch, step, ...(plateau && { plateau }) };
}

import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { TrainingProgress } from '../runs/checkpoint.js';
import type { CompiledRun } from './run-spec.js';

/** The message for weights of which one is no number, or infinite; undefined where all are numbers. */
export function checkSpoilt(
  values: ReadonlyMap<string, Float32Array>,
  { epoch, batch, step }: TrainingProgress,
  { recipe }: CompiledRun,
): Diagnostic | undefined {
  const spoilt = [...values].find(([, each]) => !each.every(Number.isFinite));
  if (spoilt === undefined) return undefined;
  const help = [
    'A lower learning rate, or warmup in the schedule, is the usual remedy; the checkpoints written before are whole.',
  ];
  const parameters = { weight: spoilt[0], epoch: batch === 0 ? epoch : epoch + 1, step };
  return createDiagnostic('weights-not-finite', parameters, { at: recipe.optimizer.origin, help });
}

import type { ComponentCall, ScheduleName } from '../../ir/recipe.js';
import { numberOption } from '../call-options.js';

/** The factor on the learning rate for a step, counted from 0. */
export type Schedule = (step: number) => number;

/**
 * The schedule of a recipe. While `warmup` epochs last, the factor rises on a
 * line, (step + 1) / steps of the warm-up. `cosine` and `poly` then spread over
 * the steps that remain; `step` counts whole epochs from the start of training.
 *
 * @param batches steps of an epoch.
 */
export function buildSchedule(
  call: ComponentCall<ScheduleName>,
  epochs: number,
  batches: number,
): Schedule {
  const warmSteps = Math.min(epochs, numberOption(call, 'warmup')) * batches;
  const rest = Math.max(1, epochs * batches - warmSteps);
  const after = afterWarmup(call, batches);
  return (step) => {
    if (step < warmSteps) return Math.min(1, (step + 1) / warmSteps);
    return after(Math.min(1, (step - warmSteps) / rest), step);
  };
}

/** The factor by the part of the remaining steps that is done, and by the step itself. */
function afterWarmup(
  call: ComponentCall<ScheduleName>,
  batches: number,
): (progress: number, step: number) => number {
  switch (call.name) {
    case 'constant':
      return () => 1;
    case 'cosine': {
      const floor = numberOption(call, 'floor');
      return (progress) => floor + ((1 - floor) * (1 + Math.cos(Math.PI * progress))) / 2;
    }
    case 'poly': {
      const power = numberOption(call, 'power');
      return (progress) => (1 - progress) ** power;
    }
    case 'step': {
      const every = numberOption(call, 'every');
      const factor = numberOption(call, 'factor');
      return (_progress, step) => factor ** Math.floor(Math.floor(step / batches) / every);
    }
  }
}

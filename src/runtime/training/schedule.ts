import type { ComponentCall, ScheduleName } from '../../ir/recipe.js';
import { numberOption, numbersOption, wordOption } from '../call-options.js';

/** The factor on the learning rate for a step, counted from 0. */
export type Schedule = (step: number) => number;

/** How long a training is that a schedule is for. */
interface Extent {
  /** Steps of an epoch. */
  readonly batches: number;
  /** Steps in all. */
  readonly steps: number;
  /** Steps of the warm-up; may be a fraction. */
  readonly warm: number;
}

/**
 * The schedule of a recipe. While `warmup` epochs last, the factor rises on a
 * line, (step + 1) / steps of the warm-up. `cosine` and `poly` then spread over
 * the steps that remain, and `cosine_restarts` begins; the others count whole epochs from the
 * start of training. What a plateau comes to follows from validations: `plateau.ts`.
 *
 * @param batches steps of an epoch.
 */
export function buildSchedule(
  call: ComponentCall<ScheduleName>,
  epochs: number,
  batches: number,
): Schedule {
  const warmup = call.name === 'one_cycle' ? 0 : numberOption(call, 'warmup');
  const warm = Math.min(epochs, warmup) * batches;
  const after = afterWarmup(call, { batches, steps: epochs * batches, warm });
  return (step) => (step < warm ? Math.min(1, (step + 1) / warm) : after(step));
}

function afterWarmup(call: ComponentCall<ScheduleName>, extent: Extent): Schedule {
  const { batches, steps, warm } = extent;
  const rest = Math.max(1, steps - warm);
  const progressOf = (step: number): number => Math.min(1, (step - warm) / rest);
  const epochOf = (step: number): number => Math.floor(step / batches);
  switch (call.name) {
    case 'constant':
    case 'plateau':
      return () => 1;
    case 'cosine': {
      const floor = numberOption(call, 'floor');
      return (step) => halfCosine(1, floor, progressOf(step));
    }
    case 'poly': {
      const power = numberOption(call, 'power');
      return (step) => (1 - progressOf(step)) ** power;
    }
    case 'step': {
      const every = numberOption(call, 'every');
      const factor = numberOption(call, 'factor');
      return (step) => factor ** Math.floor(epochOf(step) / every);
    }
    case 'multi_step': {
      const ends = numbersOption(call, 'after');
      const factor = numberOption(call, 'factor');
      return (step) => factor ** ends.filter((end) => end <= epochOf(step)).length;
    }
    case 'exponential': {
      const factor = numberOption(call, 'factor');
      return (step) => factor ** epochOf(step);
    }
    case 'cosine_restarts':
      return restarts(call, extent);
    case 'one_cycle':
      return oneCycle(call, extent);
  }
}

/** From `first` to `last` as `progress` goes from 0 to 1. */
const halfCosine = (first: number, last: number, progress: number): number =>
  last + ((first - last) * (1 + Math.cos(Math.PI * progress))) / 2;

/** PyTorch's CosineAnnealingWarmRestarts, each step a part of an epoch. */
function restarts(call: ComponentCall, { batches, warm }: Extent): Schedule {
  const first = numberOption(call, 'every') * batches;
  const stretch = numberOption(call, 'stretch');
  const floor = numberOption(call, 'floor');
  return (step) => {
    let [at, period] = [step - warm, first];
    while (at >= period) [at, period] = [at - period, period * stretch];
    return halfCosine(1, floor, at / period);
  };
}

/** PyTorch's OneCycleLR: the top is reached at step `rise * steps - 1`, the end at the last one. */
function oneCycle(call: ComponentCall, { steps }: Extent): Schedule {
  const top = numberOption(call, 'rise') * steps - 1;
  const [first, last] = [numberOption(call, 'first'), numberOption(call, 'last')];
  const shape = wordOption(call, 'shape', ['cosine', 'linear']);
  const between = shape === 'cosine' ? halfCosine : line;
  return (step) =>
    step < top
      ? between(first, 1, step / top)
      : between(1, last, Math.min(1, (step - top) / Math.max(1, steps - 1 - top)));
}

const line = (first: number, last: number, progress: number): number =>
  first + (last - first) * progress;

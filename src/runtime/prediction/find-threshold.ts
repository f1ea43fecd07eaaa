import { join } from 'node:path';
import { hasErrors, type Diagnostic, type Result } from '../../diagnostics/diagnostic.js';
import { replaceFile } from '../../files/index.js';
import { ThresholdCounter, type FoundThreshold } from '../post/threshold-counter.js';
import { notWritten } from '../runs/stored-file.js';
import { readThreshold, storeThreshold, thresholdFile } from '../runs/threshold-file.js';
import { evaluateSplit, type EvaluateSplitOptions } from './evaluate-split.js';
import type { EvaluationObserver } from './evaluation-observer.js';
import type { TrainedRun } from './open-run.js';

type SearchOptions = Pick<EvaluateSplitOptions, 'engine' | 'signal' | 'onImage'>;

/** Whether the recipe of a run wants a threshold found, and it is not, for these weights. */
export async function lacksThreshold({ run, folder, checkpoint }: TrainedRun): Promise<boolean> {
  const isWanted = run.recipe.post.threshold === 'found';
  return isWanted && (await readThreshold(folder, checkpoint)) === undefined;
}

/**
 * Finds the threshold with the best Dice on the validation images of a folder and stores it
 * beside the weights, as `threshold.json`. Undefined where the data have faults, where no mask has
 * a foreground, or where the signal ended the search.
 */
export async function storeBestThreshold(
  trained: TrainedRun,
  data: string,
  options: SearchOptions,
): Promise<Result<FoundThreshold | undefined>> {
  const counter = new ThresholdCounter();
  const evaluated = await evaluateSplit(trained, data, 'val', {
    ...options,
    observer: observing(counter),
  });
  const diagnostics: Diagnostic[] = [...evaluated.diagnostics];
  const found = counter.best();
  const isOver = evaluated.value !== undefined && options.signal?.aborted !== true;
  if (!isOver || found === undefined || hasErrors(diagnostics)) {
    return { value: undefined, diagnostics };
  }
  const file = join(trained.folder, thresholdFile);
  try {
    await replaceFile(file, storeThreshold(trained.checkpoint, found));
  } catch (error) {
    return { value: undefined, diagnostics: [...diagnostics, notWritten(file, error)] };
  }
  return { value: found, diagnostics };
}

/** Counts what is predicted, and looks at nothing else. */
const observing = (counter: ThresholdCounter): EvaluationObserver => ({
  begin: () => undefined,
  addRows: (probabilities, _, truth) => counter.add(probabilities, truth),
  addTargets: () => undefined,
  addClassified: () => undefined,
  endImage: () => undefined,
  dropImage: () => undefined,
});

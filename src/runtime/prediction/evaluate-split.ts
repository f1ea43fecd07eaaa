import { setImmediate } from 'node:timers/promises';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { atFile } from '../data/at-file.js';
import { DataError } from '../data/data-error.js';
import type { DataPair } from '../data/dataset.js';
import type { SplitName } from '../data/folder.js';
import { classBalance } from '../losses/border-weights.js';
import { weightMapsOfAll } from '../losses/loss-terms.js';
import { measuredMaskRule } from '../post/mask-rule.js';
import { openDataset } from '../training/setup.js';
import { preparePairs } from '../training/target-planes.js';
import { balanceOf } from '../training/weight-planes.js';
import { checkFound, evaluatedClasses, unpredictedClasses } from './check-found.js';
import { evaluate, type Evaluation } from './evaluate.js';
import { trainedValues, type PredictionWishes, type TrainedNetwork } from './trained-network.js';
import type { EvaluationObserver } from './evaluation-observer.js';
import type { OnTile } from './predictor.js';

/**
 * How a split is evaluated, and who is told how far it is. Whatever predicts, losses are
 * computed on the engine of TensorFlow.js in use.
 */
export interface EvaluateSplitOptions extends Pick<PredictionWishes, 'tiles' | 'tta' | 'engine'> {
  /** Is told how many images are done, of how many, after each. */
  readonly onImage?: (done: number, total: number) => void;
  /** The same of the tiles of the image under way. */
  readonly onTile?: OnTile;
  /** Looks on at every image. */
  readonly observer?: EvaluationObserver;
  /** Ends the evaluation early; what it returns then is of no use. */
  readonly signal?: AbortSignal;
}

/**
 * Evaluates a trained network on one part of a data set, with the meaning of
 * mask values that training has settled; for weights alone, the split itself settles it. Undefined where the data have faults;
 * all of them are reported.
 *
 * The class balance in weight maps, which only the loss sees, is that of the
 * training masks, so that the loss of the validation images is the one that training
 * told; that of the split itself for weights alone, and where an older checkpoint does not say.
 */
export async function evaluateSplit(
  { run, network, found: known, createPredictor }: TrainedNetwork,
  data: string,
  split: SplitName,
  { onImage = () => undefined, onTile, observer, signal, ...wishes }: EvaluateSplitOptions = {},
): Promise<Result<Evaluation | undefined>> {
  const seenBefore = trainedValues({ network, found: known });
  const wantsInstances = run.recipe.post.objects !== undefined;
  const parts = { splits: [split], trained: [], seenBefore, wantsInstances };
  const opened = await openDataset(data, parts, run, network, known.masks, signal);
  const found = opened.value?.splits.get(split);
  if (found === undefined) return { value: undefined, diagnostics: opened.diagnostics };
  const maps = weightMapsOfAll(run.recipe.losses);
  const predictor = await createPredictor({ everyOutput: true, ...wishes });
  try {
    const { classPixels } = known;
    const balance =
      classPixels === undefined
        ? await balanceOf(maps, found, network.head.classCount)
        : classBalance(classPixels);
    const value = await evaluate(predictor, found, {
      recipe: run.recipe,
      masks: measuredMaskRule(run.recipe, known.threshold),
      prepare: preparePairs(run.recipe, balance),
      onTile,
      observer,
      onImage: async (done, total) => {
        onImage(done, total);
        // Lets the system deliver a Ctrl-C.
        await setImmediate();
        return signal?.aborted === true;
      },
    });
    const seen = warnOfSeen(data, found.pairs, known.trainedOn);
    const evaluated = evaluatedClasses(network.head, run.recipe);
    const unfound = checkFound(data, unpredictedClasses(value.counts), evaluated);
    return {
      value,
      diagnostics: [...opened.diagnostics, ...value.diagnostics, ...unfound, ...seen],
    };
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    return { value: undefined, diagnostics: [...opened.diagnostics, ...error.diagnostics] };
  } finally {
    predictor.dispose();
  }
}

/** Warns of images that one of several networks was trained on: they measure how well those are remembered. */
function warnOfSeen(
  data: string,
  pairs: readonly DataPair[],
  trainedOn: ReadonlySet<string> = new Set(),
): readonly Diagnostic[] {
  const seen = pairs.filter(({ contents }) => trainedOn.has(contents.image)).length;
  if (seen === 0) return [];
  const help = ['Measure them on images that none was trained on: "--data" with "--split all".'];
  const parameters = { seen, images: pairs.length };
  return [createDiagnostic('ensemble-saw-images', parameters, { at: atFile(data), help })];
}

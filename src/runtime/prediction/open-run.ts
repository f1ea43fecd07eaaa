import { join } from 'node:path';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import { version } from '../../version.js';
import { atFile } from '../data/at-file.js';
import type { Checkpoint, CheckpointName, RunConditions } from '../runs/checkpoint.js';
import { usualThreshold } from '../post/mask-rule.js';
import { readCheckpoint } from '../runs/read-checkpoint.js';
import { checkSurroundings } from '../runs/run-parts.js';
import { readThreshold } from '../runs/threshold-file.js';
import { checkFits, describeUnfit } from '../training/misfit.js';
import { compileRun } from '../training/run-spec.js';
import { describeNetwork } from '../training/network-interface.js';
import { modelFile } from '../runs/stored-file.js';
import { trainedNetwork, type TrainedNetwork } from './trained-network.js';

/** The network of a run, with the weights of a checkpoint. */
export interface TrainedRun extends TrainedNetwork {
  readonly folder: string;
  readonly checkpointName: CheckpointName;
  readonly checkpoint: Checkpoint;
}

/**
 * Opens a checkpoint of a run; the spec inside it is compiled anew.
 *
 * @example
 * ```ts
 * import { compileRun, generateDemo, openRun, startEngine, train } from 'unetc/runtime';
 * import { readPixels } from 'unetc/runtime';
 *
 * const text = `
 * model Tiny {
 *   input image: [H, W, 1]
 *   wires {
 *     a = image -> conv(4, 3) -> relu
 *     b = [a, a -> max_pool(2) -> nearest(2)] -> concat
 *   }
 *   head mask: b -> conv(1, 1) -> sigmoid
 * }`;
 * await generateDemo('cells', { seed: 1, train: 2, val: 1, size: 32 });
 * const engine = await startEngine('wasm');
 * const { run } = compileRun('tiny.unet', text, { epochs: 1, batch: 2 });
 * await train({ run: run!, specPath: 'tiny.unet', data: 'cells', out: 'run', engine });
 *
 * const { value: trained } = await openRun('run');
 * const predictor = await trained!.createPredictor();
 * const path = 'cells/val/images/cells-001.png';
 * const { value: pixels } = await readPixels(path, trained!.network.channels);
 * const { value: found } = await predictor.predict(pixels!, { file: path, start: 0, end: 0 });
 * console.log(found?.description, found?.probabilities.data.length);
 * predictor.dispose();
 * ```
 *
 * ```text
 * took 32 x 32 as it is 1024
 * ```
 */
export async function openRun(
  folder: string,
  checkpointName: CheckpointName = 'best',
): Promise<Result<TrainedRun | undefined>> {
  const { value: checkpoint, diagnostics } = await readCheckpoint(folder, checkpointName);
  if (checkpoint === undefined) return { value: undefined, diagnostics };
  const reporter = new Reporter();
  reporter.add(await checkSurroundings(folder, checkpointName, checkpoint));
  if (checkpoint.progress.step === 0) {
    const parameters = { folder, checkpoint: checkpointName };
    const help = ['Its weights are those of the start: train for at least one step.'];
    reporter.report('checkpoint-missing', parameters, { at: atFile(folder), help });
  }
  if (reporter.hasErrors) return reporter.result(undefined);
  const { spec, conditions } = checkpoint;
  const wishes = {
    set: spec.set,
    imports: spec.imports ?? {},
    model: spec.model,
    ...spec.settings,
  };
  const compiled = compileRun(join(folder, checkpointName, 'spec.unet'), spec.text, wishes);
  const { run, diagnostics: mistakes } = compiled;
  const file = join(folder, checkpointName, modelFile);
  const network = run && describeNetwork(run);
  const unfit =
    run === undefined || network === undefined
      ? describeOutdated(file, conditions, mistakes)
      : checkFits(file, checkpoint.stored, { run, network });
  if (unfit !== undefined) reporter.add([unfit]);
  if (run === undefined || network === undefined || unfit !== undefined) {
    return reporter.result(undefined);
  }
  const wantsThreshold = run.recipe.post.threshold === 'found';
  const threshold = wantsThreshold ? await readThreshold(folder, checkpoint) : undefined;
  if (wantsThreshold && threshold === undefined) {
    const parameters = { folder, checkpoint: checkpointName, usual: usualThreshold };
    const help = ['The end of a training finds it for the best epoch: go on by "--resume".'];
    reporter.report('threshold-not-found', parameters, { at: atFile(folder), help });
  }
  const found = { ...checkpoint.preprocessing, threshold };
  const trained = trainedNetwork(run, checkpoint.weights, found);
  return {
    value: { ...trained, folder, checkpointName, checkpoint },
    diagnostics: reporter.diagnostics,
  };
}

/** A spec that does not compile; what this very version has written does. */
function describeOutdated(
  file: string,
  conditions: RunConditions,
  mistakes: readonly Diagnostic[],
): Diagnostic {
  if (conditions.unetc === version) {
    const first = mistakes.find(({ severity }) => severity === 'error')?.message ?? 'it is empty';
    const reason = `its spec does not compile: ${first.replace(/\.$/, '')}`;
    return describeUnfit(file, reason, conditions);
  }
  const help = [`Use unetc ${conditions.unetc}, which wrote it.`];
  const parameters = { file, version: conditions.unetc };
  return createDiagnostic('checkpoint-spec-outdated', parameters, { at: atFile(file), help });
}

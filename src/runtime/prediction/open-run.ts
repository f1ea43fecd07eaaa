import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { Diagnostic, Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic, Reporter } from '../../diagnostics/report.js';
import { version } from '../../version.js';
import { atFile } from '../data/at-file.js';
import type { ImageValues } from '../data/check-brightness.js';
import type { WantedTiles } from '../data/tiling.js';
import { memoryLimits } from '../memory/limits.js';
import { weightsFromValues } from '../network/weights.js';
import type { Checkpoint, CheckpointName, RunConditions } from '../runs/checkpoint.js';
import { readCheckpoint } from '../runs/read-checkpoint.js';
import { checkSurroundings } from '../runs/run-parts.js';
import { checkFits, describeUnfit } from '../training/misfit.js';
import { compileRun, type CompiledRun } from '../training/run-spec.js';
import { describeNetwork, type NetworkInterface } from '../training/setup.js';
import { modelFile } from '../runs/stored-file.js';
import { graphToEvaluate, graphToPredict } from './predicted-graph.js';
import { createPredictor, type Predictor } from './predictor.js';
import { tilingRules } from './tiling.js';

/** A trained network, ready to be used. */
export interface TrainedRun {
  readonly folder: string;
  readonly checkpointName: CheckpointName;
  readonly checkpoint: Checkpoint;
  readonly run: CompiledRun;
  readonly network: NetworkInterface;
  /** A predictor with the checkpoint's weights, on the engine in use; the caller disposes it. */
  createPredictor(options?: {
    readonly everyOutput?: boolean;
    /** Cuts every image that is larger into such tiles. */
    readonly tiles?: WantedTiles | undefined;
  }): Predictor;
  /** The same network with other weights, of which none is missing. */
  withWeights(weights: ReadonlyMap<string, Float32Array>): TrainedRun;
}

/** What the training images held, where the scaling leaves it to be seen; older checkpoints do not say. */
export function trainedValues({
  network,
  checkpoint,
}: Pick<TrainedRun, 'network' | 'checkpoint'>): readonly ImageValues[] | undefined {
  const isMeasured = network.scaling.statistics === undefined;
  return isMeasured ? undefined : checkpoint.preprocessing.images;
}

/** Opens a checkpoint of a run; the spec inside it is compiled anew. */
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
  const trained = (weightsInUse: ReadonlyMap<string, Float32Array>): TrainedRun => ({
    folder,
    checkpointName,
    checkpoint,
    run,
    network,
    withWeights: trained,
    createPredictor: ({ everyOutput = false, tiles } = {}) => {
      const limits = memoryLimits(tf.getBackend(), tf.memory().numBytes);
      const weights = weightsFromValues(run.model.graph, weightsInUse);
      const { sizes, policy, scaling } = network;
      const { graph, head, others } = everyOutput
        ? graphToEvaluate(run.model, run.recipe)
        : graphToPredict(run.model, run.recipe);
      try {
        const tiling = tilingRules({
          graph,
          sizes: run.model.sizes,
          limits,
          wanted: tiles,
        });
        return createPredictor({ graph, head, others, weights, sizes, policy, scaling, tiling });
      } finally {
        weights.dispose();
      }
    },
  });
  return { value: trained(checkpoint.weights), diagnostics: reporter.diagnostics };
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

import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import type { Result } from '../../diagnostics/diagnostic.js';
import { Reporter } from '../../diagnostics/report.js';
import { graphWeights } from '../../ir/weights.js';
import { atFile } from '../data/at-file.js';
import type { ImageValues } from '../data/check-brightness.js';
import type { WantedTiles } from '../data/tiling.js';
import { memoryLimits } from '../memory/limits.js';
import { weightsFromValues } from '../network/weights.js';
import type { Checkpoint, CheckpointName } from '../runs/checkpoint.js';
import { fitsSpec } from '../runs/preprocessing.js';
import { readCheckpoint } from '../runs/read-checkpoint.js';
import { checkSurroundings } from '../runs/run-parts.js';
import { checkWeightOrder } from '../runs/weight-order.js';
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
  if (reporter.errorCount > 0) return { value: undefined, diagnostics: reporter.diagnostics };
  const { spec, conditions, preprocessing } = checkpoint;
  const wishes = {
    set: spec.set,
    imports: spec.imports ?? {},
    model: spec.model,
    ...spec.settings,
  };
  const compiled = compileRun(join(folder, checkpointName, 'spec.unet'), spec.text, wishes);
  const { run } = compiled;
  const file = join(folder, checkpointName, modelFile);
  const network = run && describeNetwork(run);
  if (
    run === undefined ||
    network === undefined ||
    !fits(run, checkpoint) ||
    !fitsSpec(preprocessing, run, network)
  ) {
    const help = [`Use unetc ${conditions.unetc}, which wrote it.`];
    const parameters = { file, version: conditions.unetc };
    reporter.report('checkpoint-spec-outdated', parameters, { at: atFile(file), help });
    return { value: undefined, diagnostics: reporter.diagnostics };
  }
  reporter.add(checkWeightOrder(folder, checkpointName, checkpoint, run.model.graph));
  if (reporter.errorCount > 0) return { value: undefined, diagnostics: reporter.diagnostics };
  const value: TrainedRun = {
    folder,
    checkpointName,
    checkpoint,
    run,
    network,
    createPredictor: ({ everyOutput = false, tiles } = {}) => {
      const limits = memoryLimits(tf.getBackend(), tf.memory().numBytes);
      const weights = weightsFromValues(run.model.graph, checkpoint.weights);
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
  };
  return { value, diagnostics: reporter.diagnostics };
}

/** Whether the graph that the spec gives now has the weights that were trained. */
function fits({ model }: CompiledRun, { weights }: Checkpoint): boolean {
  return graphWeights(model.graph).every(
    ({ name, shape }) =>
      weights.get(name)?.length === shape.reduce((size, length) => size * length, 1),
  );
}

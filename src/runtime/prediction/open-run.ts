import { join } from 'node:path';
import type { Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { graphWeights } from '../../ir/weights.js';
import { atFile } from '../data/at-file.js';
import { weightsFromValues } from '../network/weights.js';
import type { Checkpoint, CheckpointName } from '../runs/checkpoint.js';
import { readCheckpoint } from '../runs/read-checkpoint.js';
import { compileRun, type CompiledRun } from '../training/run-spec.js';
import { describeNetwork, type NetworkInterface } from '../training/setup.js';
import { modelFile } from '../runs/write-checkpoint.js';
import { graphToEvaluate, graphToPredict } from './predicted-graph.js';
import { createPredictor, type Predictor } from './predictor.js';

/** A trained network, ready to be used. */
export interface TrainedRun {
  readonly folder: string;
  readonly checkpointName: CheckpointName;
  readonly checkpoint: Checkpoint;
  readonly run: CompiledRun;
  readonly network: NetworkInterface;
  /** A predictor with the checkpoint's weights, on the engine in use; the caller disposes it. */
  createPredictor(options?: { readonly everyOutput?: boolean }): Predictor;
}

/** Opens a checkpoint of a run; the spec inside it is compiled anew. */
export async function openRun(
  folder: string,
  checkpointName: CheckpointName = 'best',
): Promise<Result<TrainedRun | undefined>> {
  const { value: checkpoint, diagnostics } = await readCheckpoint(folder, checkpointName);
  if (checkpoint === undefined) return { value: undefined, diagnostics };
  const { spec, unetc } = checkpoint;
  const wishes = {
    set: spec.set,
    imports: spec.imports ?? {},
    model: spec.model,
    ...spec.settings,
  };
  const compiled = compileRun(join(folder, checkpointName, 'spec.unet'), spec.text, wishes);
  const { run } = compiled;
  const file = join(folder, checkpointName, modelFile);
  if (run === undefined || !fits(run, checkpoint)) {
    const help = [`Use unetc ${unetc}, which wrote it.`];
    const parameters = { file, version: unetc };
    const problem = createDiagnostic('checkpoint-spec-outdated', parameters, {
      at: atFile(file),
      help,
    });
    return { value: undefined, diagnostics: [...diagnostics, problem] };
  }
  const network = describeNetwork(run);
  const value: TrainedRun = {
    folder,
    checkpointName,
    checkpoint,
    run,
    network,
    createPredictor: ({ everyOutput = false } = {}) => {
      const weights = weightsFromValues(run.model.graph, checkpoint.weights);
      const { sizes, policy, scaling } = network;
      const { graph, head, others } = everyOutput
        ? graphToEvaluate(run.model, run.recipe)
        : graphToPredict(run.model, run.recipe);
      try {
        return createPredictor({ graph, head, others, weights, sizes, policy, scaling });
      } finally {
        weights.dispose();
      }
    },
  };
  return { value, diagnostics };
}

/** Whether the graph that the spec gives now has the weights that were trained. */
function fits({ model }: CompiledRun, { weights }: Checkpoint): boolean {
  return graphWeights(model.graph).every(
    ({ name, shape }) =>
      weights.get(name)?.length === shape.reduce((size, length) => size * length, 1),
  );
}

import * as tf from '../../../src/runtime/tensorflow.js';
import { EngineFailure } from '../../../src/runtime/engines/engine.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { withLogitHeads } from '../../../src/runtime/losses/head.js';
import { predictionMemory } from '../../../src/runtime/memory/prediction-memory.js';
import { trainingMemory } from '../../../src/runtime/memory/training-memory.js';
import { prepareInference } from '../../../src/runtime/network/inference.js';
import { initialiseWeights } from '../../../src/runtime/network/weights.js';
import { graphToPredict } from '../../../src/runtime/prediction/predicted-graph.js';
import { Random } from '../../../src/runtime/random.js';
import type { TrainingProgress } from '../../../src/runtime/runs/checkpoint.js';
import { buildOptimizer } from '../../../src/runtime/training/build-optimizer.js';
import type { CompiledRun } from '../../../src/runtime/training/run-spec.js';
import { describeNetwork } from '../../../src/runtime/training/network-interface.js';
import { Stepper } from '../../../src/runtime/training/stepper.js';
import { fillHeap } from '../engines/fill-heap.js';

/** Work on the engine, and the estimate of the memory that it takes. */
export interface EstimatedWork {
  readonly estimate: number;
  readonly run: () => Promise<void>;
}

/** Predicting one square image. */
export function predicting({ model, recipe }: CompiledRun, side: number): EstimatedWork {
  const { graph } = graphToPredict(model, recipe);
  const { channels } = graph.nodes[graph.inputs[0]!.node]!;
  return {
    estimate: predictionMemory(graph, side, side),
    run: async () => {
      const weights = initialiseWeights(model.graph, new Random(1));
      const network = prepareInference(graph, weights);
      weights.dispose();
      const image = tf.tensor4d(new Float32Array(side * side * channels), [
        1,
        side,
        side,
        channels,
      ]);
      for (const output of network.forward(image).values()) await output.data();
    },
  };
}

/** Two training steps on square images. */
export function training(run: CompiledRun, side: number, count: number): EstimatedWork {
  const { model, recipe } = run;
  const network = describeNetwork(run);
  const { channels } = network;
  const { slotCount } = buildOptimizer(recipe.optimizer).optimizer;
  const output = network.sizes.height.outputSize(network.sizes.output, side);
  const pixels = count * output * output;
  return {
    estimate: trainingMemory(withLogitHeads(model.graph), side, side, count, slotCount),
    run: async () => {
      const stepper = new Stepper({
        ...{ graph: model.graph, recipe, outputs: network.outputs, batches: 2 },
        weights: initialiseWeights(model.graph, new Random(1)),
        random: new Random(2),
      });
      let progress: TrainingProgress = {
        ...{ epoch: 0, batch: 0, step: 0 },
        ...{ lossSum: 0, outputLossSums: {} },
      };
      for (let step = 0; step < 2; step++) {
        const batch = {
          ...{ count, inputHeight: side, inputWidth: side, channels, names: [] },
          ...{ outputHeight: output, outputWidth: output, planes: [], targets: new Map() },
          images: new Float32Array(count * side * side * channels).fill(0.5),
          masks: new Uint8Array(pixels).map((_, at) => at % 2),
          weights: new Float32Array(pixels).fill(1),
        };
        ({ progress } = await stepper.step(batch, progress));
      }
    },
  };
}

/** Whether a fresh heap with that many bytes in one piece suffices. */
export async function fits({ run }: EstimatedWork, bytes: number): Promise<boolean> {
  await startEngine('wasm');
  try {
    fillHeap(bytes);
    await run();
    return true;
  } catch (error) {
    if (error instanceof EngineFailure) return false;
    throw error;
  } finally {
    breakEngine();
  }
}

/** What an engine that failed holds goes, and the next start makes a new one. */
function breakEngine(): void {
  const backend = tf.backend() as unknown as {
    makeOutput(shape: number[], dtype: string): unknown;
  };
  try {
    backend.makeOutput([2 ** 33], 'bool');
  } catch (error) {
    if (!(error instanceof EngineFailure)) throw error;
  }
}

import type { Graph } from '../../ir/graph.js';
import type { TrainRecipe } from '../../ir/recipe.js';
import type { MemoryLimits } from '../memory/limits.js';

/** Windows of images that run through a network together: [count, height, width, channels], scaled. */
export interface Windows {
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly data: Float32Array;
}

/** A network with fixed weights, ready to predict. */
export interface WindowNetwork {
  /**
   * The probabilities of every output of the graph by its name, [count, height, width,
   * channels] of that output. Rejects with `EngineFailure`.
   */
  run(windows: Windows): Promise<ReadonlyMap<string, Float32Array>>;
  /** Frees what it holds; it does not run again. */
  dispose(): void;
}

/** A graph whose outputs give probabilities (`probabilityGraph`), with the numbers of its weights. */
export interface WeightedGraph {
  readonly graph: Graph;
  readonly recipe: TrainRecipe;
  /** By `<node>/<role>`, in the runtime's order of axes; those of other nodes may be among them. */
  readonly weights: ReadonlyMap<string, Float32Array>;
}

/** What runs networks that predict: an engine that trains too, or a program for prediction alone. */
export interface PredictionEngine {
  /** What it may take of this machine's memory at this moment. */
  limits(): MemoryLimits;
  /** Makes a network ready; later changes of the weights do not show. Rejects with `EngineFailure`. */
  prepare(network: WeightedGraph): Promise<WindowNetwork>;
}

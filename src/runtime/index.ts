/**
 * The runtime's public face: train networks on folders of images, predict with
 * them, and the pieces for one's own training loop. Node only.
 */
export { startEngine } from './engines/start-engine.js';
export { listEngines, type EngineListing } from './engines/list-engines.js';
export { testEngine, type SelfTest } from './self-test/self-test.js';
export {
  EngineError,
  EngineFailure,
  engineNames,
  type Engine,
  type EngineFailureKind,
  type EngineName,
  type EngineOptions,
} from './engines/engine.js';
export {
  compileRun,
  type CompiledRun,
  type RunCompilation,
  type RunSettings,
  type RunSpec,
  type RunWishes,
} from './training/run-spec.js';
export type { NetworkInterface } from './training/network-interface.js';
export { train } from './training/train.js';
export type { TrainOptions } from './training/train-options.js';
export type { TrainingEvent, TrainingOutcome } from './training/events.js';
export type { LogEntry } from './runs/log-entry.js';
export type { BestEpoch, Checkpoint, CheckpointName } from './runs/checkpoint.js';
export { readCheckpoint } from './runs/read-checkpoint.js';
export { openRun, type TrainedRun } from './prediction/open-run.js';
export { openWeights, type WeightedNetwork } from './prediction/open-weights.js';
export type {
  FoundInData,
  PredictionWishes,
  TrainedNetwork,
} from './prediction/trained-network.js';
export { paintImage, type PaintedImage, type PaintOptions } from './prediction/paint.js';
export {
  classifyImage,
  type ImageClassification,
  type PredictedClass,
} from './prediction/classify-image.js';
export { evaluateSplit, type EvaluateSplitOptions } from './prediction/evaluate-split.js';
export type { Evaluation, ImageEvaluation } from './prediction/evaluate.js';
export { storeRunEvaluation, writeReport } from './report/write-report.js';
export type { EvaluateRunOptions } from './report/measure/evaluate-run.js';
export {
  createPredictor,
  type OnTile,
  type Prediction,
  type Predictor,
  type PredictorOptions,
} from './prediction/predictor.js';
export { functionalEngine } from './prediction/functional-engine.js';
export { functionalWindows } from './prediction/functional-windows.js';
export type {
  PredictionEngine,
  WeightedGraph,
  WindowNetwork,
  Windows,
} from './prediction/window-network.js';
export { startOnnx, type OnnxOptions } from './onnx/start-onnx.js';
export {
  inspectDataset,
  type DataPair,
  type Dataset,
  type DatasetOptions,
  type DataSplit,
} from './data/dataset.js';
export { iterateBatches, type Batch, type BatchOptions } from './data/batches.js';
export { readPixels, type InputImage } from './data/input-images.js';
export type { ClassMask, Pixels } from './data/pixels.js';
export { readOutputs, withLogitHeads, type Head, type TrainedOutput } from './losses/head.js';
export { lossOfHead, lossOfOutputs } from './losses/loss.js';
export { makeTarget, type LossTarget, type TargetValues } from './losses/target.js';
export { borderWeights, type BorderOptions } from './losses/border-weights.js';
export { ConfusionCounter, type ConfusionCounts } from './metrics/counts.js';
export { computeMetric, type MetricValue } from './metrics/metrics.js';
export { buildFunctionalNetwork, type FunctionalNetwork } from './network/functional.js';
export { buildLayersModel } from './network/layers-model.js';
export { loadLayersModel, saveLayersModel, type SaveOptions } from './network/model-files.js';
export { initialiseWeights, weightsFromValues, type WeightStore } from './network/weights.js';
export { loadWeights, type LoadedWeights, type LoadSummary } from './pretrained/load-weights.js';
export type { WeightSource } from './pretrained/weight-source.js';
export { trainingStep, type TrainingStepOptions } from './network/training-step.js';
export {
  Optimizer,
  type NamedVariable,
  type OptimizerState,
  type UpdateRule,
} from './network/optimizers/optimizer.js';
export { adam, adamw, type AdamOptions } from './network/optimizers/adam.js';
export { rmsprop, type RmspropOptions } from './network/optimizers/rmsprop.js';
export { sgd, type SgdOptions } from './network/optimizers/sgd.js';
export type { DemoOptions } from './demo/demo-pairs.js';
export { generateDemo } from './demo/generate-demo.js';
export { Random } from './random.js';

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
export { compileRun, type CompiledRun, type RunWishes } from './training/run-spec.js';
export { train } from './training/train.js';
export type { TrainOptions } from './training/train-options.js';
export type { TrainingEvent, TrainingOutcome } from './training/events.js';
export type { LogEntry } from './runs/log.js';
export type { Checkpoint, CheckpointName } from './runs/checkpoint.js';
export { readCheckpoint } from './runs/read-checkpoint.js';
export { openRun, type TrainedRun } from './prediction/open-run.js';
export { openWeights, type WeightedNetwork } from './prediction/open-weights.js';
export type { PredictionWishes, TrainedNetwork } from './prediction/trained-network.js';
export { paintImage, type PaintedImage } from './prediction/paint.js';
export {
  classifyImage,
  type ImageClassification,
  type PredictedClass,
} from './prediction/classify-image.js';
export { evaluateSplit } from './prediction/evaluate-split.js';
export type { Evaluation, ImageEvaluation } from './prediction/evaluate.js';
export { storeRunEvaluation, writeReport } from './report/write-report.js';
export type { EvaluateRunOptions } from './report/measure/evaluate-run.js';
export { createPredictor, type Prediction, type Predictor } from './prediction/predictor.js';
export { functionalEngine } from './prediction/functional-engine.js';
export { functionalWindows } from './prediction/functional-windows.js';
export type { PredictionEngine, WindowNetwork, Windows } from './prediction/window-network.js';
export { startOnnx, type OnnxOptions } from './onnx/start-onnx.js';
export { inspectDataset, type Dataset, type DatasetOptions } from './data/dataset.js';
export { iterateBatches, type Batch, type BatchOptions } from './data/batches.js';
export { readPixels } from './data/input-images.js';
export type { ClassMask, Pixels } from './data/pixels.js';
export { readOutputs, withLogitHeads, type Head, type TrainedOutput } from './losses/head.js';
export { lossOfHead, lossOfOutputs } from './losses/loss.js';
export { makeTarget, type LossTarget } from './losses/target.js';
export { borderWeights } from './losses/border-weights.js';
export { ConfusionCounter, type ConfusionCounts } from './metrics/counts.js';
export { computeMetric, type MetricValue } from './metrics/metrics.js';
export { buildFunctionalNetwork, type FunctionalNetwork } from './network/functional.js';
export { buildLayersModel } from './network/layers-model.js';
export { loadLayersModel, saveLayersModel } from './network/model-files.js';
export { initialiseWeights, weightsFromValues, type WeightStore } from './network/weights.js';
export { loadWeights, type LoadedWeights, type LoadSummary } from './pretrained/load-weights.js';
export type { WeightSource } from './pretrained/weight-source.js';
export { trainingStep } from './network/training-step.js';
export { Optimizer } from './network/optimizers/optimizer.js';
export { adam, adamw } from './network/optimizers/adam.js';
export { rmsprop } from './network/optimizers/rmsprop.js';
export { sgd } from './network/optimizers/sgd.js';
export { generateDemo, type DemoOptions } from './demo/generate-demo.js';
export { Random } from './random.js';

/**
 * What a browser page needs to run and train a network on its graphics card: the engine, the
 * network, the steps. Imports nothing of Node; images and files are the page's own business.
 */
export { startWebgpu, type WebgpuParts } from './engines/webgpu/start-webgpu.js';
export { EngineError, EngineFailure, type Engine } from './engines/engine.js';
export { buildFunctionalNetwork, type FunctionalNetwork } from './network/functional.js';
export { prepareInference, type InferenceNetwork } from './network/inference.js';
export { initialiseWeights, weightsFromValues, type WeightStore } from './network/weights.js';
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
export { lossOfHead, lossOfOutputs } from './losses/loss.js';
export { makeTarget, type LossTarget, type TargetValues } from './losses/target.js';
export { readOutputs, withLogitHeads, type Head, type TrainedOutput } from './losses/head.js';
export { Random } from './random.js';

import type { Result } from '../../../diagnostics/diagnostic.js';
import type { EmitSource } from '../../typescript/emit.js';
import type { ModelNames } from '../emit.js';
import { checkTraining } from './check-training.js';
import { emitData } from './data/emit.js';
import { emitTrain } from './emit-train.js';
import { describeTraining, type TrainedModel } from './trained-model.js';

/** Files that train a model, by name. */
export type TrainingFiles = ReadonlyMap<'train.py' | 'data.py', string>;

/**
 * The files that train a model as its recipe says, to lie beside the model's own.
 *
 * @param names what that file calls the model.
 * @param module what Python imports that file as.
 */
export function emitTraining(
  model: TrainedModel,
  names: ModelNames,
  module: string,
  source: EmitSource,
): Result<TrainingFiles | undefined> {
  const diagnostics = checkTraining(model);
  if (diagnostics.length > 0) return { value: undefined, diagnostics };
  const data = emitData(model, source.file);
  if (data.value === undefined) return { value: undefined, diagnostics: data.diagnostics };
  const training = describeTraining(model, names);
  const train = emitTrain(training, module, source);
  const value = new Map([
    ['train.py', train],
    ['data.py', data.value],
  ] as const);
  return { value, diagnostics };
}

import { engineOfCondition } from '../../runtime/engines/engine-condition.js';
import { findPythonModules } from '../../runtime/python/find-python.js';
import { scriptFiles } from '../../runtime/python/script-files.js';
import type { CompiledRun } from '../../runtime/training/run-spec.js';
import type { CommandContext } from '../context.js';
import { trainingEngineOption, type EngineChoice, type TrainingEngine } from '../engine-options.js';
import { chooseEngine } from './choose-engine.js';
import { isLarge } from './rank-engines.js';
import { workOfRun } from './work-of-run.js';

/** What is to train, and why, as the end of a sentence; no reason where a person named it. */
export interface TrainingChoice {
  readonly name: TrainingEngine;
  readonly reason: string | undefined;
  /** Threads that the run had, where their number decides bits; undefined where it does not. */
  readonly threads?: number | undefined;
}

/** A run that goes on, or is made again. */
export interface TrainedBefore {
  readonly conditions: { readonly engine: string };
}

/**
 * The engine that a call of `train` asks for. A run that goes on keeps the engine that it has,
 * since another one computes other bits, unless the call names one. PyTorch is never taken
 * unasked, for it trains by a program of the person's; that it is there is told instead.
 *
 * @param before the run that goes on or is made again.
 */
export async function trainingEngine(
  asked: EngineChoice | undefined,
  run: CompiledRun,
  before: TrainedBefore | 'again' | undefined,
  context: CommandContext,
): Promise<TrainingChoice> {
  if (asked !== undefined && asked !== 'auto') return { name: asked, reason: undefined };
  if (typeof before === 'object') {
    const { name, threads } = engineOfCondition(before.conditions.engine);
    if (isTrainingEngine(name)) return { name, threads, reason: 'that of the run' };
  }
  const work = workOfRun(run, 'training');
  const { name, reason } = await chooseEngine(work, context);
  // It only predicts, and is no candidate for a training.
  if (name === 'onnx') throw new Error('onnx was chosen to train');
  const hint = isLarge(work) && (await canTrainByPytorch(run)) ? pytorchHint : '';
  return { name, reason: reason + hint };
}

const pytorchHint = '; PyTorch is here too, and trains faster: "--engine pytorch"';

const isTrainingEngine = (name: string): name is TrainingEngine =>
  name !== 'auto' && (trainingEngineOption.choices as readonly string[]).includes(name);

/** Whether a Python has what training needs, and the network can be written for it. */
async function canTrainByPytorch(run: CompiledRun): Promise<boolean> {
  if (!(await findPythonModules())) return false;
  return scriptFiles(run, 'spec.unet').value !== undefined;
}

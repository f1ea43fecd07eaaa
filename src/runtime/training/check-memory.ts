import * as tf from '../tensorflow.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { DataSplit } from '../data/dataset.js';
import { memoryLimits, type MemoryLimits } from '../memory/limits.js';
import { batchMemory, describeBytes, largestBatch } from './batch-memory.js';
import type { CompiledRun } from './run-spec.js';
import type { NetworkInterface } from './network-interface.js';
import type { RunData } from './setup.js';

/** Reports a batch whose training step would not fit the memory, with the largest batch that does. */
export function checkTrainingMemory(
  run: CompiledRun,
  network: NetworkInterface,
  training: DataSplit,
  limits: MemoryLimits,
): readonly Diagnostic[] {
  const { recipe } = run;
  const memory = batchMemory(run, network, training);
  const batch = Math.min(recipe.batch, training.pairs.length);
  if (memory === undefined || memory.of(batch) <= limits.most) return [];
  const fits = largestBatch(memory, limits.most, batch);
  const smaller = 'Smaller crops ("sizes: crop(128)") or fewer channels take less.';
  const help =
    fits === 0 ? [smaller] : [`Take a batch of at most ${fits}: "--batch ${fits}".`, smaller];
  const parameters = {
    batch,
    size: memory.size,
    needed: describeBytes(memory.of(batch)),
    limit: describeBytes(limits.most),
  };
  return [createDiagnostic('training-exceeds-memory', parameters, { at: recipe.origin, help })];
}

/** The same for the engine in use, with what it can have on this machine. */
export function checkOwnMemory(
  run: CompiledRun,
  network: NetworkInterface,
  { training }: Pick<RunData, 'training'>,
): readonly Diagnostic[] {
  const limits = memoryLimits(tf.getBackend(), tf.memory().numBytes);
  return checkTrainingMemory(run, network, training, limits);
}

import * as tf from '../tensorflow.js';
import type { Diagnostic } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import type { DataSplit } from '../data/dataset.js';
import { describeSize } from '../../ir/sizes/geometry.js';
import { batchGeometry } from '../data/training-sample.js';
import { withLogitHeads } from '../losses/head.js';
import { memoryLimits, type MemoryLimits } from '../memory/limits.js';
import { trainingMemory } from '../memory/training-memory.js';
import { buildOptimizer } from './build-optimizer.js';
import type { CompiledRun } from './run-spec.js';
import type { NetworkInterface } from './network-interface.js';
import type { RunData } from './setup.js';

/** Reports a batch whose training step would not fit the memory, with the largest batch that does. */
export function checkTrainingMemory(
  { model, recipe }: CompiledRun,
  { policy, sizes }: NetworkInterface,
  training: DataSplit,
  limits: MemoryLimits,
): readonly Diagnostic[] {
  const geometry = batchGeometry(policy, sizes, training.pairs);
  if (geometry === undefined) return [];
  const { input: height } = geometry.vertical;
  const { input: width } = geometry.horizontal;
  const graph = withLogitHeads(model.graph);
  // An average, and the sums of gradients of parts, are kept as a slot of the optimizer is.
  const more = (recipe.ema === undefined ? 0 : 1) + (recipe.accumulate > 1 ? 1 : 0);
  const slots = buildOptimizer(recipe.optimizer).optimizer.slotCount + more;
  const memoryOf = (batch: number): number =>
    trainingMemory(graph, height, width, Math.ceil(batch / recipe.accumulate), slots);
  const batch = Math.min(recipe.batch, training.pairs.length);
  if (memoryOf(batch) <= limits.most) return [];
  let [fits, tooMuch] = [0, batch];
  while (tooMuch - fits > 1) {
    const middle = (fits + tooMuch) >> 1;
    if (memoryOf(middle) <= limits.most) fits = middle;
    else tooMuch = middle;
  }
  const smaller = 'Smaller crops ("sizes: crop(128)") or fewer channels take less.';
  const help =
    fits === 0 ? [smaller] : [`Take a batch of at most ${fits}: "--batch ${fits}".`, smaller];
  const parameters = {
    batch,
    size: describeSize(height, width),
    needed: inWords(memoryOf(batch)),
    limit: inWords(limits.most),
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

function inWords(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

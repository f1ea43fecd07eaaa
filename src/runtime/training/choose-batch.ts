import * as tf from '../tensorflow.js';
import { hasErrors, type Diagnostic, type Result } from '../../diagnostics/diagnostic.js';
import { createDiagnostic } from '../../diagnostics/report.js';
import { memoryLimits } from '../memory/limits.js';
import { batchMemory, describeBytes, largestBatch, type BatchMemory } from './batch-memory.js';
import { describeNetwork } from './network-interface.js';
import type { CompiledRun } from './run-spec.js';
import { checkNetwork, openRunData } from './setup.js';

/** The largest batch of a run. */
export interface ChosenBatch {
  readonly batch: number;
  /** What it takes, and why it is no larger, in words. */
  readonly reason: string;
}

/** The part of the memory that a batch may take: the rest is for what changes until training begins. */
const share = 0.9;

/**
 * The largest batch of the training images of a folder whose step fits the memory, by the estimate
 * that every training begins with. The engine must have been started.
 *
 * @param memory bytes that the step may take at most; never more than the engine can have on this machine.
 */
export async function chooseBatch(
  run: CompiledRun,
  data: string,
  memory: number | undefined,
  signal: AbortSignal,
): Promise<Result<ChosenBatch | undefined>> {
  const diagnostics: Diagnostic[] = [...checkNetwork(run)];
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics };
  const network = describeNetwork(run);
  const opened = await openRunData(data, run, network, undefined, signal);
  // What it says of the batch of the recipe says nothing here; warnings come again when training begins.
  const errors = opened.diagnostics.filter((each) => hasErrors([each]));
  const training = opened.value?.training;
  if (training === undefined || signal.aborted) return { value: undefined, diagnostics: errors };
  const estimate = batchMemory(run, network, training);
  const { most: engine } = memoryLimits(tf.getBackend(), tf.memory().numBytes);
  const limit = Math.min(share * engine, memory ?? Infinity);
  const images = training.pairs.length;
  const batch = estimate && largestBatch(estimate, limit, images);
  if (estimate === undefined || batch === undefined)
    return { value: undefined, diagnostics: errors };
  if (batch > 0) {
    const reason = describe(estimate, { batch, images, limit, isGiven: limit === memory });
    return { value: { batch, reason }, diagnostics: [] };
  }
  const parameters = {
    batch: 1,
    size: estimate.size,
    needed: describeBytes(estimate.of(1)),
    limit: describeBytes(limit),
  };
  const help = ['Smaller crops ("sizes: crop(128)") or fewer channels take less.'];
  const problem = createDiagnostic('training-exceeds-memory', parameters, {
    ...{ at: run.recipe.origin, help },
  });
  return { value: undefined, diagnostics: [problem] };
}

interface Choice {
  readonly batch: number;
  readonly images: number;
  readonly limit: number;
  /** Whether the call has set the limit. */
  readonly isGiven: boolean;
}

function describe({ of, size }: BatchMemory, { batch, images, limit, isGiven }: Choice): string {
  const taken = `a step at ${size} takes about ${describeBytes(of(batch))}`;
  if (batch === images) return `${taken}, and there are no more images to train on`;
  const whose = isGiven ? 'of "--memory"' : 'that the engine can have, with a tenth to spare';
  return `${taken} of the ${describeBytes(limit)} ${whose}; ${batch + 1} images would take ${describeBytes(of(batch + 1))}`;
}

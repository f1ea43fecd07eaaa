import { isDeepStrictEqual } from 'node:util';
import { join } from 'node:path';
import { readCheckpoint } from '../runs/read-checkpoint.js';
import type { WriteFile } from '../runs/stored-file.js';
import { writeCheckpoint } from '../runs/write-checkpoint.js';
import type { CompiledRun } from '../training/run-spec.js';
import type { Topology } from '../training/topology.js';
import { countSteps, type Processes } from './run-python.js';
import { bestFile, readBestEpoch, readState, readTorchWeights, stateFile } from './torch-state.js';

/** A run that Python trains. */
export interface AdoptedRun {
  /** The run folder, which has a checkpoint "last". */
  readonly out: string;
  readonly run: CompiledRun;
  readonly topology: Topology;
  readonly processes: Processes;
  readonly write: WriteFile;
}

/**
 * Brings the checkpoints of a run to where its training in Python is: "best" and "last" are
 * then as every engine leaves them, but that "last" has no optimizer, which stays in
 * Python's file. What is there already is not written again. Throws what keeps a
 * file from being read or written.
 */
export async function adoptState({
  out,
  run,
  topology,
  processes,
  write,
}: AdoptedRun): Promise<void> {
  const { value: last } = await readCheckpoint(out, 'last');
  const outputs = run.model.graph.outputs.map(({ name }) => name);
  const state = await readState(out, outputs);
  if (last === undefined || state === undefined) return;
  const { progress } = state;
  const steps = countSteps(state.images, state.batch, processes);
  const { model } = run;
  // A training that goes on may have found a better one meanwhile, of an epoch to come.
  const best = await readBestEpoch(out);
  let held = (await readCheckpoint(out, 'best')).value?.best;
  if (best !== undefined && best.epoch <= progress.epoch && !isDeepStrictEqual(held, best)) {
    const weights = await readTorchWeights(model, join(out, bestFile));
    const { epoch } = best;
    const { plateau } = progress;
    const counts = { epoch, batch: 0, step: epoch * steps, lossSum: 0, outputLossSums: {} };
    const done = plateau === undefined ? counts : { ...counts, plateau };
    const checkpoint = { ...last, progress: done, best, weights, optimizer: undefined };
    await writeCheckpoint(join(out, 'best'), topology, checkpoint, write);
    held = best;
  }
  // That took the place of the best of this state: "last" waits for the state of the epoch to come.
  if (held?.epoch !== state.best?.epoch) return;
  if (isDeepStrictEqual(last.progress, progress)) return;
  const weights = await readTorchWeights(model, join(out, stateFile));
  const checkpoint = {
    ...last,
    spec: run.spec,
    progress,
    best: state.best,
    weights,
    optimizer: undefined,
  };
  await writeCheckpoint(join(out, 'last'), topology, checkpoint, write);
}

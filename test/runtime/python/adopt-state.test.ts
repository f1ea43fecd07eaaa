import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { replaceFile } from '../../../src/files/index.js';
import { graphWeights } from '../../../src/codegen/tfjs/weights.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import {
  torchTensors,
  type NamedTensor,
} from '../../../src/runtime/exports/weights/named-tensor.js';
import { adoptState } from '../../../src/runtime/python/adopt-state.js';
import type { BestEpoch, CheckpointName } from '../../../src/runtime/runs/checkpoint.js';
import { describePreprocessing } from '../../../src/runtime/runs/preprocessing.js';
import { readCheckpoint } from '../../../src/runtime/runs/read-checkpoint.js';
import { writeCheckpoint } from '../../../src/runtime/runs/write-checkpoint.js';
import { describeTopology, type Topology } from '../../../src/runtime/training/topology.js';
import { compiled } from '../training/support.js';
import { writeBest, writeState } from './torch-run-files.js';

/**
 * What becomes of a run folder as a training in Python leaves it at any moment: it writes the
 * best weights first, then its state, and may be killed between both. The checkpoint "last" is
 * never of a best epoch that the checkpoint "best" is not of.
 */

const run = compiled();
const { graph } = run.model;
const batches = 3;
const settings = { batch: 2, images: 6 };

let topology: Topology;
let out: string;

beforeAll(async () => {
  await startEngine('wasm');
  topology = await describeTopology({ ...run.model, recipe: run.recipe });
});

/** Every value is the epoch that the weights are of. */
const weightsOf = (epoch: number): ReadonlyMap<string, Float32Array> =>
  new Map(
    graphWeights(graph).map(({ name, shape }) => [
      name,
      new Float32Array(shape.reduce((size, axis) => size * axis, 1)).fill(epoch),
    ]),
  );

const networkOf = (epoch: number): readonly NamedTensor[] => torchTensors(graph, weightsOf(epoch));

const bestOf = (epoch: number): BestEpoch => ({
  ...{ epoch, metric: 'dice', value: 0.5 + epoch / 100, validationLoss: 1 / epoch },
  unpredicted: [],
});

/** What Python writes at the end of an epoch that is the best so far. */
const saveBest = (epoch: number): void => writeBest(out, bestOf(epoch), networkOf(epoch));

/** What it writes next, and after other epochs and batches alone. */
const saveState = (epoch: number, best: number, batch = 0): void => {
  const step = epoch * batches + batch;
  const progress = { epoch, batch, step, sums: batch === 0 ? [] : [0.25 * batch] };
  writeState(out, { settings, progress, best: bestOf(best) }, networkOf(epoch));
};

const adopt = (): Promise<void> =>
  adoptState({ out, run, topology, processes: { count: 1 }, write: replaceFile });

/** Which epochs a checkpoint is of: those done, the best that it names, the one of its weights. */
async function held(name: CheckpointName): Promise<unknown> {
  const { value } = await readCheckpoint(out, name);
  if (value === undefined) return undefined;
  const [weights] = value.weights.values();
  return [value.progress.epoch, value.best?.epoch, weights![0]];
}

beforeEach(async () => {
  out = mkdtempSync(join(tmpdir(), 'unetc-adopt-'));
  await writeCheckpoint(join(out, 'last'), topology, {
    ...{ run: '0'.repeat(64), spec: run.spec },
    conditions: { unetc: '1.0.0', tensorflow: '4.22.0', engine: 'pytorch', data: '0'.repeat(64) },
    preprocessing: describePreprocessing(
      run,
      { channels: 1 },
      { masks: { kind: 'index', classCount: 2 } },
    ),
    progress: { epoch: 0, batch: 0, step: 0, lossSum: 0, outputLossSums: {} },
    ...{ best: undefined, optimizer: undefined },
    weights: weightsOf(0),
  });
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

test('a state and the best epoch that it names are taken over together', async () => {
  saveBest(1);
  saveState(1, 1);
  await adopt();
  expect([await held('best'), await held('last')]).toEqual([
    [1, 1, 1],
    [1, 1, 1],
  ]);
  saveState(2, 1);
  await adopt();
  expect([await held('best'), await held('last')]).toEqual([
    [1, 1, 1],
    [2, 1, 2],
  ]);
});

test('weights of an epoch to come have taken the place of the best: "last" waits', async () => {
  saveBest(1);
  saveState(1, 1);
  // Killed here, or looked at: nothing was taken over before.
  saveBest(2);
  await adopt();
  expect([await held('best'), await held('last')]).toEqual([undefined, [0, undefined, 0]]);
  saveState(2, 2);
  await adopt();
  expect([await held('best'), await held('last')]).toEqual([
    [2, 2, 2],
    [2, 2, 2],
  ]);
});

test('an older best is no substitute for the one that the state names', async () => {
  saveBest(1);
  saveState(1, 1);
  await adopt();
  saveBest(2);
  saveState(2, 2);
  saveBest(3);
  await adopt();
  expect([await held('best'), await held('last')]).toEqual([
    [1, 1, 1],
    [1, 1, 1],
  ]);
});

test('a best that was taken over before stays, and the state with it goes on', async () => {
  saveBest(1);
  saveState(1, 1);
  await adopt();
  saveState(1, 1, 2);
  saveBest(2);
  await adopt();
  const { value } = await readCheckpoint(out, 'last');
  expect(value!.progress).toMatchObject({ epoch: 1, batch: 2, step: 5, lossSum: 0.5 });
  expect([await held('best'), value!.best]).toEqual([[1, 1, 1], bestOf(1)]);
});

test('before Python has saved anything, nothing changes', async () => {
  await adopt();
  expect([await held('best'), await held('last')]).toEqual([undefined, [0, undefined, 0]]);
});

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateDemo } from '../../../src/runtime/demo/generate-demo.js';
import type { TrainingEvent } from '../../../src/runtime/training/events.js';
import {
  compileRun,
  type CompiledRun,
  type RunWishes,
} from '../../../src/runtime/training/run-spec.js';
import { train } from '../../../src/runtime/training/train.js';
import type { TrainOptions } from '../../../src/runtime/training/train-options.js';

/** A network with everything random in it: dropout, augmentation, crops. */
export const smallSpec = `
model Small(base: int = 4) {
  input image: [H, W, 1]
  encoder plain {
    widths: base * [1, 2]
    stage: conv(width, 3, bias: false) -> batch_norm -> relu -> dropout(0.1)
    down: max_pool(2)
  }
  skip plain { merge: [skip, up] -> concat }
  decoder {
    up: conv_transpose(width, 2, stride: 2)
    stage: conv(width, 3) -> relu
  }
  head mask: conv(1, 1) -> sigmoid
}

train Small {
  loss: bce + dice
  metrics: [dice, iou]
  optimizer: adam(lr: 0.01)
  schedule: cosine(warmup: 1)
  augment: [flip, brightness(0.1), noise(0.05)]
  sizes: crop(24)
  epochs: 2
  batch: 2
}
`;

/** Compiles a spec that has no mistakes. */
export function compiled(text: string = smallSpec, wishes: RunWishes = {}): CompiledRun {
  const { run, diagnostics } = compileRun('small.unet', text, wishes);
  if (run === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return run;
}

/** A folder for one test file, with drawn data in it. */
export interface Workshop {
  readonly folder: string;
  readonly data: string;
  readonly remove: () => void;
}

export async function openWorkshop(train = 5, val = 2, size = 32): Promise<Workshop> {
  const folder = mkdtempSync(join(tmpdir(), 'unetc-training-'));
  const data = join(folder, 'data');
  await generateDemo(data, { seed: 1, train, val, size });
  return { folder, data, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Runs a training and collects its events. */
export async function trained(
  options: Partial<TrainOptions> & Pick<TrainOptions, 'data' | 'out'>,
): Promise<Awaited<ReturnType<typeof train>> & { readonly events: readonly TrainingEvent[] }> {
  const events: TrainingEvent[] = [];
  const result = await train({
    run: compiled(),
    specPath: 'small.unet',
    engine: { name: 'wasm', description: 'test' },
    ...options,
    onEvent: (event) => {
      events.push(event);
      options.onEvent?.(event);
    },
  });
  return { ...result, events };
}

/** Trains and stops after some steps, as Ctrl-C does. */
export async function stopAfter(
  steps: number,
  options: Partial<TrainOptions> & Pick<TrainOptions, 'data' | 'out'>,
): ReturnType<typeof trained> {
  const controller = new AbortController();
  let seen = 0;
  return trained({
    ...options,
    signal: controller.signal,
    onEvent: ({ kind }) => {
      if (kind === 'step' && ++seen === steps) controller.abort();
    },
  });
}

/** The files of a checkpoint, by name. */
export function filesOf(folder: string): ReadonlyMap<string, Buffer> {
  return new Map(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name))]),
  );
}

/** The entries of a run's log, without times. */
export function logOf(run: string): readonly unknown[] {
  return readFileSync(join(run, 'log.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const entry = JSON.parse(line) as Record<string, unknown>;
      const { seconds: _seconds, imagesPerSecond: _rate, ...rest } = entry;
      return rest;
    });
}

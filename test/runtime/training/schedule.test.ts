import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import type { ScheduleName } from '../../../src/ir/recipe.js';
import { RunClock } from '../../../src/runtime/training/clock.js';
import { formatSeconds } from '../../../src/runtime/progress-bar.js';
import { renderBar, renderLines } from '../../../src/runtime/training/progress.js';
import type { BestEpoch } from '../../../src/runtime/runs/checkpoint.js';
import { isBetterEpoch } from '../../../src/runtime/training/best-epoch.js';
import { plateauAfter, type PlateauState } from '../../../src/runtime/training/plateau.js';
import { buildSchedule, type Schedule } from '../../../src/runtime/training/schedule.js';

const schedule = (name: ScheduleName, options: Record<string, number> = {}): Schedule =>
  buildSchedule(
    { name, options: { warmup: 0, ...options }, origin: { file: '', start: 0, end: 0 } },
    4,
    10,
  );

describe('schedules of 4 epochs of 10 steps', () => {
  test('constant', () => {
    expect([0, 39].map(schedule('constant'))).toEqual([1, 1]);
  });
  test('cosine falls from 1 to the floor', () => {
    const factor = schedule('cosine', { floor: 0.1 });
    expect(factor(0)).toBe(1);
    expect(factor(20)).toBeCloseTo(0.55, 12);
    expect(factor(40)).toBeCloseTo(0.1, 12);
  });
  test('poly', () => {
    const factor = schedule('poly', { power: 2 });
    expect([0, 20, 30].map(factor)).toEqual([1, 0.25, 0.0625]);
  });
  test('step counts epochs', () => {
    const factor = schedule('step', { every: 2, factor: 0.1 });
    expect([0, 19, 20, 39].map(factor)).toEqual([1, 1, 0.1, 0.1]);
  });
  test('warm-up rises on a line, then the rest is spread over what remains', () => {
    const factor = schedule('cosine', { floor: 0, warmup: 1 });
    expect([0, 4, 9].map(factor)).toEqual([0.1, 0.5, 1]);
    expect(factor(10)).toBe(1);
    expect(factor(25)).toBeCloseTo(0.5, 12);
  });
  test('a warm-up longer than the training', () => {
    expect(schedule('poly', { power: 1, warmup: 9 })(39)).toBe(1);
  });
});

const origin = { file: '', start: 0, end: 0 };
const oracle = JSON.parse(readFileSync('test/oracles/schedules.json', 'utf8')) as {
  readonly epochs: number;
  readonly batches: number;
  readonly metrics: readonly number[];
  readonly schedules: readonly {
    readonly name: ScheduleName;
    readonly options: Readonly<Record<string, number | string | readonly number[]>>;
    readonly factors: readonly number[];
  }[];
  readonly plateaus: readonly {
    readonly options: Readonly<Record<string, number>>;
    readonly factors: readonly number[];
  }[];
};

describe('schedules of PyTorch', () => {
  test.each(oracle.schedules)('$name with $options', ({ name, options, factors }) => {
    const call = { name, options: { warmup: 0, ...options }, origin };
    const factor = buildSchedule(call, oracle.epochs, oracle.batches);
    for (const [step, expected] of factors.entries())
      expect(factor(step)).toBeCloseTo(expected, 12);
  });

  test.each(oracle.plateaus)('plateau with $options', ({ options, factors }) => {
    const call = { name: 'plateau', options, origin } as const;
    let state: PlateauState | undefined;
    let best: BestEpoch | undefined;
    for (const [epoch, value] of oracle.metrics.entries()) {
      const isBest = isBetterEpoch({ value }, best, false);
      if (isBest) best = { epoch: epoch + 1, metric: 'dice', value, unpredicted: [] };
      state = plateauAfter(call, state, isBest);
      expect(state!.factor).toBeCloseTo(factors[epoch]!, 12);
    }
    expect(plateauAfter({ ...call, name: 'constant' }, state, true)).toBeUndefined();
  });

  test('a rise of a single step, or over all of them, has no other side', () => {
    const cycle = (rise: number): readonly number[] => {
      const options = { rise, first: 0.5, last: 0.25, shape: 'linear' };
      const factor = buildSchedule({ name: 'one_cycle', options, origin }, 1, 5);
      return [0, 1, 2, 3, 4, 5].map(factor);
    };
    expect(cycle(0.2)).toEqual([1, 0.8125, 0.625, 0.4375, 0.25, 0.25]);
    expect(cycle(1).slice(0, 5)).toEqual([0.5, 0.625, 0.75, 0.875, 1]);
    expect(cycle(0).every(Number.isFinite)).toBe(true);
  });

  test('restarts begin after the warm-up', () => {
    const options = { every: 1, stretch: 1, floor: 0, warmup: 1 };
    const factor = buildSchedule({ name: 'cosine_restarts', options, origin }, 3, 4);
    expect([0, 3, 4, 6, 8].map(factor)).toEqual([0.25, 1, 1, expect.closeTo(0.5, 12), 1]);
  });
});

test('the clock estimates what is left from steps and validations', () => {
  let now = 0;
  const clock = new RunClock(0, () => now);
  now = 20;
  for (let step = 0; step < 10; step++) clock.addStep(4, 2);
  expect(clock.imagesPerSecond).toBe(2);
  expect(clock.secondsLeft(10, 10, 3)).toBe(40 + 2 * 4);
  clock.addValidation(5);
  expect(clock.secondsLeft(10, 10, 3)).toBe(40 + 2 * 5);
});

describe('progress', () => {
  test('seconds', () => {
    expect([0, 59.6, 61, 3723].map(formatSeconds)).toEqual(['0:00', '1:00', '1:01', '1:02:03']);
  });
  test('the bar fits the terminal', () => {
    const event = {
      kind: 'step',
      epoch: 2,
      epochs: 9,
      batch: 5,
      batches: 10,
      loss: 0.25,
      predicted: undefined,
      imagesPerSecond: 12.34,
      secondsLeft: 65,
    } as const;
    expect(renderBar(event, 'dice 0.9000', 120)).toBe(
      'epoch 2/9  ############............  loss 0.2500  dice 0.9000  12.3 images/s  1:05 left',
    );
    const several = { ...event, predicted: { head: 'mask', loss: 0.125 } };
    expect(renderBar(several, '', 120)).toContain('  loss of mask 0.1250  12.3 images/s');
    expect(renderBar(event, '', 40)!.length).toBe(39);
    expect(renderLines(event)).toEqual([]);
  });
});

import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { createPixels } from '../../../src/runtime/data/pixels.js';
import { startEngine } from '../../../src/runtime/engines/start-engine.js';
import { MetricSet } from '../../../src/runtime/metrics/metric-set.js';
import type { Evaluation } from '../../../src/runtime/prediction/evaluate.js';
import { evaluateSplit } from '../../../src/runtime/prediction/evaluate-split.js';
import { openRun } from '../../../src/runtime/prediction/open-run.js';
import { readCheckpoint } from '../../../src/runtime/runs/read-checkpoint.js';
import { checkFound, unpredictedClasses } from '../../../src/runtime/prediction/check-found.js';
import { isBetterEpoch } from '../../../src/runtime/training/best-epoch.js';
import { reportEpoch } from '../../../src/runtime/training/end-of-epoch.js';
import { compiled, openWorkshop, smallSpec, trained, type Workshop } from './support.js';

let workshop: Workshop;

beforeAll(async () => {
  await startEngine('wasm');
  workshop = await openWorkshop();
});
afterAll(() => workshop.remove());

test.each([
  ['dice', (value: number, best: number) => value > best],
  ['hausdorff', (value: number, best: number) => value < best],
])('the best epoch by %s is the one that has the best so far', async (metric, isBetter) => {
  const text = smallSpec
    .replace('metrics: [dice, iou]', `metrics: [${metric}]`)
    .replace('epochs: 2', 'epochs: 5');
  const { events } = await trained({
    data: workshop.data,
    out: join(workshop.folder, metric),
    run: compiled(text),
  });
  const epochs = events.flatMap((event) => (event.kind === 'epoch' ? [event] : []));
  expect(epochs).toHaveLength(5);
  let best: number | undefined;
  for (const { metrics, isBest } of epochs) {
    const [value] = [...metrics.values()].map(({ mean }) => mean);
    expect(isBest).toBe(best === undefined || isBetter(value!, best));
    if (isBest) best = value;
  }
  expect(new Set(epochs.map(({ isBest }) => isBest)).size).toBe(2);
});

test('of equal epochs the one with the lower validation loss is the best, then the earlier one', () => {
  const best = {
    ...{ epoch: 1, metric: 'dice', value: 0.5 },
    ...{ validationLoss: 1, unpredicted: [] },
  };
  const isBetter = (value: number | undefined, validationLoss?: number, isLower = false): boolean =>
    isBetterEpoch({ value, validationLoss }, best, isLower);
  expect(isBetter(0.6, 9)).toBe(true);
  expect(isBetter(0.4, 0)).toBe(false);
  expect(isBetter(0.4, 9, true)).toBe(true);
  expect(isBetter(0.5, 0.9)).toBe(true);
  expect(isBetter(0.5, 0.9, true)).toBe(true);
  expect(isBetter(0.5, 1)).toBe(false);
  expect(isBetter(0.5)).toBe(false);
  expect(isBetter(undefined, 0)).toBe(false);
  const without = { ...best, value: undefined };
  expect(isBetterEpoch({ value: 0, validationLoss: 9 }, without, false)).toBe(true);
  expect(isBetterEpoch({ validationLoss: 0.9 }, without, true)).toBe(true);
  expect(isBetterEpoch({ validationLoss: 1 }, without, true)).toBe(false);
  expect(isBetterEpoch({ value: 0 }, undefined, false)).toBe(true);
});

test('where validation masks are all background, false finds do not make an epoch the best', () => {
  const { recipe } = compiled();
  const progress = { epoch: 0, batch: 2, step: 2, lossSum: 1, outputLossSums: {} };
  const times = { imagesPerSecond: 1, seconds: 1, secondsLeft: 1 };
  const probabilities = createPixels(1, 4, 1);
  const validation = (found: number, loss: number): Evaluation => {
    const set = new MetricSet(recipe.metrics, 2);
    probabilities.data.fill(0).fill(1, 0, found);
    set.add(probabilities, { height: 1, width: 4, data: new Uint8Array(4) });
    const metrics = set.valuesOfSet();
    const none = { images: [], others: new Map(), targets: new Map(), diagnostics: [] };
    return { loss, metrics, counts: set.counts(), ...none };
  };
  const evaluated = { names: undefined, unit: 'pixel' } as const;
  const losses = { loss: 0.5, losses: undefined, predicted: undefined };
  const common = { recipe, evaluated, losses, progress, ...times };
  const first = reportEpoch({ ...common, validation: validation(0, 0.45), best: undefined });
  expect(first.best).toMatchObject({ epoch: 1, value: undefined, validationLoss: 0.45 });
  const next = { ...common, progress: { ...progress, epoch: 1 }, best: first.best };
  expect(reportEpoch({ ...next, validation: validation(1, 0.48) }).isBest).toBe(false);
  expect(reportEpoch({ ...next, validation: validation(1, 0.4) }).isBest).toBe(true);
});

test('a class that no pixel is predicted as is told with its share', () => {
  const counts = (truePositives: number, falsePositives: number, falseNegatives: number) => ({
    ...{ truePositives, falsePositives },
    falseNegatives,
  });
  const classes = [counts(90, 8, 0), counts(0, 0, 8), counts(0, 2, 2), counts(0, 0, 0)];
  expect(unpredictedClasses({ pixels: 100, right: 90, classes })).toEqual([
    { class: 1, pixels: 8, of: 100 },
  ]);
});

test.each([
  [0.01, 'pixel', /^Rare classes need weight: .* dice; .*\.$/],
  [0.01, 'image', /^Rare classes need weight: "class_weights" in a cross-entropy; .*\.$/],
  [
    0.5,
    'pixel',
    /^A class as common as this is missed by a network that has hardly learned: .*\.$/,
  ],
] as const)('a missed class with %d of all %ss has its own advice', (share, unit, advice) => {
  const missed = [{ class: 1, pixels: 1000 * share, of: 1000 }];
  const [found] = checkFound('run', missed, { names: undefined, unit });
  expect(found!.message).toContain(`found no ${unit} of the class "class 1"`);
  expect(found!.message).toContain(`% of the ${unit}s`);
  expect(found!.help).toEqual([expect.stringMatching(advice)]);
});

test('a run that finds nothing says so, and its best epoch has the lowest validation loss', async () => {
  // A learning rate of next to nothing: no pixel leaves the side of 0.5 that it starts on.
  const text = smallSpec
    .replace('conv(1, 1) -> sigmoid', 'conv(1, 1, bias: false) -> relu -> sigmoid')
    .replace('metrics: [dice, iou]', 'metrics: [dice(threshold: 0.9)]')
    .replace('adam(lr: 0.01)', 'sgd(lr: 0.0001)')
    .replace('epochs: 2', 'epochs: 4');
  const out = join(workshop.folder, 'nothing');
  const { events, diagnostics } = await trained({
    data: workshop.data,
    out,
    run: compiled(text),
  });
  const epochs = events.flatMap((event) => (event.kind === 'epoch' ? [event] : []));
  const [missed] = epochs[0]!.unpredicted;
  expect(missed?.pixels).toBeGreaterThan(0);
  expect(epochs.map(({ unpredicted }) => unpredicted)).toEqual(epochs.map(() => [missed]));
  const losses = epochs.map(({ validationLoss }) => validationLoss!);
  const { value: best } = await readCheckpoint(out, 'best');
  expect(best?.best?.epoch).toBe(1 + losses.indexOf(Math.min(...losses)));
  expect(diagnostics.map(({ code }) => code)).toEqual(['UNET6062']);
  // Evaluating it later says the same.
  const { value: run } = await openRun(out);
  const measured = await evaluateSplit(run!, workshop.data, 'val');
  expect(measured.diagnostics.map(({ message }) => message)).toEqual([diagnostics[0]!.message]);
});

test('a loss with weight maps is the same later: its balance is that of the training masks', async () => {
  const out = join(workshop.folder, 'borders');
  const text = smallSpec.replace('loss: bce + dice', 'loss: bce * borders');
  const run = compiled(text, { epochs: 1 });
  const { events } = await trained({ data: workshop.data, out, run });
  const [told] = events.flatMap((event) => (event.kind === 'epoch' ? [event.validationLoss] : []));
  const { value: opened } = await openRun(out);
  const { classPixels } = opened!.checkpoint.preprocessing;
  expect(classPixels).toHaveLength(2);
  const { value } = await evaluateSplit(opened!, workshop.data, 'val');
  expect(value!.loss).toBeCloseTo(told!, 5);
  // Without what the checkpoint says, the balance is that of the split.
  const older = { ...opened!, found: { ...opened!.found, classPixels: undefined } };
  const alone = await evaluateSplit(older, workshop.data, 'val');
  expect(Math.abs(alone.value!.loss! - told!)).toBeGreaterThan(1e-4);
});

test('what is warned of comes before the first step, and once', async () => {
  const out = join(workshop.folder, 'warned');
  const { events, diagnostics } = await trained({
    data: workshop.data,
    out,
    run: compiled(smallSpec, { epochs: 1, batch: 6 }),
  });
  const kinds = events.map(({ kind }) => kind);
  expect(kinds.slice(0, 3)).toEqual(['data', 'warnings', 'start']);
  expect(kinds.filter((kind) => kind === 'warnings')).toHaveLength(1);
  const warned = events.flatMap((event) => (event.kind === 'warnings' ? event.diagnostics : []));
  expect(warned.map(({ code }) => code)).toContain('UNET6114');
  expect(diagnostics.slice(0, warned.length)).toEqual(warned);
});

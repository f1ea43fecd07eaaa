import type { StoredEvaluation, StoredMetrics } from '../../../src/runtime/runs/evaluation-file.js';
import type { LogEntry } from '../../../src/runtime/runs/log-entry.js';
import { curvesOf } from '../../../src/runtime/report/gather/read-curves.js';
import type { RunReport } from '../../../src/runtime/report/run-report.js';

/** Reports that no training made, for tests of how they are shown. */

const digest = 'a'.repeat(64);

/** A WebP of one pixel. */
export const pixel = 'UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA=';

export const classNames = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, c) => `class ${c}`);

/** The log of some epochs of two steps each. */
export function fabricatedLog(epochs: number, classCount = 2): readonly LogEntry[] {
  return Array.from({ length: epochs }, (_, at): readonly LogEntry[] => {
    const epoch = at + 1;
    const value = 1 - 1 / (epoch + 1);
    const classes = Array.from({ length: classCount }, (_, c) => value - c / 100);
    return [
      ...[2 * at + 1, 2 * at + 2].map((step): LogEntry => ({
        ...{ kind: 'step', epoch, step, loss: 1 / step, learningRate: 0.001 },
        ...{ images: 2, seconds: 0.5 },
      })),
      {
        ...{ kind: 'epoch', epoch, step: 2 * epoch, loss: 1 / epoch, isBest: true },
        ...{ imagesPerSecond: 4, seconds: 2 },
        validation: { loss: 2 / epoch, metrics: { dice: { mean: value, classes } } },
      },
    ];
  }).flat();
}

/** An evaluation of some images in some classes. */
export function fabricatedEvaluation(
  images = 3,
  classes: readonly string[] = classNames(2),
): StoredEvaluation {
  const metrics = (value: number): StoredMetrics => ({
    dice: { mean: value, classes: classes.map(() => value) },
  });
  return {
    ...{ kind: 'unetc-evaluation', run: digest, epoch: 1, weights: digest, data: digest },
    ...{ head: 'mask', classes, loss: 0.5, metrics: metrics(0.75) },
    colours: classes.map((_, c) => (c === 0 ? null : '#e69f00')),
    images: Array.from({ length: images }, (_, at) => ({
      name: `image-${at}`,
      loss: 0.5,
      metrics: metrics(at / images),
    })),
    confusion: classes.map((_, c) => classes.map((_, d) => (c === d ? 900 : 100))),
    calibration: [
      { class: 1, bins: [null, { count: 5, probability: 0.4, right: 0.6 }], error: 0.2 },
    ],
    samples: [
      {
        ...{ name: 'image-0', kind: 'worst', width: 1, height: 1 },
        ...{ image: pixel, truth: pixel, prediction: pixel },
      },
    ],
    machine: { system: 'linux x64', processor: 'A processor', cores: 2, bytes: 2 ** 33 },
    seconds: 1.5,
  };
}

/** A report with nothing but what is given. */
export function fabricatedReport(given: Partial<RunReport> = {}): RunReport {
  return {
    ...{ name: 'cells', model: 'Small', spec: 'model Small {}' },
    progress: { epochs: 1, planned: 2, steps: 2 },
    best: { epoch: 1, metric: 'dice', value: 0.75, validationLoss: 0.5, unpredicted: [] },
    classes: classNames(2),
    curves: curvesOf(fabricatedLog(1)),
    settings: [{ name: 'optimizer', value: 'adam(lr: 0.001)' }],
    environment: [{ name: 'unetc', value: '0.1.0' }],
    network: undefined,
    data: [],
    evaluation: undefined,
    ...given,
  };
}

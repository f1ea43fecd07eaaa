import { join } from 'node:path';
import { FileError, isObject, readBytesSync } from '../../../files/index.js';
import type { LogEntry, LoggedValidation } from '../../runs/log-entry.js';
import { logFile } from '../../runs/run-folder.js';

/** A value, or null where it was no number. */
type Value = number | null;

/** A metric over the epochs. */
export interface MetricCurve {
  readonly name: string;
  readonly mean: readonly Value[];
  /** By class, then by epoch. */
  readonly classes: readonly (readonly Value[])[];
}

/** What the log of a run says, by epoch and by step. */
export interface Curves {
  /** The epochs that have ended, counted from 1. */
  readonly epochs: readonly number[];
  /** What is minimised of the head that is predicted, the mean over the training batches. */
  readonly loss: readonly Value[];
  readonly validationLoss: readonly Value[];
  readonly metrics: readonly MetricCurve[];
  /** Of each epoch, validation included. */
  readonly seconds: readonly number[];
  /** Training images a second at the end of the last epoch. */
  readonly imagesPerSecond: number | undefined;
  /** Of the training part of all epochs. */
  readonly stepSeconds: number;
  readonly steps: {
    /** The number of the step; where steps are many, of the last one of a group. */
    readonly step: readonly number[];
    /** Of the batch; the mean of a group. */
    readonly loss: readonly Value[];
    readonly learningRate: readonly Value[];
  };
  /** What changed when the run went on, in words. */
  readonly changes: readonly { readonly epoch: number; readonly what: readonly string[] }[];
}

/** Steps are summed up in so many groups at most: more do not show. */
const mostSteps = 1500;

type EpochEntry = Extract<LogEntry, { kind: 'epoch' }>;
type StepEntry = Extract<LogEntry, { kind: 'step' }>;

/** Reads the log of a run, without yielding; lines that are no entries are passed over. */
export function readCurves(run: string): Curves {
  return curvesOf(readLog(run));
}

/** The entries of `log.jsonl`; none where there is no log. */
function readLog(run: string): readonly LogEntry[] {
  try {
    const text = readBytesSync(join(run, logFile), 'log').toString('utf8');
    return text.split('\n').flatMap(entryOf);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

function entryOf(line: string): readonly LogEntry[] {
  try {
    const entry = JSON.parse(line) as unknown;
    return isObject(entry) && isEntry(entry) ? [entry as unknown as LogEntry] : [];
  } catch {
    return [];
  }
}

/** Whether what is read of an entry is there: people may have changed the log. */
function isEntry({
  kind,
  epoch,
  step,
  validation,
  what,
}: Readonly<Record<string, unknown>>): boolean {
  if (!Number.isInteger(epoch) || !Number.isInteger(step)) return false;
  if (kind === 'changed') return Array.isArray(what);
  if (kind !== 'epoch') return true;
  if (!isObject(validation) || !isObject(validation['metrics'])) return false;
  const metrics = Object.values(validation['metrics']);
  return metrics.every((metric) => isObject(metric) && Array.isArray(metric['classes']));
}

/** Sums up the entries of a log. */
export function curvesOf(entries: readonly LogEntry[]): Curves {
  const epochs = entries.filter((entry): entry is EpochEntry => entry.kind === 'epoch');
  const steps = entries.filter((entry): entry is StepEntry => entry.kind === 'step');
  const names = Object.keys(metricsOf(epochs.at(-1)?.validation));
  return {
    epochs: epochs.map(({ epoch }) => epoch),
    loss: epochs.map(({ loss, losses, validation: { head } }) =>
      valueOf((head === undefined ? undefined : losses?.[head]) ?? loss),
    ),
    validationLoss: epochs.map(({ validation }) => valueOf(validation.loss)),
    metrics: names.map((name) => metricCurve(name, epochs)),
    seconds: epochs.map(({ seconds }) => seconds),
    imagesPerSecond: epochs.at(-1)?.imagesPerSecond,
    stepSeconds: steps.reduce((sum, { seconds }) => sum + seconds, 0),
    steps: thinned(steps),
    changes: entries.flatMap((entry) =>
      entry.kind === 'changed' ? [{ epoch: entry.epoch, what: entry.what }] : [],
    ),
  };
}

/** The metrics of a validation; those of heads with targets of their own behind the names of these. */
function metricsOf(validation: LoggedValidation | undefined): LoggedValidation['metrics'] {
  const own = Object.entries(validation?.targets ?? {}).flatMap(([head, metrics]) =>
    Object.entries(metrics).map(([name, value]) => [`${head} ${name}`, value] as const),
  );
  return { ...validation?.metrics, ...Object.fromEntries(own) };
}

function metricCurve(name: string, epochs: readonly EpochEntry[]): MetricCurve {
  const values = epochs.map(({ validation }) => metricsOf(validation)[name]);
  const count = Math.max(0, ...values.map((value) => value?.classes.length ?? 0));
  return {
    name,
    mean: values.map((value) => valueOf(value?.mean)),
    classes: Array.from({ length: count }, (_, c) =>
      values.map((value) => valueOf(value?.classes[c])),
    ),
  };
}

function thinned(steps: readonly StepEntry[]): Curves['steps'] {
  const size = Math.max(1, Math.ceil(steps.length / mostSteps));
  const groups = Array.from({ length: Math.ceil(steps.length / size) }, (_, at) =>
    steps.slice(at * size, (at + 1) * size),
  );
  return {
    step: groups.map((group) => group.at(-1)!.step),
    loss: groups.map((group) => meanOf(group.map(({ loss }) => valueOf(loss)))),
    learningRate: groups.map((group) => valueOf(group.at(-1)!.learningRate)),
  };
}

function meanOf(values: readonly Value[]): Value {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0) / known.length;
}

const valueOf = (value: number | null | undefined): Value =>
  typeof value === 'number' && Number.isFinite(value) ? value : null;

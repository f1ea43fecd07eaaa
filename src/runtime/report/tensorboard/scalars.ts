import { nameOfClass } from '../../data/class-names.js';
import type { LogEntry } from '../../runs/log-entry.js';

/** A number with the name that TensorBoard shows. */
export interface Scalar {
  readonly tag: string;
  readonly value: number;
}

/** The numbers of a line of the log; those that are none are left out. */
export function scalarsOf(entry: LogEntry): readonly Scalar[] {
  const scalars: readonly (readonly [string, number | null | undefined])[] =
    entry.kind === 'step'
      ? [
          ['loss/step', entry.loss],
          ['learning rate', entry.learningRate],
        ]
      : entry.kind === 'epoch'
        ? scalarsOfEpoch(entry)
        : [];
  return scalars.flatMap(([tag, value]) =>
    typeof value === 'number' && Number.isFinite(value) ? [{ tag, value }] : [],
  );
}

function scalarsOfEpoch({
  epoch,
  loss,
  losses = {},
  validation,
  imagesPerSecond,
}: Extract<LogEntry, { kind: 'epoch' }>): readonly (readonly [string, number | null])[] {
  const metrics = Object.entries(validation.metrics).flatMap(([name, { mean, classes }]) => [
    [`metrics/${name}`, mean] as const,
    ...classes.map(
      (value, c) => [`${name} by class/${nameOfClass(c, validation.classes)}`, value] as const,
    ),
  ]);
  return [
    ['epoch', epoch],
    ['loss/training', loss],
    ...Object.entries(losses).map(([head, each]) => [`loss/training of ${head}`, each] as const),
    ['loss/validation', validation.loss],
    ...metrics,
    ...Object.entries(validation.targets ?? {}).flatMap(([head, own]) =>
      Object.entries(own).map(([name, { mean }]) => [`metrics/${head} ${name}`, mean] as const),
    ),
    ['images per second', imagesPerSecond],
  ];
}

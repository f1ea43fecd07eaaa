import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os';
import type { Result } from '../../../diagnostics/diagnostic.js';
import { nameOfClass } from '../../data/class-names.js';
import type { ObjectScores } from '../../instances/object-counter.js';
import { isLowerBetter } from '../../../ir/metric-options.js';
import { evaluateSplit } from '../../prediction/evaluate-split.js';
import { legendOf } from '../../prediction/legend.js';
import type { TrainedRun } from '../../prediction/open-run.js';
import type { PredictionEngine } from '../../prediction/window-network.js';
import type { Checkpoint } from '../../runs/checkpoint.js';
import type {
  EvaluatedSample,
  EvaluationMachine,
  StoredEvaluation,
  StoredMetrics,
  StoredObjects,
} from '../../runs/evaluation-file.js';
import { logMetrics } from '../../runs/log-entry.js';
import type { MetricValues } from '../../metrics/metric-set.js';
import { RunObserver } from './run-observer.js';
import { encodeSample } from './sample-picture.js';
import { encodeValues } from './value-picture.js';
import { formOf } from '../../../ir/target.js';

/** How a run is evaluated. */
export interface EvaluateRunOptions {
  /** What predicts; the engine of TensorFlow.js in use unless given. */
  readonly engine?: PredictionEngine | undefined;
  readonly onImage?: (done: number, total: number) => void;
  /** Ends the evaluation early; the value is undefined then. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Predicts the validation images of a folder with the best weights of a run and sums up what
 * they do. Undefined where the data have faults, which are reported.
 */
export async function evaluateRun(
  trained: TrainedRun,
  data: string,
  { engine, onImage, signal }: EvaluateRunOptions = {},
): Promise<Result<StoredEvaluation | undefined>> {
  const started = performance.now();
  const { run, network, checkpoint } = trained;
  const { head } = network;
  const { metrics, classes, colours } = run.recipe;
  const observer = new RunObserver({
    head,
    isLowerBetter: metrics[0] !== undefined && isLowerBetter(metrics[0].name),
    shown: new Set(
      Object.entries(run.recipe.data.targets).flatMap(([name, target]) =>
        formOf(target) === 'classes' ? [] : name,
      ),
    ),
  });
  const options = { engine, observer, ...(onImage && { onImage }), ...(signal && { signal }) };
  const { value, diagnostics } = await evaluateSplit(trained, data, 'val', options);
  if (value === undefined || signal?.aborted === true) return { value: undefined, diagnostics };
  const samples: EvaluatedSample[] = [];
  for (const { kind, value } of observer.samples()) {
    const { name, picture } = value;
    const targets = await Promise.all(value.targets.map(encodeValues));
    const pictures = await encodeSample(picture, colours);
    samples.push({ name, kind, ...pictures, ...(targets.length > 0 && { targets }) });
  }
  const legend = legendOf(head.classCount, { classes, colours });
  const evaluation: StoredEvaluation = {
    ...{ kind: 'unetc-evaluation', run: checkpoint.run, epoch: checkpoint.progress.epoch },
    ...identityOf(checkpoint),
    head: head.name,
    classes: Array.from({ length: head.classCount }, (_, index) => nameOfClass(index, classes)),
    colours: legend.map(({ colour }) => colour ?? null),
    loss: measured(value.loss),
    metrics: stored(value.metrics),
    ...storedTargets(value.targets),
    ...(value.objects && { objects: storedObjects(value.objects) }),
    images: value.images.map((image) => ({
      name: image.name,
      loss: measured(image.loss),
      metrics: stored(image.metrics),
      ...storedTargets(image.targets),
      ...(image.objects && { objects: storedObjects(image.objects) }),
    })),
    confusion: observer.confusion(),
    calibration: observer.calibration(),
    samples: withinBudget(samples),
    machine: describeMachine(),
    seconds: Math.round(performance.now() - started) / 1000,
  };
  return { value: evaluation, diagnostics };
}

/** Characters of pictures at most, so that the report stays a page that opens at once. */
const budget = 3.5e6;

/** Pictures of noise take most: then fewer are kept, of each kind the first ones. */
function withinBudget(samples: readonly EvaluatedSample[]): readonly EvaluatedSample[] {
  const rankOf = (sample: EvaluatedSample): number =>
    samples.filter(({ kind }) => kind === sample.kind).indexOf(sample);
  let left = budget;
  const kept = new Set(
    [...samples]
      .sort((a, b) => rankOf(a) - rankOf(b))
      .filter(({ image, truth = '', prediction = '', targets = [] }) => {
        const values = targets.map((each) => each.truth.length + each.prediction.length);
        const own = image.length + truth.length + prediction.length;
        left -= values.reduce((sum, length) => sum + length, own);
        return left >= 0;
      }),
  );
  return samples.filter((sample) => kept.has(sample));
}

/** Whether an evaluation is of the weights of a checkpoint, and of the data that it was measured on. */
export function isEvaluationOf(evaluation: StoredEvaluation, checkpoint: Checkpoint): boolean {
  const { weights, data } = identityOf(checkpoint);
  return evaluation.weights === weights && evaluation.data === data;
}

function identityOf({
  stored: model,
  conditions,
}: Checkpoint): Pick<StoredEvaluation, 'weights' | 'data'> {
  const { weightsFile } = model.userDefinedMetadata.unetc;
  return { weights: weightsFile.sha256, data: conditions.data };
}

const measured = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

function stored(values: MetricValues): StoredMetrics {
  const plain = Object.entries(logMetrics(values));
  const finite = (value: number | null): number | null => measured(value ?? undefined);
  return Object.fromEntries(
    plain.map(([name, { mean, classes }]) => [
      name,
      { mean: finite(mean), classes: classes.map(finite) },
    ]),
  );
}

/** Those of heads with targets of their own, by name; nothing where there are none. */
function storedTargets(
  targets: ReadonlyMap<string, MetricValues>,
): Pick<StoredEvaluation, 'targets'> {
  if (targets.size === 0) return {};
  const entries = [...targets].map(([head, values]) => [head, stored(values)] as const);
  return { targets: Object.fromEntries(entries) };
}

const storedObjects = ({
  true: there,
  found,
  ap50,
  ap,
  pq,
  dice,
}: ObjectScores): StoredObjects => ({
  ...{ true: there, found, ap50: measured(ap50), ap: measured(ap), pq: measured(pq) },
  dice: measured(dice),
});

function describeMachine(): EvaluationMachine {
  return {
    system: `${platform()} ${arch()}`,
    processor: cpus()[0]?.model.trim() ?? '',
    cores: availableParallelism(),
    bytes: totalmem(),
  };
}

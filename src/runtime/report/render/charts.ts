import type { Chart, ChartSeries } from '../chart.js';
import type { Curves, MetricCurve } from '../gather/read-curves.js';
import type { RunReport } from '../run-report.js';

/** Classes of which a chart shows a line each; a table has those of more. */
const mostLines = 24;

const solid = (label: string, values: ChartSeries['values'], colour: number): ChartSeries => ({
  label,
  values,
  colour,
  line: 'solid',
});

/** The charts of one run: losses and metrics by epoch, what is known by step. */
export function chartsOfRun({
  curves,
  classes,
}: Pick<RunReport, 'curves' | 'classes'>): readonly Chart[] {
  const { epochs, metrics } = curves;
  const x = { label: 'epoch', values: epochs };
  const [first] = metrics;
  const byEpoch: readonly Chart[] = [
    {
      ...{ id: 'loss', title: 'Loss', x, y: {} },
      series: [solid('training', curves.loss, 0), solid('validation', curves.validationLoss, 1)],
    },
    ...metricCharts(curves),
    // Of two classes, the foreground is what the mean is of.
    ...(first === undefined || first.classes.length < 3
      ? []
      : [classChart(first, curves, classes)]),
  ];
  return [...byEpoch, ...stepCharts(curves)];
}

/** Metrics from 0 to 1 together, distances each for itself. */
function metricCharts({ epochs, metrics }: Curves): readonly Chart[] {
  const x = { label: 'epoch', values: epochs };
  const parts = metrics.filter(isPart);
  const together: Chart = {
    ...{ id: 'metrics', title: 'Metrics on validation images', x, y: {} },
    series: parts.map(({ name, mean }, at) => solid(name, mean, at + 1)),
  };
  const alone = metrics
    .filter((metric) => !isPart(metric))
    .map(({ name, mean }, at): Chart => ({
      ...{ id: `distance-${at}`, title: `${name} on validation images`, x, y: {} },
      series: [solid(name, mean, 1)],
    }));
  return [...(parts.length === 0 ? [] : [together]), ...alone];
}

/** Whether all values of a metric are parts of one. */
function isPart({ mean, classes }: MetricCurve): boolean {
  return [mean, ...classes].every((values) =>
    values.every((value) => value === null || value <= 1),
  );
}

function classChart(
  { name, classes: values }: MetricCurve,
  { epochs }: Curves,
  classes: readonly string[],
): Chart {
  return {
    ...{ id: 'classes', title: `${name} by class`, y: {} },
    x: { label: 'epoch', values: epochs },
    series: values.slice(0, mostLines).map((each, c) => solid(classes[c] ?? `class ${c}`, each, c)),
  };
}

function stepCharts({ steps }: Curves): readonly Chart[] {
  if (steps.step.length === 0) return [];
  const x = { label: 'step', values: steps.step };
  return [
    {
      ...{ id: 'steps', title: 'Loss of single steps', x, y: {} },
      series: [{ label: 'training', values: steps.loss, colour: 0, line: 'faint' }],
    },
    {
      ...{ id: 'rate', title: 'Learning rate', x, y: {} },
      series: [solid('learning rate', steps.learningRate, 2)],
    },
  ];
}

/** The charts of several runs: each loss and metric with a line for each run. */
export function chartsOfRuns(runs: readonly RunReport[]): readonly Chart[] {
  const last = Math.max(0, ...runs.flatMap(({ curves }) => curves.epochs));
  const epochs = Array.from({ length: last }, (_, at) => at + 1);
  const x = { label: 'epoch', values: epochs };
  /** The values of a run at every epoch of the chart. */
  const placed = (
    { epochs: own }: Curves,
    values: ChartSeries['values'],
  ): ChartSeries['values'] => {
    const byEpoch = new Map(own.map((epoch, at) => [epoch, values[at] ?? null]));
    return epochs.map((epoch) => byEpoch.get(epoch) ?? null);
  };
  const lines = (
    valuesOf: (curves: Curves) => ChartSeries['values'] | undefined,
  ): readonly ChartSeries[] =>
    runs.flatMap(({ name, curves }, at) => {
      const values = valuesOf(curves);
      return values === undefined ? [] : [solid(name, placed(curves, values), at)];
    });
  const names = new Set(runs.flatMap(({ curves }) => curves.metrics.map(({ name }) => name)));
  return [
    {
      ...{ id: 'validation-loss', title: 'Validation loss', x, y: {} },
      series: lines(({ validationLoss }) => validationLoss),
    },
    {
      ...{ id: 'training-loss', title: 'Training loss', x, y: {} },
      series: lines(({ loss }) => loss),
    },
    ...[...names].map((name, at): Chart => ({
      ...{ id: `metric-${at}`, title: `${name} on validation images`, x, y: {} },
      series: lines(({ metrics }) => metrics.find((metric) => metric.name === name)?.mean),
    })),
  ];
}

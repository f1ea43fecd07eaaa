import { printNumber } from '../../../python/formulas.js';
import { layOut } from '../../../python/layout.js';
import { stringText } from '../../../python/docstring.js';
import {
  needsForeground,
  readMetricOptions,
  type MetricOptions,
} from '../../../../ir/metric-options.js';
import type { ComponentCall, MetricName } from '../../../../ir/recipe.js';
import type { Training } from '../trained-model.js';
import { metricHelper, metricHelpers, type MetricHelper } from './helpers.js';
import { hasLikeliest, type MeasuredHead } from './probability-helpers.js';

/** A metric of a recipe with what its options say. */
interface MetricCall extends MetricOptions {
  readonly name: MetricName;
  /** Whether it says nothing of masks that are all background. */
  readonly needsForeground: boolean;
}

const readMetric = (call: ComponentCall<MetricName>): MetricCall => ({
  ...readMetricOptions(call),
  name: call.name,
  needsForeground: needsForeground(call),
});

/** Rows that an image adds to, one value a class: what counts are taken of. */
interface Rows {
  readonly name: string;
  readonly count: number;
  /** What one image adds, from `p`, `predicted` and `mask`. */
  readonly text: string;
}

/**
 * Writes `measure`, what one image adds to the sums that metrics are made of,
 * and `metrics_of`, the metrics from those sums: sums of images and of processes add up, so
 * neither order nor number changes a value. The first rows are the counts of masks as they
 * are painted, by the threshold of the first metric.
 */
export function writeMetrics(training: Training): WrittenMetrics {
  return new MetricWriter(training).write();
}

/** The metrics of a file. */
export interface WrittenMetrics {
  readonly functions: readonly (readonly string[])[];
  /** How many rows `measure` gives. */
  readonly rows: number;
}

class MetricWriter {
  readonly #training: Training;
  readonly #calls: readonly MetricCall[];
  readonly #helpers = new Set<MetricHelper>(['metric_of']);
  readonly #rows: Rows[] = [];

  constructor(training: Training) {
    this.#training = training;
    this.#calls = training.model.recipe.metrics.map(readMetric);
  }

  write(): WrittenMetrics {
    const [first] = this.#calls;
    const painted = this.#counts(first?.threshold ?? 0.5, false);
    const values = this.#calls.map((call) => [call, this.#valueOf(call)] as const);
    const own = [this.#measureLines(), this.#metricLines(values, painted)];
    const helpers = metricHelpers
      .filter((name) => this.#helpers.has(name))
      .flatMap((name) =>
        metricHelper(name, this.#head)
          .trimEnd()
          .split('\n\n\n')
          .map((text) => text.split('\n')),
      );
    const rows = this.#rows.reduce((sum, { count }) => sum + count, 0);
    return { functions: [...own, ...helpers], rows };
  }

  /** The rows of counts of a threshold, or of probabilities. */
  #counts(threshold: number, isSoft: boolean): Rows {
    const { classifiesImages } = this.#training.main;
    const predicted = this.#predicted(threshold);
    const text = classifiesImages
      ? `${this.#helper('classified_counts_of')}(${isSoft ? 'p' : predicted}, mask)`
      : isSoft
        ? `${this.#helper('soft_counts_of')}(p, mask)`
        : `${this.#helper('counts_of')}(${predicted}, mask)`;
    return this.#row(isSoft ? 'soft' : 'counts', classifiesImages ? 4 : 3, text);
  }

  #row(wanted: string, count: number, text: string): Rows {
    const known = this.#rows.find((each) => each.text === text);
    if (known !== undefined) return known;
    const alike = this.#rows.filter(({ name }) => name.replace(/_\d+$/, '') === wanted).length;
    const made = { name: alike === 0 ? wanted : `${wanted}_${alike + 1}`, count, text };
    this.#rows.push(made);
    return made;
  }

  /** The predicted classes, or what is told of an image. */
  #predicted(threshold: number): string {
    const { channels, classifiesImages, activation } = this.#training.main;
    const limit = printNumber(threshold);
    if (!classifiesImages) return channels === 1 ? `(p[:, 0] > ${limit}).long()` : 'p.argmax(1)';
    const isExclusive = activation === 'softmax' && channels > 1;
    return isExclusive ? `F.one_hot(p.flatten(1).argmax(1), ${channels})` : `p > ${limit}`;
  }

  /** The metric from its rows. */
  #valueOf(call: MetricCall): { readonly rows: Rows; readonly text: string } {
    const whole = this.#wholeOf(call);
    if (whole !== undefined) return whole;
    const counts = this.#counts(call.threshold, call.soft);
    if (!call.perImage) {
      return { rows: counts, text: `metric_of(${this.#fraction(call, counts.name)})` };
    }
    const own = this.#helper('of_image');
    // Counts of the image alone; the rows above add up.
    const text = `${own}(${this.#fraction(call, `one_${counts.name}`)})`;
    const rows = this.#row(`${call.name}_of_images`, 2, text);
    return { rows, text: `${this.#helper('mean_of')}(${rows.name})` };
  }

  /** A metric that looks at places, or at probabilities as they are. */
  #wholeOf(call: MetricCall): { readonly rows: Rows; readonly text: string } | undefined {
    const outlines = outlineMeasures[call.name]?.(call);
    if (outlines !== undefined) {
      if (call.name === 'boundary_f1') this.#helper('f1_of');
      const predicted = this.#predicted(call.threshold);
      const text = `${this.#helper('distances_of')}(${predicted}, mask, ${outlines})`;
      const rows = this.#row('distances', 2, text);
      return { rows, text: `${this.#helper('mean_of')}(${rows.name})` };
    }
    if (call.name === 'auc') {
      this.#helper('chances_of');
      const rows = this.#row('ranks', 29_700, `${this.#helper('ranks_of')}(p, mask)`);
      return { rows, text: `${this.#helper('areas_of')}(${rows.name})` };
    }
    if (call.name === 'calibration_error') {
      this.#helper('chances_of');
      const count = (hasLikeliest(this.#head) ? 6 : 3) * call.bins;
      const rows = this.#row('bins', count, `${this.#helper('bins_of')}(p, mask, ${call.bins})`);
      return { rows, text: `${this.#helper('calibration_of')}(${rows.name})` };
    }
    return undefined;
  }

  get #head(): MeasuredHead {
    const { classes, main } = this.#training;
    const { channels, classifiesImages } = main;
    return { channels, classes, classifiesImages };
  }

  #fraction({ name, epsilon }: MetricCall, rows: string): string {
    const [tp, fp, fn] = this.#parts(rows);
    const e = epsilon === 0 ? '' : ` + ${printNumber(epsilon)}`;
    const all = this.#training.main.classifiesImages ? `${rows}[3, 0]` : `(${tp} + ${fn}).sum()`;
    switch (name) {
      case 'dice':
        return `2 * ${tp}${e}, 2 * ${tp} + ${fp} + ${fn}${e}`;
      case 'iou':
        return `${tp}${e}, ${tp} + ${fp} + ${fn}${e}`;
      case 'precision':
        return `${tp}, ${tp} + ${fp}`;
      case 'recall':
        return `${tp}, ${tp} + ${fn}`;
      case 'specificity':
        return `${all} - ${tp} - ${fp} - ${fn}, ${all} - ${tp} - ${fn}`;
      case 'accuracy':
        return `${all} - ${fp} - ${fn}, torch.ones_like(${tp}) * ${all}`;
      default:
        throw new Error(`"${name}" is not made of counts`);
    }
  }

  /** True and false positives and false negatives of counts. */
  #parts(rows: string): readonly [string, string, string] {
    if (this.#isPlain && rows === 'counts') return ['tp', 'fp', 'fn'];
    return [`${rows}[0]`, `${rows}[1]`, `${rows}[2]`];
  }

  /** Whether all metrics are of the same counts of pixels. */
  get #isPlain(): boolean {
    return (
      !this.#training.main.classifiesImages && this.#calls.every((call) => this.#isOfPainted(call))
    );
  }

  #isOfPainted({ name, threshold, soft, perImage }: MetricCall): boolean {
    const isSame = this.#predicted(threshold) === this.#predicted(this.#calls[0]!.threshold);
    return isSame && !soft && !perImage && isCounted(name);
  }

  #measureLines(): readonly string[] {
    const rows = this.#rows.reduce((sum, { count }) => sum + count, 0);
    const doc = `What one image adds to the sums that metrics are made of: [${rows}, classes].`;
    const head = ['def measure(p: Tensor, mask: Tensor) -> Tensor:', `    """${doc}"""`];
    const [only] = this.#rows;
    if (this.#rows.length === 1) return [...head, ...layOut(4, `return ${only!.text}`)];
    const lines = this.#rows.flatMap(({ name, text }) => layOut(4, `one_${name} = ${text}`));
    const names = this.#rows.map(({ name }) => `one_${name}`).join(', ');
    return [...head, ...lines, ...layOut(4, `return torch.cat([${names}])`)];
  }

  #metricLines(
    values: readonly (readonly [MetricCall, { readonly text: string }])[],
    painted: Rows,
  ): readonly string[] {
    const open =
      this.#rows.length === 1
        ? this.#isPlain
          ? ['    tp, fp, fn = counts']
          : []
        : this.#rows.map(({ name, count }, at) => {
            const before = this.#rows.slice(0, at).reduce((sum, each) => sum + each.count, 0);
            return `    ${name} = sums[${before}:${before + count}]`;
          });
    const parameter = this.#rows.length === 1 ? painted.name : 'sums';
    const fields = values.flatMap(([{ label }, { text }]) =>
      layOut(8, `${stringText(label)}: ${text},`),
    );
    const classifies = this.#training.main.classifiesImages;
    const right = classifies
      ? { over: (rows: string) => `${rows}[3, 1]`, under: (rows: string) => `${rows}[3, 0]` }
      : {
          over: (rows: string) => `${this.#parts(rows)[0]}.sum()`,
          under: (rows: string) => `(${this.#parts(rows)[0]} + ${this.#parts(rows)[2]}).sum()`,
        };
    const accuracies = this.#calls
      .filter(({ name }) => name === 'accuracy')
      .flatMap((call) => {
        const { name } = this.#counts(call.threshold, call.soft);
        const share = `(${right.over(name)} / ${right.under(name)}).item()`;
        return [
          ...layOut(4, `if ${right.under(name)} > 0:`),
          ...layOut(8, `metrics[${stringText(call.label)}]["mean"] = ${share}`),
        ];
      });
    const searching = this.#calls.filter(({ needsForeground }) => needsForeground);
    const [right1, , missed] = this.#parts(painted.name);
    const there = `(${right1} + ${missed})[1:].any()`;
    const none =
      searching.length === 0
        ? []
        : [
            `    if not ${there}:  # nothing was to be found`,
            ...tupleLines(
              8,
              'for name in (',
              searching.map(({ label }) => stringText(label)),
              '):',
            ),
            '            metrics[name]["mean"] = None',
          ];
    return [
      `def metrics_of(${parameter}: Tensor) -> dict[str, Metric]:`,
      '    """The metrics of a set of images, by name."""',
      ...open,
      '    metrics = {',
      ...fields,
      '    }',
      ...accuracies,
      ...none,
      '    return metrics',
    ];
  }

  #helper(name: MetricHelper): MetricHelper {
    this.#helpers.add(name);
    return name;
  }
}

/** Whether a metric is a fraction of counts. */
const isCounted = (name: MetricName): boolean =>
  ['dice', 'iou', 'precision', 'recall', 'specificity', 'accuracy'].includes(name);

/** What is measured in the distances between outlines, there and back. */
const outlineMeasures: Partial<Readonly<Record<MetricName, (call: MetricCall) => string>>> = {
  hausdorff: ({ percentile }) =>
    `lambda *ways: torch.cat(ways).quantile(${printNumber(percentile / 100)})`,
  surface_distance: () => 'lambda *ways: torch.cat(ways).mean()',
  boundary_f1: ({ tolerance }) =>
    `lambda there, back: f1_of(there, back, ${printNumber(tolerance)}), 0.0`,
};

/** A tuple between two texts, on one line or with a line for each part, as ruff's formatter has it. */
function tupleLines(
  indent: number,
  before: string,
  parts: readonly string[],
  after: string,
): readonly string[] {
  const margin = ' '.repeat(indent);
  const line = `${margin}${before}${parts.join(', ')}${parts.length === 1 ? ',' : ''}${after}`;
  if (line.length <= 88) return [line];
  return [
    `${margin}${before}`,
    ...parts.map((part) => `${margin}    ${part},`),
    `${margin}${after}`,
  ];
}

import { counted } from '../../diagnostics/counted.js';
import { describeUnpredicted } from '../prediction/check-found.js';
import type { MetricValues } from '../metrics/metric-set.js';
import { describeLoad } from '../pretrained/load-weights.js';
import { describeSummary } from '../data/describe-summary.js';
import { formatSeconds, progressBar } from '../progress-bar.js';
import type { TrainingEvent } from './events.js';

/** Four digits behind the point; `-` where there is nothing to measure. */
function formatValue(value: number | undefined): string {
  return value?.toFixed(4) ?? '-';
}

/** `dice 0.912, iou 0.843`. */
function formatMetrics(metrics: MetricValues): string {
  return [...metrics].map(([name, { mean }]) => `${name} ${formatValue(mean)}`).join(', ');
}

/** `dice 0.912, distance mae 0.041`: also those of heads with targets of their own. */
export function formatAllMetrics({
  metrics,
  targets,
}: Pick<Extract<TrainingEvent, { kind: 'epoch' }>, 'metrics' | 'targets'>): string {
  const own = [...targets].flatMap(([head, values]) =>
    [...values].map(([name, value]) => [`${head} ${name}`, value] as const),
  );
  return formatMetrics(new Map([...metrics, ...own]));
}

/** The loss that the validation loss compares with: of what is predicted, where there is more. */
function describeLoss({
  loss,
  predicted,
}: Extract<TrainingEvent, { kind: 'step' | 'epoch' }>): string {
  if (predicted === undefined) return `loss ${loss.toFixed(4)}`;
  return `loss of ${predicted.head} ${predicted.loss.toFixed(4)}`;
}

/**
 * The line that is redrawn in place while an epoch runs, at most `width`
 * columns; undefined for events that end a line.
 *
 * @param metric the latest validation, in words; empty before the first one.
 */
export function renderBar(event: TrainingEvent, metric: string, width: number): string | undefined {
  if (event.kind !== 'step' && event.kind !== 'validation') return undefined;
  const isStep = event.kind === 'step';
  const done = isStep ? event.batch / event.batches : event.image / event.images;
  return describeProgress(event, progressBar(done, isStep ? '#' : '='), metric).slice(0, width - 1);
}

/**
 * The line that is written now and then where nothing can be redrawn; undefined for events
 * that have lines of their own.
 *
 * @param metric as of the bar.
 */
export function renderProgress(event: TrainingEvent, metric: string): string | undefined {
  if (event.kind !== 'step' && event.kind !== 'validation') return undefined;
  const done = event.kind === 'step' ? `step ${event.batch}/${event.batches}` : undefined;
  return describeProgress(event, done, metric);
}

function describeProgress(
  event: Extract<TrainingEvent, { kind: 'step' | 'validation' }>,
  done: string | undefined,
  metric: string,
): string {
  const parts = [`epoch ${event.epoch}/${event.epochs}`, ...(done === undefined ? [] : [done])];
  if (event.kind === 'step') {
    parts.push(describeLoss(event));
    if (metric !== '') parts.push(metric);
    parts.push(`${event.imagesPerSecond.toFixed(1)} images/s`);
    parts.push(`${formatSeconds(event.secondsLeft)} left`);
  } else parts.push(`validating ${event.image}/${event.images}`);
  return parts.join('  ');
}

/** The lines that stay; none for events that leave nothing. */
export function renderLines(event: TrainingEvent): readonly string[] {
  switch (event.kind) {
    case 'weights':
      return [describeLoad(event.summary)];
    case 'data':
      return event.summaries.flatMap((summary) => {
        const [first = '', ...others] = describeSummary(summary, event.classes);
        return [first, ...others.map((line) => `  ${line}`)];
      });
    case 'start': {
      const from = event.step > 0 ? `going on after step ${event.step}` : 'from the start again';
      const resumed = event.isResumed ? `, ${from}` : '';
      return [
        `${counted(event.trainingImages, 'image')} to train on, ${event.validationImages} to validate; ` +
          `${counted(event.epochs, 'epoch')} of ${counted(event.batches, 'step')}; ` +
          `${event.parameters.toLocaleString('en')} parameters${resumed}`,
      ];
    }
    case 'epoch': {
      const best = event.isBest ? '  best so far' : '';
      const missed = describeUnpredicted(event.unpredicted, event.evaluated);
      const isAll = event.predicted?.loss.toFixed(4) === event.loss.toFixed(4);
      const all = event.predicted && !isAll ? `all losses ${event.loss.toFixed(4)}  ` : '';
      const unpredicted = missed === '' ? '' : `  never predicted: ${missed}`;
      return [
        `epoch ${event.epoch}/${event.epochs}  ${describeLoss(event)}  ` +
          `validation ${formatValue(event.validationLoss)}  ${formatAllMetrics(event)}  ${all}` +
          `${event.imagesPerSecond.toFixed(1)} images/s  ${formatSeconds(event.secondsLeft)} left${best}${unpredicted}`,
      ];
    }
    case 'measured':
      return [
        `epoch ${event.best}, the best so far, measured anew: ${event.metric} ${formatValue(event.value)} in place of ${formatValue(event.before)}`,
      ];
    case 'ended':
      return [
        `ended after epoch ${event.epoch} of ${event.epochs}: none was better than epoch ${event.best} for ${counted(event.epoch - event.best, 'epoch')}`,
      ];
    case 'stopped':
      return [`stopped in epoch ${event.epoch}, after step ${event.step}`];
    case 'step':
    case 'validation':
    case 'warnings':
      return [];
  }
}
